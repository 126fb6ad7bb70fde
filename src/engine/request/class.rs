//! Which class a request object is made of, and making it: without an `__init__` for our class and for subclasses that
//! leave alone what the engine reads, by calling any other.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyType};

use super::attributes::Initial;
use super::base::RequestBase;
use super::state::RequestState;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::ffi;
use crate::engine::guard::ClassGuard;

/// What must be unchanged on `flask.Request` for the core to read natively what its Python would.
const OWN: [&str; 24] = [
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

/// How Werkzeug's `__init__` sets attributes, and which.
const SET: [&str; 12] = [
    "__setattr__",
    "method",
    "scheme",
    "server",
    "root_path",
    "path",
    "query_string",
    "headers",
    "remote_addr",
    "environ",
    "shallow",
    "json_module",
];

/// What else the engine reads from the state in place of the request object, or leaves out when it makes one.
const READ: [&str; 12] = [
    "__init__",
    "__new__",
    "__getattribute__",
    "url_rule",
    "view_args",
    "routing_exception",
    "endpoint",
    "blueprint",
    "blueprints",
    "cookies",
    "host",
    "trusted_hosts",
];

/// The guard over `flask.Request` itself.
pub fn guard(py: Python<'_>) -> PyResult<&ClassGuard> {
    static CORE: PyOnceLock<ClassGuard> = PyOnceLock::new();
    CORE.get_or_try_init(py, || {
        let request = py.import("flask.wrappers")?.getattr("Request")?.cast_into::<PyType>()?;
        ClassGuard::exact(&request, &OWN)
    })
}

/// Whether a class is `flask.Request`, untouched.
pub fn is_core(kind: &Bound<'_, PyType>) -> PyResult<bool> {
    Ok(guard(kind.py())?.passes(kind))
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

/// The guards that decide how a request of a subclass is made and read.
pub struct SubclassGuards {
    /// Those of `SET`.
    pub set: ClassGuard,
    /// Those of `SET` and of `READ`.
    all: ClassGuard,
}

/// The guards over `flask.Request` and its subclasses.
pub fn subclass_guards(py: Python<'_>) -> PyResult<&SubclassGuards> {
    static GUARDS: PyOnceLock<SubclassGuards> = PyOnceLock::new();
    GUARDS.get_or_try_init(py, || {
        let request = py.import("flask.wrappers")?.getattr("Request")?.cast_into::<PyType>()?;
        Ok(SubclassGuards {
            set: ClassGuard::with_subclasses(&request, &SET)?,
            all: ClassGuard::with_subclasses(&request, &[&SET[..], &READ[..]].concat())?,
        })
    })
}

/// A class whose objects, made by `make`, show what stands in their state wherever the engine looks; None for any other.
/// One of another metaclass may be called in its own way.
pub fn showing_state<'a, 'py>(class: &'a Bound<'py, PyAny>) -> PyResult<Option<&'a Bound<'py, PyType>>> {
    let Ok(class) = class.cast_exact::<PyType>() else {
        return Ok(None);
    };
    let shows = class.is_subclass_of::<RequestBase>()? && subclass_guards(class.py())?.all.passes(class);
    Ok(shows.then_some(class))
}

/// The request object over a state, without an `__init__`, of a class whose objects show it.
pub fn make<'py>(
    app: &Bound<'py, PyAny>,
    class: &Bound<'py, PyType>,
    state: &Arc<RequestState>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let json = app_attribute(app, AppAttribute::Json)?;
    let request = ffi::bare_instance::<RequestBase>(class)?;
    let base = request.cast::<RequestBase>()?;
    base.get().bind(py);
    base.get().take_state(py, Arc::clone(state));
    if let Some(environ) = state.environ_if_made(py) {
        environ.set_item(intern!(py, "werkzeug.request"), &request)?;
    }
    if is_core(class)? {
        RequestBase::put_initial(base, Initial::JsonModule, &json)?;
    } else {
        request.setattr(intern!(py, "json_module"), json)?;
    }
    Ok(request)
}

/// The request object of any other class: what calling it with the environ gives.
pub fn call<'py>(
    app: &Bound<'py, PyAny>,
    class: &Bound<'py, PyAny>,
    environ: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let request = class.call1((environ,))?;
    if let Ok(base) = request.cast::<RequestBase>() {
        base.get().bind(py);
    }
    request.setattr(intern!(py, "json_module"), app_attribute(app, AppAttribute::Json)?)?;
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
