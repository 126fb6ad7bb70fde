//! One request from the first signal to the answer: before-hooks, the view, error handlers, the answer, after-hooks,
//! session. Each step is the application's own if it overrides it (law 4).

use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;

use super::dispatch_request::{ViewResult, dispatch};
use super::finalize::finalize;
use super::preprocess::preprocess;
use crate::engine::app::lookup::{app_attribute, overridden};
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::app::steps::{Overridden, Step};
use crate::engine::ffi;
use crate::engine::hooks::signals::{self, Signal};
use crate::engine::message::outcome::Outcome;
use crate::engine::request::context::RequestContext;
use crate::engine::response::http_error;

/// `app.full_dispatch_request()`: everything between the pushed context and the answer.
pub fn full(app: &Bound<'_, PyAny>, context: &Bound<'_, RequestContext>) -> PyResult<Outcome> {
    let py = app.py();
    let steps = overridden(app)?;
    if steps.has(Step::FullDispatchRequest) {
        return app
            .call_method0(intern!(py, "full_dispatch_request"))
            .map(|r| Outcome::Response(r.unbind()));
    }
    full_own(app, context, steps)
}

/// The core's own `full_dispatch_request`.
pub fn full_own(app: &Bound<'_, PyAny>, context: &Bound<'_, RequestContext>, steps: Overridden) -> PyResult<Outcome> {
    let py = app.py();
    if !app_attribute(app, AppAttribute::GotFirstRequest)?.is_truthy()? {
        app.setattr(intern!(py, "_got_first_request"), true)?;
    }
    let result = match hooks_and_view(app, context, steps) {
        Err(error) if error.is_instance_of::<PyException>(py) => ViewResult::Value(handle_user_exception(app, &error)?),
        other => other?,
    };
    finalize(app, context, result, steps)
}

/// Runs the before-hooks and the view.
fn hooks_and_view<'py>(
    app: &Bound<'py, PyAny>,
    context: &Bound<'py, RequestContext>,
    steps: Overridden,
) -> PyResult<ViewResult<'py>> {
    let py = app.py();
    signals::send(app, Signal::RequestStarted, &[])?;
    let early = if steps.has(Step::PreprocessRequest) {
        Some(app.call_method0(intern!(py, "preprocess_request"))?).filter(|v| !v.is_none())
    } else {
        preprocess(app, context)?
    };
    if let Some(value) = early {
        return Ok(ViewResult::Value(value));
    }
    if steps.has(Step::DispatchRequest) {
        return app.call_method0(intern!(py, "dispatch_request")).map(ViewResult::Value);
    }
    dispatch(app, context)
}

/// Runs the app's `handle_user_exception` with the exception as the one being handled.
fn handle_user_exception<'py>(app: &Bound<'py, PyAny>, error: &PyErr) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    if http_error::is_the_answer(app, error.value(py))? {
        return Ok(error.value(py).as_any().clone());
    }
    ffi::while_handling(py, error, || {
        app.call_method1(intern!(py, "handle_user_exception"), (error.value(py),))
    })
}
