//! One request from the first signal to the answer: before-hooks, the view, error handlers, the answer, after-hooks,
//! session. Each step is the application's own if it overrides it (law 4).

use super::dispatch_request::Found;
use super::dispatch_request::call_view;
use super::dispatch_request::find_view;
use super::finalize::finalize;
use super::preprocess::preprocess;
use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;

use crate::engine::app::lookup::app_attribute;
use crate::engine::app::lookup::overridden;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::app::steps::{Overridden, Step};
use crate::engine::ffi;
use crate::engine::hooks::signals;
use crate::engine::hooks::signals::Signal;
use crate::engine::message::outcome::Answer;
use crate::engine::message::raw_response::WireResponse;
use crate::engine::request::context::RequestContext;
use crate::engine::response::http_error;
use crate::engine::static_file;

/// `app.full_dispatch_request()`: everything between the pushed context and the answer.
pub fn full(app: &Bound<'_, PyAny>, context: &Bound<'_, RequestContext>) -> PyResult<Answer> {
    let py = app.py();
    let steps = overridden(app)?;
    if steps.has(Step::FullDispatchRequest) {
        return app
            .call_method0(intern!(py, "full_dispatch_request"))
            .map(|r| Answer::Response(r.unbind()));
    }
    full_with(app, context, steps, &|view| {
        static_file::answer(app, context, view, steps)
    })
}

/// The core's own `full_dispatch_request`, for Python that has called it.
pub fn full_own(app: &Bound<'_, PyAny>, context: &Bound<'_, RequestContext>, steps: Overridden) -> PyResult<Answer> {
    full_with(app, context, steps, &|_| Ok(None))
}

/// A native way to what a view would answer.
type InsteadOfView<'a, 'py> = &'a dyn Fn(&Bound<'py, PyAny>) -> PyResult<Option<WireResponse>>;

fn full_with<'py>(
    app: &Bound<'py, PyAny>,
    context: &Bound<'py, RequestContext>,
    steps: Overridden,
    instead: InsteadOfView<'_, 'py>,
) -> PyResult<Answer> {
    let py = app.py();
    if !app_attribute(app, AppAttribute::GotFirstRequest)?.is_truthy()? {
        app.setattr(intern!(py, "_got_first_request"), true)?;
    }
    let value = match returned(app, context, steps, instead) {
        Ok(Returned::Value(value)) => value,
        Ok(Returned::File(answer)) => return Ok(Answer::File(answer)),
        Err(error) if error.is_instance_of::<PyException>(py) => handle_user_exception(app, &error)?,
        Err(error) => return Err(error),
    };
    finalize(app, context, &value, steps)
}

/// What came of hooks and view.
enum Returned<'py> {
    Value(Bound<'py, PyAny>),
    /// The answer itself: the view was not needed.
    File(WireResponse),
}

/// Runs the hooks and the view.
fn returned<'py>(
    app: &Bound<'py, PyAny>,
    context: &Bound<'py, RequestContext>,
    steps: Overridden,
    instead: InsteadOfView<'_, 'py>,
) -> PyResult<Returned<'py>> {
    let py = app.py();
    signals::send(app, Signal::RequestStarted, &[])?;
    let early = if steps.has(Step::PreprocessRequest) {
        Some(app.call_method0(intern!(py, "preprocess_request"))?).filter(|v| !v.is_none())
    } else {
        preprocess(app, context)?
    };
    if let Some(value) = early {
        return Ok(Returned::Value(value));
    }
    if steps.has(Step::DispatchRequest) {
        return app.call_method0(intern!(py, "dispatch_request")).map(Returned::Value);
    }
    let view = match find_view(app, context)? {
        Found::View(view) => view,
        Found::Value(value) => return Ok(Returned::Value(value)),
    };
    match instead(&view)? {
        Some(answer) => Ok(Returned::File(answer)),
        None => call_view(app, context, &view).map(Returned::Value),
    }
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
