//! The native half of `flask.Response.__init__`: fills plain responses in, and leaves the rest to Werkzeug. It is a
//! function and not a base class, because `force_type` and others assign `__class__` between Werkzeug's responses and
//! ours: their layouts must be the same.

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyInt, PyList, PyString, PyTuple, PyType};

use crate::engine::ffi;
use crate::engine::guard::ClassGuard;
use crate::engine::headers::status::reason;
use crate::engine::headers::text::wsgi_text;

/// What must be unchanged on `flask.Response` for the core to know what Werkzeug's code would have made of it.
const SEALED: [&str; 21] = [
    "__init__",
    "__new__",
    "__call__",
    "autocorrect_location_header",
    "automatically_set_content_length",
    "calculate_content_length",
    "close",
    "default_mimetype",
    "default_status",
    "force_type",
    "get_app_iter",
    "get_wsgi_headers",
    "get_wsgi_response",
    "is_sequence",
    "iter_encoded",
    "max_cookie_size",
    "response",
    "set_data",
    "status",
    "status_code",
    "_clean_status",
];

/// The guard over `flask.Response`.
pub fn guard(py: Python<'_>) -> PyResult<&ClassGuard> {
    static CORE: PyOnceLock<ClassGuard> = PyOnceLock::new();
    CORE.get_or_try_init(py, || {
        let class = py
            .import("flask.wrappers")?
            .getattr("Response")?
            .cast_into::<PyType>()?;
        let known: Vec<&str> = SEALED
            .into_iter()
            .filter(|name| class.hasattr(*name).unwrap_or(false))
            .collect();
        ClassGuard::exact(&class, &known)
    })
}

/// Whether a response class is `flask.Response`, untouched.
pub fn is_core(kind: &Bound<'_, PyAny>) -> PyResult<bool> {
    let guard = guard(kind.py())?;
    Ok(kind.cast::<PyType>().is_ok_and(|kind| guard.passes(kind)))
}

/// Whether an instance has something of its own where the core relies on the class.
pub fn is_shadowed(attributes: &Bound<'_, PyDict>) -> PyResult<bool> {
    // Six attributes are what `__init__` sets.
    if attributes.len() <= 6 {
        return Ok(false);
    }
    let py = attributes.py();
    Ok(guard(py)?.is_shadowed_in(attributes, Some(intern!(py, "response"))))
}

/// The arguments of `Response(…)`.
#[derive(Default)]
pub struct ResponseArguments<'py> {
    pub response: Option<Bound<'py, PyAny>>,
    pub status: Option<Bound<'py, PyAny>>,
    pub headers: Option<Bound<'py, PyAny>>,
    pub mimetype: Option<Bound<'py, PyAny>>,
    pub content_type: Option<Bound<'py, PyAny>>,
    pub direct_passthrough: bool,
}

/// What `class(…)` gives, made here. None when the class is not `flask.Response` itself, or Werkzeug has to fill it in.
pub fn make<'py>(class: &Bound<'py, PyAny>, arguments: &ResponseArguments<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
    if !is_core(class)? {
        return Ok(None);
    }
    let made = ffi::bare_object(class.cast::<PyType>()?)?;
    Ok(fill(&made, arguments)?.then_some(made))
}

/// Fills a response in as Werkzeug's `__init__` would with these arguments. False: call that instead.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "the arguments are Werkzeug's")]
pub fn fill_response<'py>(
    this: &Bound<'py, PyAny>,
    response: Option<Bound<'py, PyAny>>,
    status: Option<Bound<'py, PyAny>>,
    headers: Option<Bound<'py, PyAny>>,
    mimetype: Option<Bound<'py, PyAny>>,
    content_type: Option<Bound<'py, PyAny>>,
    direct_passthrough: bool,
) -> PyResult<bool> {
    if !is_core(this.get_type().as_any())? {
        return Ok(false);
    }
    fill(
        this,
        &ResponseArguments {
            response,
            status,
            headers,
            mimetype,
            content_type,
            direct_passthrough,
        },
    )
}

/// Sets the attributes of a plain response: text or bytes or nothing, a number or no status, headers of plain text.
/// False when Werkzeug's `__init__` has to do it.
fn fill(response: &Bound<'_, PyAny>, arguments: &ResponseArguments<'_>) -> PyResult<bool> {
    let py = response.py();
    if arguments.direct_passthrough {
        return Ok(false);
    }
    let Some(listed) = given_headers(py, arguments.headers.as_ref())? else {
        return Ok(false);
    };
    let body = match arguments.response.as_ref() {
        None => None,
        Some(given) => match encoded(given) {
            Some(bytes) => Some(bytes),
            None => return Ok(false),
        },
    };
    let Some((status, number)) = status_of(py, arguments.status.as_ref())? else {
        return Ok(false);
    };
    let content_type = match &arguments.content_type {
        Some(given) if given.is_exact_instance_of::<PyString>() => given.clone(),
        Some(_) => return Ok(false),
        None => match content_type_of(response, arguments.mimetype.as_ref())? {
            Some(made) => made,
            None => return Ok(false),
        },
    };
    if !content_type
        .cast::<PyString>()?
        .to_str()
        .is_ok_and(|text| !text.contains(['\r', '\n']))
    {
        return Ok(false);
    }
    listed.append(PyTuple::new(py, [intern!(py, "Content-Type").as_any(), &content_type])?)?;
    let chunks = PyList::empty(py);
    if let Some(body) = body {
        let length = PyString::new(py, itoa::Buffer::new().format(body.as_bytes().len()));
        listed.append(PyTuple::new(
            py,
            [intern!(py, "Content-Length").as_any(), length.as_any()],
        )?)?;
        chunks.append(body)?;
    }
    let attributes = ffi::instance_dict(response)?;
    attributes.set_item(intern!(py, "headers"), headers_over(&listed)?)?;
    attributes.set_item(intern!(py, "_status"), status)?;
    attributes.set_item(intern!(py, "_status_code"), number)?;
    attributes.set_item(intern!(py, "direct_passthrough"), false)?;
    attributes.set_item(intern!(py, "_on_close"), PyList::empty(py))?;
    attributes.set_item(intern!(py, "response"), chunks)?;
    Ok(true)
}

/// A response of the core's own class with these lines and this body, which may be one to be passed through as it is.
pub fn with_body<'py>(
    py: Python<'py>,
    status: u16,
    lines: &[(Bytes, Bytes)],
    body: &Bound<'py, PyAny>,
    passed_through: bool,
) -> PyResult<Bound<'py, PyAny>> {
    let kind = guard(py)?.class(py);
    let response = kind.call_method1(intern!(py, "__new__"), (kind,))?;
    let listed = PyList::empty(py);
    for (name, value) in lines {
        listed.append((wsgi_text(py, name), wsgi_text(py, value)))?;
    }
    let attributes = ffi::instance_dict(&response)?;
    attributes.set_item(intern!(py, "headers"), headers_over(&listed)?)?;
    attributes.set_item(intern!(py, "_status"), format!("{status} {}", reason(py, status)?))?;
    attributes.set_item(intern!(py, "_status_code"), status)?;
    attributes.set_item(intern!(py, "direct_passthrough"), passed_through)?;
    attributes.set_item(intern!(py, "_on_close"), PyList::empty(py))?;
    attributes.set_item(intern!(py, "response"), body)?;
    Ok(response)
}

/// The headers given to a new response as a list of its own: none, or a dict or list of plain text. None where Werkzeug
/// has to read them, or where they say what the response says itself.
fn given_headers<'py>(py: Python<'py>, given: Option<&Bound<'py, PyAny>>) -> PyResult<Option<Bound<'py, PyList>>> {
    let listed = PyList::empty(py);
    let Some(given) = given else { return Ok(Some(listed)) };
    let pairs = match given.cast_exact::<PyDict>() {
        Ok(dict) => dict.items(),
        Err(_) if given.is_exact_instance_of::<PyList>() => given.cast::<PyList>()?.clone(),
        Err(_) => return Ok(None),
    };
    for pair in pairs.iter() {
        let Ok(pair) = pair.cast_exact::<PyTuple>().cloned() else {
            return Ok(None);
        };
        if pair.len() != 2 || !is_header_of_its_own(&pair.get_item(0)?, &pair.get_item(1)?) {
            return Ok(None);
        }
        listed.append(pair)?;
    }
    Ok(Some(listed))
}

/// Whether a name and a value are exact text on one line, and not about the body.
fn is_header_of_its_own(name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> bool {
    let text = |part: &Bound<'_, PyAny>, allowed: fn(&str) -> bool| {
        part.cast_exact::<PyString>()
            .is_ok_and(|part| part.to_str().is_ok_and(allowed))
    };
    text(name, |name| {
        name.is_ascii() && !name.eq_ignore_ascii_case("content-type") && !name.eq_ignore_ascii_case("content-length")
    }) && text(value, |value| !value.contains(['\r', '\n']))
}

/// `werkzeug.datastructures.Headers` as it was when `flask` was imported.
pub fn headers_guard(py: Python<'_>) -> PyResult<&ClassGuard> {
    static CORE: PyOnceLock<ClassGuard> = PyOnceLock::new();
    CORE.get_or_try_init(py, || {
        let class = py
            .import("werkzeug.datastructures")?
            .getattr("Headers")?
            .cast_into::<PyType>()?;
        ClassGuard::exact(&class, &["__init__", "__setitem__", "add", "set"])
    })
}

/// `headers.add(name, value)` with a value that is one line of text.
pub fn add_header(headers: &Bound<'_, PyAny>, name: &Bound<'_, PyString>, value: &Bound<'_, PyString>) -> PyResult<()> {
    let py = headers.py();
    let one_line = value.to_str().is_ok_and(|text| !text.contains(['\r', '\n']));
    match header_list(headers)?.filter(|_| one_line) {
        Some(listed) => listed.append((name, value)),
        None => headers.call_method1(intern!(py, "add"), (name, value)).map(drop),
    }
}

/// The list that headers are over, if they are Werkzeug's own.
pub fn header_list<'py>(headers: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyList>>> {
    let py = headers.py();
    if !headers_guard(py)?.passes(&headers.get_type()) {
        return Ok(None);
    }
    let attributes = ffi::instance_dict(headers)?;
    if attributes.len() != 1 {
        return Ok(None);
    }
    let listed = attributes.get_item(intern!(py, "_list"))?;
    Ok(listed.and_then(|listed| listed.cast_into::<PyList>().ok()))
}

/// A `werkzeug.datastructures.Headers` over a list that is known to be good.
pub fn headers_over<'py>(listed: &Bound<'py, PyList>) -> PyResult<Bound<'py, PyAny>> {
    static HEADERS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = listed.py();
    let kind = HEADERS.import(py, "werkzeug.datastructures", "Headers")?;
    let headers = ffi::bare_object(kind)?;
    headers.setattr(intern!(py, "_list"), listed)?;
    Ok(headers)
}

/// Exact text or bytes as bytes. None for anything else, and for text that can't be encoded.
fn encoded<'py>(given: &Bound<'py, PyAny>) -> Option<Bound<'py, PyBytes>> {
    if let Ok(text) = given.cast_exact::<PyString>() {
        return text.to_str().ok().map(|t| PyBytes::new(given.py(), t.as_bytes()));
    }
    given.cast_exact::<PyBytes>().ok().cloned()
}

/// Status line and number; None for a form only Werkzeug reads.
fn status_of<'py>(py: Python<'py>, given: Option<&Bound<'py, PyAny>>) -> PyResult<Option<(Bound<'py, PyString>, u16)>> {
    let number = match given {
        None => 200,
        Some(given) => match given.cast_exact::<PyInt>().ok().and_then(|n| n.extract::<u16>().ok()) {
            Some(number) => number,
            None => return Ok(None),
        },
    };
    if number == 200 {
        return Ok(Some((intern!(py, "200 OK").clone(), number)));
    }
    Ok(Some((
        PyString::new(py, &format!("{number} {}", reason(py, number)?)),
        number,
    )))
}

/// The content type of a mimetype, with the charset where one belongs; of the class's default when none is given.
fn content_type_of<'py>(
    response: &Bound<'py, PyAny>,
    mimetype: Option<&Bound<'py, PyAny>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = response.py();
    let mimetype = match mimetype {
        Some(given) => given.clone(),
        None => response.getattr(intern!(py, "default_mimetype"))?,
    };
    let Ok(text) = mimetype.cast_exact::<PyString>() else {
        return Ok(None);
    };
    match text.to_str()? {
        "text/html" => Ok(Some(intern!(py, "text/html; charset=utf-8").clone().into_any())),
        "application/json" => Ok(Some(mimetype)),
        _ => {
            let utils = py.import(intern!(py, "werkzeug.utils"))?;
            utils
                .call_method1(intern!(py, "get_content_type"), (mimetype, intern!(py, "utf-8")))
                .map(Some)
        }
    }
}
