//! The answer without a Response object: when nobody would see one, status, headers and body stay Rust values (law 3).

use bytes::Bytes;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyInt, PyList, PyString, PyTuple};

use super::{base, http_error, make_response, save_session};
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::app::steps::{Overridden, Step};
use crate::engine::hooks;
use crate::engine::hooks::signals::{self, Signal};
use crate::engine::json::provider;
use crate::engine::message::body_bytes::BodyBytes;
use crate::engine::message::outcome::{HTML, PlainResponse};
use crate::engine::message::raw_response::HeaderLines;
use crate::engine::request::context::RequestContext;

const JSON: &str = "application/json";

/// The plain answer for a returned value, or None when a Response object has to be made.
pub fn answer(
    app: &Bound<'_, PyAny>,
    context: &Bound<'_, RequestContext>,
    value: &Bound<'_, PyAny>,
    steps: Overridden,
) -> PyResult<Option<PlainResponse>> {
    if !could_be_plain(value) || !nobody_looks(app, context, steps)? {
        return Ok(None);
    }
    let Some(mut plain) = from_value(app, value)? else {
        return Ok(None);
    };
    Ok(save_session::into_plain(context, &mut plain)?.then_some(plain))
}

/// Whether the type of a value is one that may become a plain answer; decides nothing yet.
fn could_be_plain(value: &Bound<'_, PyAny>) -> bool {
    value.is_exact_instance_of::<PyString>()
        || value.is_exact_instance_of::<PyBytes>()
        || value.is_exact_instance_of::<PyDict>()
        || value.is_exact_instance_of::<PyList>()
        || value.cast_exact::<PyTuple>().is_ok_and(|tuple| tuple.len() == 2)
        || value.is_instance_of::<PyException>()
}

/// Text, bytes and JSON values, alone or with a plain status.
fn from_value(app: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<Option<PlainResponse>> {
    let (body, status) = match value.cast_exact::<PyTuple>() {
        Ok(_) => {
            let parts = make_response::parts(value)?;
            match parts.status.as_ref().and_then(plain_status) {
                Some(status) => (parts.body, status),
                None => return Ok(None),
            }
        }
        Err(_) => (value.clone(), 200),
    };
    if let Some(text) = body_of(&body) {
        return Ok(Some(PlainResponse::of_bytes(status, HTML, HeaderLines::new(), text)));
    }
    if body.is_exact_instance_of::<PyDict>() || body.is_exact_instance_of::<PyList>() {
        let written = provider::response_body(app, &body)?;
        return Ok(written.map(|text| PlainResponse::of_bytes(status, JSON, HeaderLines::new(), Bytes::from(text))));
    }
    // With a status of its own, the error is a response that the status is set on.
    if body.is(value) {
        http_error::plain(value)
    } else {
        Ok(None)
    }
}

/// The encoded body of exact text or bytes; None also for text that can't be encoded, whose error the Response class
/// raises.
fn body_of(value: &Bound<'_, PyAny>) -> Option<BodyBytes> {
    if let Ok(text) = value.cast_exact::<PyString>() {
        return BodyBytes::of_text(text);
    }
    value.cast_exact::<PyBytes>().ok().map(BodyBytes::of)
}

/// A status that frames like 200: an exact int that allows a body.
fn plain_status(status: &Bound<'_, PyAny>) -> Option<u16> {
    let number: u16 = status.cast_exact::<PyInt>().ok()?.extract().ok()?;
    matches!(number, 200..=203 | 206..=299 | 400..=499 | 500..=599).then_some(number)
}

/// Whether no after-hook, signal or overridden step wants a Response object.
pub fn nobody_looks(app: &Bound<'_, PyAny>, context: &Bound<'_, RequestContext>, steps: Overridden) -> PyResult<bool> {
    let py = app.py();
    let this = context.get();
    if steps.has(Step::FinalizeRequest)
        || steps.has(Step::MakeResponse)
        || steps.has(Step::ProcessResponse)
        || !base::is_core(&app_attribute(app, AppAttribute::ResponseClass)?)?
    {
        return Ok(false);
    }
    if this.after_functions(py).is_some_and(|f| f.is_truthy().unwrap_or(true)) {
        return Ok(false);
    }
    Ok(!hooks::any(app, AppAttribute::AfterRequestFuncs, this)? && !signals::is_awaited(app, Signal::RequestFinished)?)
}
