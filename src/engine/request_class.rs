//! Which class a request object is made of, and making it: without an `__init__` for our class, by calling it for one
//! that has its own.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyType};

use super::by_class::ByClass;
use super::ffi;
use super::mro::defined;
use super::outlook::{AppAttribute, app_attribute};
use super::pristine::Pristine;
use super::request::RequestBase;
use super::request_attribute::{Initial, Matched, RequestAttribute};
use super::state::RequestState;

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

/// What decides how a request is parsed and may be set on an instance.
const SHADOWED: [&str; 9] = [
    "get_data",
    "get_json",
    "make_form_data_parser",
    "form_data_parser_class",
    "parameter_storage_class",
    "dict_storage_class",
    "_load_form_data",
    "_get_stream_for_parsing",
    "_parsed_content_type",
];

/// Whether the core may parse for a request: it is of the core's own class, and nothing of it was replaced.
pub fn is_untouched(request: &Bound<'_, RequestBase>, values: &Bound<'_, PyDict>) -> PyResult<bool> {
    let py = request.py();
    if !is_core(&request.get_type())? || !request.get().is_as_received(py) {
        return Ok(false);
    }
    if values.is_empty() {
        return Ok(true);
    }
    for name in SHADOWED {
        if values.contains(PyString::intern(py, name))? {
            return Ok(false);
        }
    }
    Ok(true)
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
        let base = request.cast::<RequestBase>()?;
        base.get().bind(py);
        RequestBase::take_state(base, state)?;
        if let Some(environ) = state.environ_if_made(py) {
            environ.set_item(intern!(py, "werkzeug.request"), &request)?;
        }
        if is_core(kind)? {
            RequestBase::set_initial(base, Initial::JsonModule, &json)?;
        } else {
            request.setattr(intern!(py, "json_module"), json)?;
            if notices_attributes(&request.get_type())? {
                assign_later(&request, state)?;
            }
        }
        return Ok(request);
    }
    let request = kind.call1((state.environ(py)?,))?;
    if let Ok(base) = request.cast::<RequestBase>() {
        // What the class was made over is what matching and the view share.
        base.get().bind(py);
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

/// Sets what Flask sets on a request after it was made, on one that could notice.
fn assign_later(request: &Bound<'_, PyAny>, state: &RequestState) -> PyResult<()> {
    let py = request.py();
    let host = intern!(py, "host");
    // A host that is refused is not set.
    if let Ok(value) = request.getattr(host) {
        request.setattr(host, value)?;
    }
    for matched in Matched::ALL {
        if let Some(value) = matched.slot(state).get(py) {
            request.setattr(matched.name(py), value)?;
        }
    }
    Ok(())
}

/// Whether a request class could notice how an attribute is set that our `__init__` would set: it has an attribute of
/// this name, or a `__setattr__`, of its own.
pub fn notices_attributes(kind: &Bound<'_, PyType>) -> PyResult<bool> {
    static NOTICES: ByClass<bool> = ByClass::new();
    let find = || {
        let py = kind.py();
        for initial in Initial::ALL
            .into_iter()
            .filter(|initial| *initial != Initial::JsonModule)
        {
            if !defined(kind, initial.name(py))?.is_some_and(|found| found.is_instance_of::<RequestAttribute>()) {
                return Ok(true);
            }
        }
        let set = intern!(py, "__setattr__");
        Ok(!defined(kind, set)?.is_some_and(|own| own.is(py.get_type::<PyAny>().getattr(set).unwrap_or(own.clone()))))
    };
    NOTICES.of(kind, find, |notices| *notices)
}
