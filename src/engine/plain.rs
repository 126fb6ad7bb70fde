//! The answer without a Response object: when nobody would see one, status, headers and body stay Rust values (law 3).

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyString, PyType};

use super::context::RequestContext;
use super::default_session::Lines;
use super::hooks;
use super::overrides::{Overridden, Step};
use super::pristine::Pristine;
use super::return_value;
use super::session;
use super::signals;

/// A finished answer in Rust.
pub struct Plain {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Bytes,
    /// What follows Content-Type and Content-Length: the session's lines.
    pub lines: Lines,
}

impl Plain {
    fn html(status: u16, body: Bytes) -> Self {
        Self { status, content_type: HTML, body, lines: Lines::new() }
    }
}

const HTML: &str = "text/html; charset=utf-8";

/// What must be unchanged on `flask.Response` for the core to know what it would have made.
const SEALED: [&str; 14] = [
    "__init__",
    "__new__",
    "__call__",
    "default_mimetype",
    "default_status",
    "automatically_set_content_length",
    "set_data",
    "get_wsgi_response",
    "get_wsgi_headers",
    "get_app_iter",
    "iter_encoded",
    "close",
    "force_type",
    "status",
];

/// Whether a response class is `flask.Response`, untouched.
pub fn is_core_response(kind: &Bound<'_, PyAny>) -> PyResult<bool> {
    static CORE: PyOnceLock<Pristine> = PyOnceLock::new();
    let py = kind.py();
    let sealed = CORE.get_or_try_init(py, || {
        let class = py.import("flask.wrappers")?.getattr("Response")?.cast_into::<PyType>()?;
        Pristine::seal(&class, &SEALED)
    })?;
    Ok(kind.cast::<PyType>().is_ok_and(|kind| sealed.holds(kind)))
}

/// The plain answer for a returned value, or None when a Response object has to be made.
pub fn answer(
    app: &Bound<'_, PyAny>,
    context: &Bound<'_, RequestContext>,
    value: &Bound<'_, PyAny>,
    steps: Overridden,
) -> PyResult<Option<Plain>> {
    let Some(mut plain) = from_value(value)? else { return Ok(None) };
    if !nobody_looks(app, context, steps)? {
        return Ok(None);
    }
    let Some(lines) = session::save_plain(context)? else { return Ok(None) };
    plain.lines = lines;
    Ok(Some(plain))
}

/// Text and bytes, alone or with a plain status.
fn from_value(value: &Bound<'_, PyAny>) -> PyResult<Option<Plain>> {
    if let Some(body) = body_of(value) {
        return Ok(Some(Plain::html(200, body)));
    }
    let Ok(tuple) = value.cast_exact::<pyo3::types::PyTuple>() else { return Ok(None) };
    if tuple.len() != 2 {
        return Ok(None);
    }
    let parts = return_value::parts(value)?;
    let Some(status) = parts.status.as_ref().and_then(plain_status) else { return Ok(None) };
    Ok(body_of(&parts.body).map(|body| Plain::html(status, body)))
}

/// The encoded body of exact text or bytes; None also for text that can't be encoded, whose error the Response class raises.
fn body_of(value: &Bound<'_, PyAny>) -> Option<Bytes> {
    if let Ok(text) = value.cast_exact::<PyString>() {
        return text.to_str().ok().map(|t| Bytes::copy_from_slice(t.as_bytes()));
    }
    value.cast_exact::<PyBytes>().ok().map(|b| Bytes::copy_from_slice(b.as_bytes()))
}

/// A status that frames like 200: an exact int that allows a body.
fn plain_status(status: &Bound<'_, PyAny>) -> Option<u16> {
    let number: u16 = status.cast_exact::<pyo3::types::PyInt>().ok()?.extract().ok()?;
    matches!(number, 200..=203 | 206..=299 | 400..=499 | 500..=599).then_some(number)
}

/// Whether no after-hook, signal or overridden step wants a Response object.
fn nobody_looks(app: &Bound<'_, PyAny>, context: &Bound<'_, RequestContext>, steps: Overridden) -> PyResult<bool> {
    let py = app.py();
    let this = context.get();
    if steps.has(Step::MakeResponse) || steps.has(Step::ProcessResponse) || !is_core_response(&app.getattr(intern!(py, "response_class"))?)? {
        return Ok(false);
    }
    if this.after_functions(py).is_some_and(|f| f.is_truthy().unwrap_or(true)) {
        return Ok(false);
    }
    Ok(!hooks::any(app, intern!(py, "after_request_funcs"), &this.state)?
        && signals::connected(py, intern!(py, "request_finished"))?.is_none())
}
