//! HTTP errors that nobody handles: an exception of Werkzeug's as the answer it stands for, without running it as the
//! WSGI application it also is. Whatever a program changed about its class, or handles, is left to Python.

use bytes::Bytes;
use pyo3::exceptions::PyBaseException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyInt, PyList, PyString, PyTuple, PyType};

use super::redirect;
use crate::engine::app::config::Config;
use crate::engine::app::lookup::{app_attribute, is_overridden};
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::app::steps::Step;
use crate::engine::ffi;
use crate::engine::headers::status::status_name;
use crate::engine::headers::text::latin1;
use crate::engine::message::outcome::{HTML, PlainResponse};
use crate::engine::message::raw_response::HeaderLines;
use crate::text::html::escaped;

/// What of an exception's class decides its answer.
const METHODS: [&str; 6] = [
    "__call__",
    "get_response",
    "get_body",
    "get_description",
    "get_headers",
    "name",
];

/// Werkzeug's exceptions as they were when `flask` was imported.
pub struct HttpErrorGuards {
    base: Py<PyType>,
    /// Missing form keys, whose text depends on the app's settings.
    key_error: Py<PyType>,
    methods: Vec<(Py<PyString>, Py<PyAny>)>,
    /// `MethodNotAllowed.get_headers` and `RequestRedirect.get_response`, which override the base's.
    allow_headers: Py<PyAny>,
    redirect_response: Py<PyAny>,
}

/// Arms the guards over the exceptions' own methods.
pub fn guards(py: Python<'_>) -> PyResult<&HttpErrorGuards> {
    static ORIGINALS: PyOnceLock<HttpErrorGuards> = PyOnceLock::new();
    ORIGINALS.get_or_try_init(py, || {
        let module = py.import("werkzeug.exceptions")?;
        let base = module.getattr("HTTPException")?.cast_into::<PyType>()?;
        let mut methods = Vec::with_capacity(METHODS.len());
        for name in METHODS {
            let name = PyString::intern(py, name);
            let own = base.getattr(&name)?;
            methods.push((name.unbind(), own.unbind()));
        }
        let redirect = py.import("werkzeug.routing")?.getattr("RequestRedirect")?;
        Ok(HttpErrorGuards {
            methods,
            key_error: module.getattr("BadRequestKeyError")?.cast_into::<PyType>()?.unbind(),
            allow_headers: module.getattr("MethodNotAllowed")?.getattr("get_headers")?.unbind(),
            redirect_response: redirect.getattr("get_response")?.unbind(),
            base: base.unbind(),
        })
    })
}

/// Whether `app.handle_user_exception(error)` would give the error itself: an HTTP error that is not trapped, with no
/// error handler registered anywhere.
pub fn is_the_answer(app: &Bound<'_, PyAny>, error: &Bound<'_, PyBaseException>) -> PyResult<bool> {
    let py = app.py();
    let own = guards(py)?;
    if !error.is_instance(own.base.bind(py))? || error.is_instance(own.key_error.bind(py))? {
        return Ok(false);
    }
    for step in [
        Step::HandleUserException,
        Step::HandleHttpException,
        Step::TrapHttpException,
        Step::FindErrorHandler,
    ] {
        if is_overridden(app, step)? {
            return Ok(false);
        }
    }
    let config = Config::of(app)?;
    for key in [
        intern!(py, "TRAP_HTTP_EXCEPTIONS"),
        intern!(py, "TRAP_BAD_REQUEST_ERRORS"),
    ] {
        if config.get_item(key)?.is_truthy()? {
            return Ok(false);
        }
    }
    has_no_handlers(&app_attribute(app, AppAttribute::ErrorHandlerSpec)?)
}

/// Whether the table of handlers (scope, then status, then class) has none in it.
fn has_no_handlers(spec: &Bound<'_, PyAny>) -> PyResult<bool> {
    for (_, by_status) in spec.cast::<PyDict>()?.iter() {
        for (_, by_class) in by_status.cast::<PyDict>()?.iter() {
            if by_class.is_truthy()? {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// What an exception's class adds to the common answer.
enum Form {
    Page,
    PageWithMethods,
    Redirect,
}

/// The form of an exception whose class and instance leave Werkzeug's methods as they are.
fn form(error: &Bound<'_, PyAny>) -> PyResult<Option<Form>> {
    let py = error.py();
    let own = guards(py)?;
    if !error.is_instance(own.base.bind(py))? {
        return Ok(None);
    }
    let (kind, attributes) = (error.get_type(), ffi::instance_dict(error)?);
    let mut form = Form::Page;
    for (name, original) in &own.methods {
        if attributes.contains(name)? {
            return Ok(None);
        }
        let found = kind.getattr(name)?;
        if found.is(original) {
            continue;
        }
        if found.is(&own.allow_headers) {
            form = Form::PageWithMethods;
        } else if found.is(&own.redirect_response) {
            form = Form::Redirect;
        } else {
            return Ok(None);
        }
    }
    Ok(Some(form))
}

/// The plain answer of an HTTP error; None where Python has to give it.
pub fn plain(error: &Bound<'_, PyAny>) -> PyResult<Option<PlainResponse>> {
    let py = error.py();
    let Some(form) = form(error)? else {
        return Ok(None);
    };
    let code = error.getattr(intern!(py, "code"))?;
    let code: Option<u16> = code.cast_exact::<PyInt>().ok().and_then(|n| n.extract().ok());
    let Some(status) = code.filter(|c| matches!(c, 300..=303 | 305..=308 | 400..=599)) else {
        return Ok(None);
    };
    if let Form::Redirect = form {
        let target = error.getattr(intern!(py, "new_url"))?;
        let Some(target) = redirect::target(&target) else {
            return Ok(None);
        };
        let Some(uri) = redirect::as_uri(&target)? else {
            return Ok(None);
        };
        let page = Bytes::from(redirect::page(target.to_str()?));
        let mut plain = PlainResponse::of_bytes(status, HTML, HeaderLines::new(), page);
        plain.headers.push((Bytes::from_static(b"Location"), uri));
        return Ok(Some(plain));
    }
    if !error.getattr(intern!(py, "response"))?.is_none() {
        return Ok(None);
    }
    let Some(body) = page(error, status)? else {
        return Ok(None);
    };
    let mut described = HeaderLines::new();
    if let Form::PageWithMethods = form {
        let methods = error.getattr(intern!(py, "valid_methods"))?;
        if !methods.is_none() {
            let Some(line) = allow(&methods)? else { return Ok(None) };
            described.extend(line);
        }
    }
    Ok(Some(PlainResponse::of_bytes(
        status,
        HTML,
        described,
        Bytes::from(body),
    )))
}

/// The page that Werkzeug shows for an error.
fn page(error: &Bound<'_, PyAny>, status: u16) -> PyResult<Option<String>> {
    let py = error.py();
    let Some(name) = status_name(py, status)? else {
        return Ok(None);
    };
    let description = error.getattr(intern!(py, "description"))?;
    let description = match description.cast_exact::<PyString>() {
        Ok(text) => match text.to_str() {
            Ok(text) => escaped(text).replace('\n', "<br>"),
            Err(_) => return Ok(None),
        },
        Err(_) if description.is_none() => String::new(),
        Err(_) => return Ok(None),
    };
    let name = escaped(&name);
    Ok(Some(format!(
        "<!doctype html>\n<html lang=en>\n<title>{status} {name}</title>\n<h1>{name}</h1>\n<p>{description}</p>\n"
    )))
}

/// The `Allow` line; none for an empty list, None where the methods are in another form than matching gives them.
fn allow(methods: &Bound<'_, PyAny>) -> PyResult<Option<HeaderLines>> {
    let py = methods.py();
    if !methods.is_exact_instance_of::<PyList>() && !methods.is_exact_instance_of::<PyTuple>() {
        return Ok(None);
    }
    if methods.len()? == 0 {
        return Ok(Some(HeaderLines::new()));
    }
    let joined = intern!(py, ", ").call_method1(intern!(py, "join"), (methods,))?;
    let joined = joined.cast::<PyString>()?.to_str()?;
    if joined.contains(['\r', '\n']) {
        return Ok(None);
    }
    let value = latin1(joined).ok();
    Ok(value.map(|value| vec![(Bytes::from_static(b"Allow"), value.into())]))
}
