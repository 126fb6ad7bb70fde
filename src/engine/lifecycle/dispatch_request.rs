//! `dispatch_request`: the view, or the routing exception, or the automatic OPTIONS answer.
//!
//! It must not know hooks.

use crate::engine::app::config;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::lookup::is_overridden;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::app::steps::Step;
use crate::engine::hooks::{self};
use crate::engine::request::context::RequestContext;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// The core's own `dispatch_request`: the view, or the routing exception, or the automatic OPTIONS answer.
pub fn dispatch<'py>(app: &Bound<'py, PyAny>, context: &Bound<'py, RequestContext>) -> PyResult<Bound<'py, PyAny>> {
    match find_view(app, context)? {
        Found::View(view) => call_view(app, context, &view),
        Found::Value(value) => Ok(value),
    }
}

/// What a request has to be given to.
pub enum Found<'py> {
    View(Bound<'py, PyAny>),
    /// The automatic OPTIONS answer.
    Value(Bound<'py, PyAny>),
}

pub fn find_view<'py>(app: &Bound<'py, PyAny>, context: &Bound<'py, RequestContext>) -> PyResult<Found<'py>> {
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
    if state.head.method == "OPTIONS"
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

pub fn call_view<'py>(
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
