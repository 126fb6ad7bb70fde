//! Which class a request object is made of, and making it: without an `__init__` for our class, by calling it for one
//! that has its own.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use super::base::RequestBase;
use super::state::RequestState;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::ffi;
use crate::engine::guard::class_guard::Pristine;

/// What must be unchanged on `flask.Request` for the core to read natively what its Python would.
const SEALED: [&str; 24] = [
    "__init__",
    "__new__",
    "__setattr__",
    "headers",
    "args",
    "cookies",
    "form",
    "stream",
    "get_data",
    "get_json",
    "is_json",
    "mimetype",
    "_load_form_data",
    "make_form_data_parser",
    "form_data_parser_class",
    "want_form_data_parsed",
    "_get_stream_for_parsing",
    "parameter_storage_class",
    "dict_storage_class",
    "max_content_length",
    "max_form_memory_size",
    "max_form_parts",
    "json_module",
    "close",
];

/// `flask.Request` as we ship it; sealed by the first call.
pub fn sealed(py: Python<'_>) -> PyResult<&Pristine> {
    static CORE: PyOnceLock<Pristine> = PyOnceLock::new();
    CORE.get_or_try_init(py, || {
        let request = py.import("flask.wrappers")?.getattr("Request")?.cast_into::<PyType>()?;
        Pristine::seal(&request, &SEALED)
    })
}

/// Whether a class is `flask.Request`, untouched.
pub fn is_core(kind: &Bound<'_, PyType>) -> PyResult<bool> {
    Ok(sealed(kind.py())?.holds(kind))
}

/// The request object for a state: made without an `__init__` for our class and subclasses that have none of their own,
/// else by calling the class with the environ, as stock does.
pub fn make<'py>(app: &Bound<'py, PyAny>, state: &Arc<RequestState>) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let kind = app_attribute(app, AppAttribute::RequestClass)?;
    let json = app_attribute(app, AppAttribute::Json)?;
    if let Ok(kind) = kind.cast::<PyType>()
        && (is_core(kind)? || inherits_init(kind)?)
    {
        let request = ffi::bare_instance::<RequestBase>(kind)?;
        let base = request.cast::<RequestBase>()?.get();
        base.take_state(py, Arc::clone(state));
        if let Some(environ) = state.environ_if_made(py) {
            environ.set_item(intern!(py, "werkzeug.request"), &request)?;
        }
        if is_core(kind)? {
            base.set_json_module(py, json.unbind());
        } else {
            request.setattr(intern!(py, "json_module"), json)?;
        }
        return Ok(request);
    }
    let request = kind.call1((state.environ(py)?,))?;
    if let Ok(base) = request.cast::<RequestBase>() {
        // What the class was made over is what matching and the view share.
        adopt(py, base.get(), state);
    }
    request.setattr(intern!(py, "json_module"), json)?;
    Ok(request)
}

/// Calls `request.close()`, which closes the files of a form; not even that if it is our own and there are none.
pub fn close(request: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = request.py();
    let name = intern!(py, "close");
    if is_core(&request.get_type())? {
        let own = ffi::instance_dict(request)?;
        if !own.contains(intern!(py, "files"))? && !own.contains(name)? {
            return Ok(());
        }
    }
    match request.getattr_opt(name)? {
        Some(close) if !close.is_none() => close.call0().map(drop),
        _ => Ok(()),
    }
}

/// Takes what was matched for the context's state over into the state that a request made for itself.
fn adopt(py: Python<'_>, request: &RequestBase, shared: &RequestState) {
    if let Some(own) = request.shared_state(py) {
        for (from, to) in [
            (&shared.url_rule, &own.url_rule),
            (&shared.view_args, &own.view_args),
            (&shared.routing_exception, &own.routing_exception),
        ] {
            to.set(py, from.get(py).map(Bound::unbind));
        }
    }
}

/// Whether a request class uses our `__init__` and `__new__`.
fn inherits_init(kind: &Bound<'_, PyType>) -> PyResult<bool> {
    let py = kind.py();
    if !kind.is_subclass_of::<RequestBase>()? {
        return Ok(false);
    }
    let base = PyType::new::<RequestBase>(py);
    for name in [intern!(py, "__init__"), intern!(py, "__new__")] {
        let (own, core) = (kind.getattr(name)?, base.getattr(name)?);
        if !own.is(&core) && !own.eq(&core)? {
            return Ok(false);
        }
    }
    Ok(true)
}
