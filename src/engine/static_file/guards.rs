//! Whether everything between the `static` view and its answer is still what it was when `flask` was imported (law 4).

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyTuple, PyType};

use super::media_type;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::guard::{ClassGuard, ModuleGuard};
use crate::engine::request::context::RequestContext;
use crate::engine::response;

/// The methods of an app or a blueprint that serve a file.
const OWNER: [&str; 3] = ["send_static_file", "get_send_file_max_age", "static_folder"];

/// What of the response class is at work while a file's answer is made.
const RESPONSE: [&str; 18] = [
    "__init__",
    "__call__",
    "accept_ranges",
    "automatically_set_content_length",
    "cache_control",
    "content_length",
    "content_range",
    "expires",
    "get_app_iter",
    "get_wsgi_headers",
    "get_wsgi_response",
    "last_modified",
    "make_conditional",
    "set_etag",
    "status_code",
    "_is_range_request_processable",
    "_process_range_request",
    "_wrap_range_response",
];

/// The names that the functions on the way look up while they run, by module.
const MODULES: [(&str, &[&str]); 7] = [
    ("flask._serves_files", &["send_from_directory"]),
    ("flask.helpers", &["_prepare_send_file_kwargs", "werkzeug"]),
    (
        "werkzeug.utils",
        &[
            "send_from_directory",
            "send_file",
            "safe_join",
            "mimetypes",
            "get_content_type",
            "os",
            "time",
            "wrap_file",
        ],
    ),
    ("mimetypes", &["guess_type"]),
    ("time", &["time"]),
    ("os", &["stat"]),
    ("builtins", &["open"]),
];

/// The guards, and how a view of ours is recognised.
pub struct StaticGuards {
    owner: ClassGuard,
    response: ClassGuard,
    modules: Vec<ModuleGuard>,
    method: Py<PyType>,
    function: Py<PyType>,
    /// The function of a bound view, and the code of an app's own.
    send_static_file: Py<PyAny>,
    static_view: Py<PyAny>,
}

static GUARDS: PyOnceLock<StaticGuards> = PyOnceLock::new();

/// The guards; armed by the first call.
pub fn guards(py: Python<'_>) -> PyResult<&StaticGuards> {
    GUARDS.get_or_try_init(py, || {
        media_type::arm_guards(py)?;
        let class = |module: &str, name: &str| py.import(module)?.getattr(name);
        let files = class("flask._serves_files", "ServesFiles")?;
        let response = class("flask.wrappers", "Response")?.cast_into::<PyType>()?;
        let known: Vec<&str> = RESPONSE
            .into_iter()
            .filter(|name| response.hasattr(*name).unwrap_or(false))
            .collect();
        let mut modules = Vec::new();
        for (module, names) in MODULES {
            modules.push(ModuleGuard::arm(&py.import(module)?, names)?);
        }
        Ok(StaticGuards {
            owner: ClassGuard::with_subclasses(files.cast()?, &OWNER)?,
            response: ClassGuard::exact(&response, &known)?,
            modules,
            method: class("types", "MethodType")?.cast_into::<PyType>()?.unbind(),
            function: class("types", "FunctionType")?.cast_into::<PyType>()?.unbind(),
            send_static_file: files.getattr("send_static_file")?.unbind(),
            static_view: class("flask.app", "_static_view")?
                .call1((py.None(),))?
                .getattr(intern!(py, "__code__"))?
                .unbind(),
        })
    })
}

/// The app or blueprint whose files a view sends; None for any view but `send_static_file`.
pub fn owner_of<'py>(app: &Bound<'py, PyAny>, view: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = app.py();
    let guards = guards(py)?;
    let kind = view.get_type();
    if kind.is(&guards.method) {
        let ours = view.getattr(intern!(py, "__func__"))?.is(&guards.send_static_file);
        return ours.then(|| view.getattr(intern!(py, "__self__"))).transpose();
    }
    if !kind.is(&guards.function) || !view.getattr(intern!(py, "__code__"))?.is(&guards.static_view) {
        return Ok(None);
    }
    // Its one closed-over name is a weak reference to the app.
    let cells = view.getattr(intern!(py, "__closure__"))?.cast_into::<PyTuple>()?;
    let owner = cells.get_item(0)?.getattr(intern!(py, "cell_contents"))?.call0()?;
    Ok(owner.is(app).then_some(owner))
}

/// Whether nothing on the way from the view to the answer was overridden or replaced.
pub fn pass(app: &Bound<'_, PyAny>, owner: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = app.py();
    let guards = guards(py)?;
    // The app's method gives the age even when a blueprint has none.
    if !guards.owner.passes_for(app) || !(owner.is(app) || guards.owner.passes_for(owner)) {
        return Ok(false);
    }
    let response = app_attribute(app, AppAttribute::ResponseClass)?;
    if !response.cast::<PyType>().is_ok_and(|kind| guards.response.passes(kind)) {
        return Ok(false);
    }
    Ok(guards.modules.iter().all(|module| module.passes(py)))
}

/// Whether request and response are of the core's own kind, and nobody else wants to send the file.
pub fn is_usual(app: &Bound<'_, PyAny>, context: &Bound<'_, RequestContext>) -> PyResult<bool> {
    let py = app.py();
    let this = context.get();
    let method = &*this.state.head.method;
    if !matches!(method, "GET" | "HEAD")
        || !this.has_core_request(py)?
        || !response::is_core(&app_attribute(app, AppAttribute::ResponseClass)?)?
    {
        return Ok(false);
    }
    let Some(environ) = this.state.environ_if_made(py) else {
        return this.state.is_untouched_wire(py);
    };
    Ok(!environ.contains(intern!(py, "wsgi.file_wrapper"))?
        && environ
            .get_item(intern!(py, "REQUEST_METHOD"))?
            .is_some_and(|now| now.eq(method).unwrap_or(false)))
}
