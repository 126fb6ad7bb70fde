//! One request from the first signal to the answer: before-hooks, the view, error handlers, the answer, after-hooks,
//! session. Each step is the application's own if it overrides it (law 4).

use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::answer::Answer;
use super::config;
use super::context::RequestContext;
use super::exchange::WireResponse;
use super::ffi;
use super::globals::outside_of_context;
use super::hooks;
use super::http_error;
use super::outlook::{AppAttribute, app_attribute, is_overridden, overridden};
use super::overrides::{Overridden, Step};
use super::plain;
use super::return_value;
use super::session;
use super::signals::{self, Signal};
use super::static_file;

/// The context the current thread serves, for the steps when Python calls them.
pub fn current_context(py: Python<'_>) -> PyResult<Bound<'_, RequestContext>> {
    RequestContext::current(py)?.ok_or_else(|| outside_of_context(py, "_no_req_msg"))
}

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

/// The core's own `preprocess_request`: URL value preprocessors, then before-hooks until one returns a value.
pub fn preprocess<'py>(
    app: &Bound<'py, PyAny>,
    context: &Bound<'py, RequestContext>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = app.py();
    let state = &context.get().state;
    hooks::each(app, AppAttribute::UrlValuePreprocessors, Some(state), |function| {
        let endpoint = match state.url_rule.get(py) {
            Some(rule) => Some(rule.getattr(intern!(py, "endpoint"))?),
            None => None,
        };
        function.call1((endpoint, state.view_args.get(py)))?;
        Ok(None::<()>)
    })?;
    hooks::each(app, AppAttribute::BeforeRequestFuncs, Some(state), |function| {
        Ok(Some(hooks::call0(app, function)?).filter(|v| !v.is_none()))
    })
}

/// The core's own `dispatch_request`: the view, or the routing exception, or the automatic OPTIONS answer.
pub fn dispatch<'py>(app: &Bound<'py, PyAny>, context: &Bound<'py, RequestContext>) -> PyResult<Bound<'py, PyAny>> {
    match find_view(app, context)? {
        Found::View(view) => call_view(app, context, &view),
        Found::Value(value) => Ok(value),
    }
}

/// What a request has to be given to.
enum Found<'py> {
    View(Bound<'py, PyAny>),
    /// The automatic OPTIONS answer.
    Value(Bound<'py, PyAny>),
}

fn find_view<'py>(app: &Bound<'py, PyAny>, context: &Bound<'py, RequestContext>) -> PyResult<Found<'py>> {
    let py = app.py();
    let this = context.get();
    let state = &this.state;
    if let Some(refused) = state.routing_exception.get(py) {
        // In debug mode the method explains some redirects.
        let is_plain = !is_overridden(app, Step::RaiseRoutingException)?
            && this.has_core_request(py)?
            && !config::is_debugging(app)?;
        if is_plain {
            return Err(PyErr::from_value(refused));
        }
        return app
            .call_method1(intern!(py, "raise_routing_exception"), (this.request(py)?,))
            .map(Found::Value);
    }
    let rule = state.url_rule.get(py).unwrap_or_else(|| py.None().into_bound(py));
    if asks_for_options(this, py)?
        && let Some(automatic) = rule.getattr_opt(intern!(py, "provide_automatic_options"))?
        && automatic.is_truthy()?
    {
        return app
            .call_method0(intern!(py, "make_default_options_response"))
            .map(Found::Value);
    }
    let endpoint = rule.getattr(intern!(py, "endpoint"))?;
    let view = app_attribute(app, AppAttribute::ViewFunctions)?.get_item(endpoint)?;
    Ok(Found::View(view))
}

/// Whether the method is OPTIONS, which somebody may have set on the request.
fn asks_for_options(context: &RequestContext, py: Python<'_>) -> PyResult<bool> {
    match context.request_if_made(py) {
        Some(request) => request.getattr(intern!(py, "method"))?.eq(intern!(py, "OPTIONS")),
        None => Ok(context.state.head.method == "OPTIONS"),
    }
}

fn call_view<'py>(
    app: &Bound<'py, PyAny>,
    context: &Bound<'py, RequestContext>,
    view: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let view = hooks::callable(app, view)?;
    match context.get().state.view_args.get(py) {
        Some(arguments) => {
            let arguments = arguments.cast_into::<PyDict>()?;
            if arguments.is_empty() {
                view.call0()
            } else {
                view.call(PyTuple::empty(py), Some(&arguments))
            }
        }
        None => view.call0(),
    }
}

/// Turns a returned value into the answer: as plain values when nobody wants to see a Response object, else through
/// `make_response`, after-hooks, session and signal.
fn finalize(
    app: &Bound<'_, PyAny>,
    context: &Bound<'_, RequestContext>,
    value: &Bound<'_, PyAny>,
    steps: Overridden,
) -> PyResult<Answer> {
    if steps.has(Step::FinalizeRequest) {
        return app
            .call_method1(intern!(app.py(), "finalize_request"), (value,))
            .map(|r| Answer::Response(r.unbind()));
    }
    if let Some(answer) = plain::answer(app, context, value, steps)? {
        return Ok(Answer::Plain(answer));
    }
    finalize_own(app, context, value, false).map(|r| Answer::Response(r.unbind()))
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
        return_value::to_response(app, Some(context), value)?
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
    hooks::each_reversed(app, AppAttribute::AfterRequestFuncs, &this.state, |function| {
        response = hooks::call1(app, function, Some(&response))?;
        Ok(())
    })?;
    session::save(context, &response)?;
    Ok(response)
}
