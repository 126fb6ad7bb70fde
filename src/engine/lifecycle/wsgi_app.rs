//! The door itself: one request, from a state to an emitted answer, whoever brought it (socket, WSGI server, test
//! client). Contexts are pushed before and popped after, whatever happens.

use std::sync::Arc;

use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;

use super::full_dispatch;
use crate::engine::app::lookup::is_overridden;
use crate::engine::app::steps::Step;
use crate::engine::context::vars::{cv_app, cv_request};
use crate::engine::ffi;
use crate::engine::message::outcome::Outcome;
use crate::engine::request::context::{RequestContext, current_context};
use crate::engine::request::state::RequestState;

/// Serves one request; `emit` turns the answer into what the caller needs while the contexts are still up.
pub fn request<R>(
    app: &Bound<'_, PyAny>,
    state: &Arc<RequestState>,
    emit: impl FnOnce(Outcome) -> PyResult<R>,
) -> PyResult<R> {
    let py = app.py();
    let context = make_context(app, state)?;
    let mut failure = None;
    let answered = match answer(app, &context) {
        Ok(answer) => Ok(answer),
        Err(error) if error.is_instance_of::<PyException>(py) => {
            let handled = ffi::while_handling(py, &error, || {
                app.call_method1(intern!(py, "handle_exception"), (error.value(py),))
            });
            failure = Some(error);
            handled.map(|r| Outcome::Response(r.unbind()))
        }
        Err(error) => {
            failure = Some(error.clone_ref(py));
            Err(error)
        }
    };
    let emitted = answered.and_then(emit);
    preserve_for_debugger(py, state)?;
    let failure = match failure {
        Some(error) if !ignored(app, &error)? => Some(error.value(py).as_any().clone()),
        _ => None,
    };
    pop(&context, failure)?;
    emitted
}

fn make_context<'py>(app: &Bound<'py, PyAny>, state: &Arc<RequestState>) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    if is_overridden(app, Step::RequestContext)? {
        return app.call_method1(intern!(py, "request_context"), (state.environ(py)?,));
    }
    Ok(Bound::new(py, RequestContext::over(app, Arc::clone(state))?)?.into_any())
}

fn answer(app: &Bound<'_, PyAny>, context: &Bound<'_, PyAny>) -> PyResult<Outcome> {
    let py = app.py();
    if let Ok(own) = context.cast_exact::<RequestContext>() {
        RequestContext::bind(own)?;
        return full_dispatch::full(app, own);
    }
    context.call_method0(intern!(py, "push"))?;
    full_dispatch::full(app, &current_context(py)?)
}

fn pop<'py>(context: &Bound<'py, PyAny>, error: Option<Bound<'py, PyAny>>) -> PyResult<()> {
    match context.cast_exact::<RequestContext>() {
        Ok(own) => RequestContext::unbind(own, error),
        Err(_) => context.call_method1(intern!(context.py(), "pop"), (error,)).map(drop),
    }
}

fn ignored(app: &Bound<'_, PyAny>, error: &PyErr) -> PyResult<bool> {
    let py = app.py();
    app.call_method1(intern!(py, "should_ignore_error"), (error.value(py),))?
        .is_truthy()
}

/// The debugger and the test client ask to keep the contexts; they put a callable into the environ for it.
fn preserve_for_debugger(py: Python<'_>, state: &RequestState) -> PyResult<()> {
    let Some(preserve) = state.preserver(py)? else {
        return Ok(());
    };
    for current in [cv_app(py).get(py), cv_request(py).get(py)].into_iter().flatten() {
        preserve.call1((current,))?;
    }
    Ok(())
}
