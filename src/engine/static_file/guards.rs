//! Whether everything between the `static` view and its answer is still what it was when `flask` was imported (law 4).

use std::sync::atomic::{AtomicU64, Ordering};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};

use super::media_type;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::ffi;
use crate::engine::guard::class_guard::Pristine;
use crate::engine::guard::members::Members;
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

/// Names of a module, and what they stood for.
struct Globals {
    module: Py<PyDict>,
    values: Vec<(Py<PyString>, Py<PyAny>)>,
    /// The module's version when they were the same the last time.
    version: AtomicU64,
}

impl Globals {
    fn seal(module: &Bound<'_, PyDict>, names: &[&str]) -> PyResult<Self> {
        let mut values = Vec::with_capacity(names.len());
        for name in names {
            let name = PyString::intern(module.py(), name);
            // Another release may do without one of them.
            if let Some(value) = module.get_item(&name)? {
                values.push((name.unbind(), value.unbind()));
            }
        }
        Ok(Self {
            module: module.clone().unbind(),
            values,
            version: AtomicU64::new(0),
        })
    }

    fn hold(&self, py: Python<'_>) -> PyResult<bool> {
        let module = self.module.bind(py);
        let now = ffi::dict_version(module).unwrap_or(0);
        if now != 0 && now == self.version.load(Ordering::Relaxed) {
            return Ok(true);
        }
        for (name, value) in &self.values {
            if !module.get_item(name)?.is_some_and(|now| now.is(value)) {
                return Ok(false);
            }
        }
        self.version.store(now, Ordering::Relaxed);
        Ok(true)
    }
}

pub struct Sealed {
    owner: Members,
    response: Pristine,
    globals: Vec<Globals>,
    method: Py<PyType>,
    function: Py<PyType>,
    /// The function of a bound view, and the code of an app's own.
    send_static_file: Py<PyAny>,
    static_view: Py<PyAny>,
}

static SEALED: PyOnceLock<Sealed> = PyOnceLock::new();

/// All of it as we ship it; sealed by the first call.
pub fn sealed(py: Python<'_>) -> PyResult<&Sealed> {
    SEALED.get_or_try_init(py, || {
        media_type::seal(py)?;
        let class = |module: &str, name: &str| py.import(module)?.getattr(name);
        let files = class("flask._serves_files", "ServesFiles")?;
        let response = class("flask.wrappers", "Response")?.cast_into::<PyType>()?;
        let known: Vec<&str> = RESPONSE
            .into_iter()
            .filter(|name| response.hasattr(*name).unwrap_or(false))
            .collect();
        let mut globals = Vec::new();
        for (module, names) in MODULES {
            globals.push(Globals::seal(&py.import(module)?.dict(), names)?);
        }
        Ok(Sealed {
            owner: Members::seal(files.cast()?, &OWNER)?,
            response: Pristine::seal(&response, &known)?,
            globals,
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
    let sealed = sealed(py)?;
    let kind = view.get_type();
    if kind.is(&sealed.method) {
        let ours = view.getattr(intern!(py, "__func__"))?.is(&sealed.send_static_file);
        return ours.then(|| view.getattr(intern!(py, "__self__"))).transpose();
    }
    if !kind.is(&sealed.function) || !view.getattr(intern!(py, "__code__"))?.is(&sealed.static_view) {
        return Ok(None);
    }
    // Its one closed-over name is a weak reference to the app.
    let cells = view.getattr(intern!(py, "__closure__"))?.cast_into::<PyTuple>()?;
    let owner = cells.get_item(0)?.getattr(intern!(py, "cell_contents"))?.call0()?;
    Ok(owner.is(app).then_some(owner))
}

/// Whether nothing on the way from the view to the answer was overridden or replaced.
pub fn holds(app: &Bound<'_, PyAny>, owner: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = app.py();
    let sealed = sealed(py)?;
    // The app is asked for the age even when a blueprint has none.
    if !sealed.owner.kept_by(app)? || !(owner.is(app) || sealed.owner.kept_by(owner)?) {
        return Ok(false);
    }
    let response = app_attribute(app, AppAttribute::ResponseClass)?;
    if !response.cast::<PyType>().is_ok_and(|kind| sealed.response.holds(kind)) {
        return Ok(false);
    }
    for globals in &sealed.globals {
        if !globals.hold(py)? {
            return Ok(false);
        }
    }
    Ok(true)
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
