//! `finalize_request` and `process_response`: what a view returned becomes the answer; after-hooks, session, signal.
//!
//! It must not know how a view runs.

use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;

use super::dispatch_request::ViewResult;
use crate::engine::app::lookup::overridden;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::app::steps::{Overridden, Step};
use crate::engine::ffi;
use crate::engine::hooks;
use crate::engine::hooks::signals::{self, Signal};
use crate::engine::message::outcome::Outcome;
use crate::engine::request::context::RequestContext;
use crate::engine::response::{fast_path, make_response, save_session};

/// Turns a view's result into the answer: plain values when nobody wants to see a Response object, else through
/// `make_response`, after-hooks, session and signal.
pub fn finalize<'py>(
    app: &Bound<'py, PyAny>,
    context: &Bound<'py, RequestContext>,
    result: ViewResult<'py>,
    steps: Overridden,
) -> PyResult<Outcome> {
    let py = app.py();
    let value = match result {
        ViewResult::Plain(mut plain) => {
            if fast_path::nobody_looks(app, context, steps)? && save_session::into_plain(context, &mut plain)? {
                return Ok(Outcome::Plain(plain));
            }
            plain.into_response(py)?
        }
        ViewResult::Value(value) => match fast_path::answer(app, context, &value, steps)? {
            Some(plain) => return Ok(Outcome::Plain(plain)),
            None => value,
        },
    };
    let response = if steps.has(Step::FinalizeRequest) {
        app.call_method1(intern!(py, "finalize_request"), (value,))?
    } else {
        finalize_own(app, context, &value, false)?
    };
    Ok(Outcome::Response(response.unbind()))
}

/// The core's own `finalize_request`.
pub fn finalize_own<'py>(
    app: &Bound<'py, PyAny>,
    context: &Bound<'py, RequestContext>,
    value: &Bound<'py, PyAny>,
    from_error_handler: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let steps = overridden(app)?;
    let mut response = if steps.has(Step::MakeResponse) {
        app.call_method1(intern!(py, "make_response"), (value,))?
    } else {
        make_response::to_response(app, Some(context), value)?
    };
    let processed = if steps.has(Step::ProcessResponse) {
        app.call_method1(intern!(py, "process_response"), (&response,))
    } else {
        process(app, context, &response)
    };
    let finished = processed.and_then(|processed| {
        response = processed;
        signals::send(app, Signal::RequestFinished, &[("response", &response)])
    });
    match finished {
        Err(error) if from_error_handler && error.is_instance_of::<PyException>(py) => {
            ffi::while_handling(py, &error, || {
                let message = "Request finalizing failed with an error while handling an error";
                app.getattr(intern!(py, "logger"))?
                    .call_method1(intern!(py, "exception"), (message,))
                    .map(drop)
            })?;
        }
        other => other?,
    }
    Ok(response)
}

/// The core's own `process_response`: `after_this_request` functions, after-hooks from the inside out, then the
/// session.
pub fn process<'py>(
    app: &Bound<'py, PyAny>,
    context: &Bound<'py, RequestContext>,
    response: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let this = context.get();
    let mut response = response.clone();
    if let Some(functions) = this.after_functions(py) {
        for function in functions.try_iter()? {
            response = hooks::call1(app, &function?, Some(&response))?;
        }
    }
    hooks::each_reversed(app, AppAttribute::AfterRequestFuncs, this, |function| {
        response = hooks::call1(app, function, Some(&response))?;
        Ok(())
    })?;
    save_session::into_response(context, &response)?;
    Ok(response)
}
