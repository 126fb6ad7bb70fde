//! Parsers, dates, session cookies and versions as Python functions and a class: for the tests that compare the former
//! with Werkzeug's and `ItsDangerous`'s. Compiled with the feature `testing` alone, which `make build` has and a wheel
//! has not.
//!
//! Arguments become those of the engine's own functions, and nothing more.

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDateTime, PyDict, PyString, PyType, PyTzInfo};

use crate::engine::ffi;
use crate::engine::form::body_source::STEP;
use crate::engine::form::parse::parse_multipart_strict;
use crate::engine::form::types::{FormAndFiles, FormLimits};
use crate::engine::form::{self, ChunkSource, MemorySource, MultipartJob};
use crate::engine::headers::dates::http_date_of;
use crate::engine::headers::multi_dict::immutable_multi_dict;
use crate::engine::headers::set_cookie::dump_cookie;
use crate::engine::headers::{cookies_to_py, query_to_py};
use crate::engine::json::DumpOptions;
use crate::engine::session::cookie;
use crate::engine::session::keys::SessionKeys;
use crate::http::options;
use crate::text::dates;

/// The class to store pairs in: the one given, else `ImmutableMultiDict`.
fn storage_class<'py>(py: Python<'py>, given: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    match given {
        Some(class) => Ok(class),
        None => Ok(immutable_multi_dict(py)?.clone().into_any()),
    }
}

/// The pairs of a query string.
#[pyfunction]
#[pyo3(signature = (raw, cls=None))]
fn parse_query<'py>(py: Python<'py>, raw: &[u8], cls: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    query_to_py(py, raw, &storage_class(py, cls)?)
}

/// The cookies of a `Cookie` header.
#[pyfunction]
#[pyo3(signature = (cookie=None, cls=None))]
fn parse_cookie<'py>(
    py: Python<'py>,
    cookie: Option<&str>,
    cls: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    cookies_to_py(py, cookie.unwrap_or(""), &storage_class(py, cls)?)
}

/// A header's value and its parameters.
#[pyfunction]
#[pyo3(signature = (value))]
fn parse_options_header<'py>(
    py: Python<'py>,
    value: Option<&str>,
) -> PyResult<(Bound<'py, PyString>, Bound<'py, PyDict>)> {
    let parsed = options::parse_options_header(value.unwrap_or(""));
    let params = PyDict::new(py);
    for (name, text) in &parsed.params {
        params.set_item(name, text)?;
    }
    Ok((PyString::new(py, parsed.value), params))
}

/// An HTTP date of a moment: a number of seconds since 1970, a date, or nothing for now.
#[pyfunction]
#[pyo3(signature = (timestamp=None))]
fn http_date(py: Python<'_>, timestamp: Option<Bound<'_, PyAny>>) -> PyResult<String> {
    match timestamp {
        Some(moment) => http_date_of(&moment),
        None => http_date_of(&py.import(intern!(py, "time"))?.call_method0(intern!(py, "time"))?),
    }
}

/// The moment an HTTP date of today's form names, in UTC. All other forms are Werkzeug's.
#[pyfunction]
#[pyo3(signature = (value))]
fn parse_date<'py>(py: Python<'py>, value: Option<&str>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(at) = value.and_then(dates::parse_imf_date) else {
        let werkzeug = py.import(intern!(py, "werkzeug.http"))?;
        return werkzeug.call_method1(intern!(py, "parse_date"), (value,)).map(Some);
    };
    let zone = PyTzInfo::utc(py)?;
    let date = PyDateTime::new(
        py,
        i32::from(at.year),
        at.month,
        at.day,
        at.hour,
        at.minute,
        at.second,
        0,
        Some(&zone),
    )?;
    Ok(Some(date.into_any()))
}

/// The fields of an urlencoded body.
#[pyfunction]
#[pyo3(signature = (body, cls=None))]
fn parse_form<'py>(py: Python<'py>, body: &[u8], cls: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    form::parse_urlencoded(py, body, &storage_class(py, cls)?)
}

/// A body that is read piece by piece from a Python object with `read(size)`.
struct StreamSource<'py>(Bound<'py, PyAny>);

impl ChunkSource for StreamSource<'_> {
    fn next_chunk(&mut self, py: Python<'_>) -> PyResult<Bytes> {
        let piece: Vec<u8> = self.0.call_method1(intern!(py, "read"), (STEP,))?.extract()?;
        Ok(Bytes::from(piece))
    }
}

/// The fields and files of a multipart body: `bytes`, or an object with `read(size)`.
#[pyfunction]
#[pyo3(signature = (source, content_type, content_length=None, *, stream_factory=None, max_content_length=None,
    max_form_memory_size=None, max_form_parts=None, cls=None, silent=true))]
#[expect(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
fn parse_multipart<'py>(
    py: Python<'py>,
    source: &Bound<'py, PyAny>,
    content_type: &str,
    content_length: Option<u64>,
    stream_factory: Option<Bound<'py, PyAny>>,
    max_content_length: Option<u64>,
    max_form_memory_size: Option<u64>,
    max_form_parts: Option<u64>,
    cls: Option<Bound<'py, PyAny>>,
    silent: bool,
) -> PyResult<FormAndFiles<'py>> {
    let stream_factory = match stream_factory {
        Some(factory) => factory,
        None => py
            .import(intern!(py, "werkzeug.formparser"))?
            .getattr(intern!(py, "default_stream_factory"))?,
    };
    let job = MultipartJob {
        content_type,
        content_length,
        limits: FormLimits {
            max_content_length,
            max_form_memory_size,
            max_form_parts,
        },
        stream_factory: &stream_factory,
        class: &storage_class(py, cls)?,
    };
    let mut source: Box<dyn ChunkSource + 'py> = match source.cast::<PyBytes>() {
        Ok(body) => Box::new(MemorySource(Bytes::copy_from_slice(body.as_bytes()))),
        Err(_) => Box::new(StreamSource(source.clone())),
    };
    if silent {
        form::parse_multipart(py, source.as_mut(), &job)
    } else {
        parse_multipart_strict(py, source.as_mut(), &job)
    }
}

#[pymethods]
impl SessionKeys {
    #[new]
    #[pyo3(signature = (secret_key, fallbacks=None, salt=None, key_derivation="hmac", digest="sha1"))]
    fn new(
        secret_key: &Bound<'_, PyAny>,
        fallbacks: Option<&Bound<'_, PyAny>>,
        salt: Option<&Bound<'_, PyAny>>,
        key_derivation: &str,
        digest: &str,
    ) -> PyResult<Self> {
        let usual = PyString::new(secret_key.py(), "cookie-session").into_any();
        Self::make(secret_key, fallbacks, salt.unwrap_or(&usual), (key_derivation, digest))
    }

    /// The session in `cookie`, or `None` when the signature is not good (any more).
    #[pyo3(signature = (cookie, max_age=None))]
    fn open<'py>(&self, py: Python<'py>, cookie: &str, max_age: Option<i64>) -> PyResult<Option<Bound<'py, PyDict>>> {
        Ok(cookie::open(py, self, cookie, max_age)?.map(|opened| opened.session))
    }

    /// The cookie's text, or `None` when a value needs the Python serializer.
    fn seal(&self, py: Python<'_>, session: &Bound<'_, PyDict>) -> PyResult<Option<String>> {
        cookie::seal(py, self, session, None, &DumpOptions::COMPACT)
    }
}

/// The version of a class, of a dict, or of an instance: what is cached about it counts while that stays the same.
#[pyfunction]
fn version_of(object: &Bound<'_, PyAny>) -> Option<String> {
    if let Ok(class) = object.cast::<PyType>() {
        return ffi::type_version(class).map(|version| version.to_string());
    }
    match object.cast::<PyDict>() {
        Ok(dict) => ffi::dict_version(dict).map(|version| version.to_string()),
        Err(_) => ffi::instance_versions(object).map(|versions| format!("{versions:?}")),
    }
}

/// Adds the names of this file to the extension module.
///
/// # Errors
/// Only if the module cannot be written to.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(parse_query, module)?)?;
    module.add_function(wrap_pyfunction!(parse_cookie, module)?)?;
    module.add_function(wrap_pyfunction!(parse_options_header, module)?)?;
    module.add_function(wrap_pyfunction!(http_date, module)?)?;
    module.add_function(wrap_pyfunction!(parse_date, module)?)?;
    module.add_function(wrap_pyfunction!(dump_cookie, module)?)?;
    module.add_function(wrap_pyfunction!(parse_form, module)?)?;
    module.add_function(wrap_pyfunction!(parse_multipart, module)?)?;
    module.add_function(wrap_pyfunction!(version_of, module)?)?;
    module.add_class::<SessionKeys>()
}
