//! `dispatch_request`: the view, or the routing exception, or the automatic OPTIONS answer.
//!
//! It must not know hooks.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::engine::app::config;
use crate::engine::app::lookup::{app_attribute, is_overridden};
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::app::steps::Step;
use crate::engine::message::outcome::PlainResponse;
use crate::engine::request::context::RequestContext;
use crate::engine::{hooks, static_file};

/// The result of a view.
pub enum ViewResult<'py> {
    /// What `make_response` takes.
    Value(Bound<'py, PyAny>),
    /// The answer of a native view: a view whose function is ours.
    Plain(PlainResponse),
}

impl<'py> ViewResult<'py> {
    /// The result as Python code gets it.
    pub fn into_object(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Plain(plain) => plain.into_response(py),
        }
    }
}

/// The core's own `dispatch_request`: the view, or the routing exception, or the automatic OPTIONS answer.
pub fn dispatch<'py>(app: &Bound<'py, PyAny>, context: &Bound<'py, RequestContext>) -> PyResult<ViewResult<'py>> {
    let py = app.py();
    let this = context.get();
    if let Some(refused) = this.routing_exception(py)? {
        // In debug mode the method explains some redirects.
        let is_plain = !is_overridden(app, Step::RaiseRoutingException)? && !config::is_debugging(app)?;
        if is_plain {
            return Err(PyErr::from_value(refused));
        }
        return app
            .call_method1(intern!(py, "raise_routing_exception"), (this.request(py)?,))
            .map(ViewResult::Value);
    }
    let rule = this.url_rule(py)?.unwrap_or_else(|| py.None().into_bound(py));
    if this.is_options(py)?
        && let Some(automatic) = rule.getattr_opt(intern!(py, "provide_automatic_options"))?
        && automatic.is_truthy()?
    {
        return app
            .call_method0(intern!(py, "make_default_options_response"))
            .map(ViewResult::Value);
    }
    let endpoint = rule.getattr(intern!(py, "endpoint"))?;
    let view = app_attribute(app, AppAttribute::ViewFunctions)?.get_item(endpoint)?;
    match static_file::respond(app, context, &view)? {
        Some(plain) => Ok(ViewResult::Plain(plain)),
        None => call_view(app, context, &view).map(ViewResult::Value),
    }
}

fn call_view<'py>(
    app: &Bound<'py, PyAny>,
    context: &Bound<'py, RequestContext>,
    view: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let view = hooks::callable(app, view)?;
    let arguments = context.get().view_args(py)?;
    let arguments = arguments.unwrap_or_else(|| py.None().into_bound(py));
    let named = match arguments.cast::<PyDict>() {
        Ok(named) => named.clone(),
        Err(_) if arguments.hasattr(intern!(py, "keys"))? => {
            let named = PyDict::new(py);
            named.call_method1(intern!(py, "update"), (arguments,))?;
            named
        }
        Err(_) => return Err(no_mapping(&view, &arguments)?),
    };
    if named.is_empty() {
        return view.call0();
    }
    view.call(PyTuple::empty(py), Some(&named))
}

/// What Python raises for `view(**arguments)` with arguments that have no names; since 3.15 without the function's.
fn no_mapping(view: &Bound<'_, PyAny>, arguments: &Bound<'_, PyAny>) -> PyResult<PyErr> {
    let py = view.py();
    let value = match view.getattr_opt(intern!(py, "__qualname__"))? {
        _ if cfg!(Py_3_15) => "Value".to_owned(),
        Some(name) => format!("{}.{name}() argument", view.getattr(intern!(py, "__module__"))?),
        None => format!("{} argument", view.str()?),
    };
    let given = arguments.get_type().name()?;
    let message = format!("{value} after ** must be a mapping, not {given}");
    Ok(PyTypeError::new_err(message))
}
