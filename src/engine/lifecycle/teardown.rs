//! The end of a request and of an application context: the functions registered for it, in reverse order, then the
//! signal.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::engine::app::lookup::{app_attribute, is_overridden};
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::app::steps::Step;
use crate::engine::hooks;
use crate::engine::hooks::signals::{self, Signal};
use crate::engine::request;
use crate::engine::request::context::RequestContext;

/// Runs a request's teardown, through `app.do_teardown_request` if that is overridden, and closes the request's files.
pub fn request(context: &Bound<'_, RequestContext>, error: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
    let py = context.py();
    let app = context.get().app(py);
    if is_overridden(app, Step::DoTeardownRequest)? {
        app.call_method1(intern!(py, "do_teardown_request"), (error,))?;
    } else {
        request_functions(app, context.get(), error)?;
    }
    context.get().request_if_made(py).map_or(Ok(()), |r| request::close(&r))
}

/// The core's own `do_teardown_request`.
pub fn request_functions(
    app: &Bound<'_, PyAny>,
    context: &RequestContext,
    error: Option<&Bound<'_, PyAny>>,
) -> PyResult<()> {
    hooks::each_reversed(app, AppAttribute::TeardownRequestFuncs, context, |function| {
        hooks::call1(app, function, error).map(|_| ())
    })?;
    signal(app, Signal::RequestTearingDown, error)
}

/// Runs an application context's teardown, through `app.do_teardown_appcontext` if that is overridden.
pub fn app_context(app: &Bound<'_, PyAny>, error: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
    if is_overridden(app, Step::DoTeardownAppcontext)? {
        return app
            .call_method1(intern!(app.py(), "do_teardown_appcontext"), (error,))
            .map(drop);
    }
    app_context_functions(app, error)
}

/// The core's own `do_teardown_appcontext`.
pub fn app_context_functions(app: &Bound<'_, PyAny>, error: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
    let functions = app_attribute(app, AppAttribute::TeardownAppcontextFuncs)?;
    for function in hooks::reversed(functions.cast::<PyList>()?) {
        hooks::call1(app, &function, error)?;
    }
    signal(app, Signal::AppcontextTearingDown, error)
}

fn signal(app: &Bound<'_, PyAny>, which: Signal, error: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
    let none = app.py().None().into_bound(app.py());
    signals::send(app, which, &[("exc", error.unwrap_or(&none))])
}
