//! Values of HTTP headers and queries as real Werkzeug objects, made by the pure parsers.
//!
//! What the request and response types use, and the same functions under their Werkzeug names for tests. Whatever the pure
//! parsers leave open (old date forms, odd arguments) is asked of Werkzeug itself. Knows nothing of a running request.

use std::borrow::Cow;
use std::ffi::CString;

use pyo3::exceptions::{PyUserWarning, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{
    PyBool, PyBytes, PyDateAccess, PyDateTime, PyDelta, PyDict, PyFloat, PyInt, PyList, PyString,
    PyTimeAccess, PyType, PyTzInfo, PyTzInfoAccess,
};

use crate::engine::form;
use crate::http::HttpError;
use crate::http::cookies::parse_cookies;
use crate::http::dates::{self, DateFields};
use crate::http::options;
use crate::http::query;
use crate::http::set_cookie::{Attribute, SetCookie, quoted_path, same_site};

/// `werkzeug.datastructures.ImmutableMultiDict`.
pub fn immutable_multi_dict(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "werkzeug.datastructures", "ImmutableMultiDict")
}

fn multi_dict(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "werkzeug.datastructures", "MultiDict")
}

/// The Python exception for an error of the pure parsers.
#[cold]
pub fn to_py_error(py: Python<'_>, error: &HttpError) -> PyErr {
    match error {
        HttpError::FormMemory { .. } | HttpError::FormParts { .. } => entity_too_large(py),
        HttpError::NotUtf8 { bytes } => decode_error(py, bytes),
        _ => PyValueError::new_err(error.to_string()),
    }
}

/// `werkzeug.exceptions.RequestEntityTooLarge`, or what went wrong making it.
#[cold]
pub fn entity_too_large(py: Python<'_>) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS
        .import(py, "werkzeug.exceptions", "RequestEntityTooLarge")
        .and_then(|class| class.call0())
        .map_or_else(|error| error, PyErr::from_value)
}

/// The exception Python itself raises for these bytes, with its positions and its reason.
#[cold]
fn decode_error(py: Python<'_>, bytes: &[u8]) -> PyErr {
    match PyBytes::new(py, bytes).call_method0(intern!(py, "decode")) {
        Err(error) => error,
        Ok(_) => PyValueError::new_err("text is not valid UTF-8"),
    }
}

/// Fills a multi dict pair by pair. The two Werkzeug classes are filled in place; any other class is called with the pairs.
pub struct MultiDictMaker<'py> {
    storage: Storage<'py>,
}

enum Storage<'py> {
    /// A multi dict keeps a list per key.
    Lists(Bound<'py, PyDict>),
    Pairs {
        class: Bound<'py, PyAny>,
        pairs: Bound<'py, PyList>,
    },
}

impl<'py> MultiDictMaker<'py> {
    /// A maker for an instance of `class`, a type or any callable that takes an iterable of pairs.
    pub fn new(class: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = class.py();
        let known = class.is(immutable_multi_dict(py)?) || class.is(multi_dict(py)?);
        let storage = if known {
            let empty = class.call_method1(intern!(py, "__new__"), (class,))?;
            Storage::Lists(empty.cast_into()?)
        } else {
            Storage::Pairs {
                class: class.clone(),
                pairs: PyList::empty(py),
            }
        };
        Ok(Self { storage })
    }

    /// Adds a pair after those with the same key.
    pub fn push(&self, key: Bound<'py, PyAny>, value: Bound<'py, PyAny>) -> PyResult<()> {
        match &self.storage {
            Storage::Lists(lists) => match lists.get_item(&key)? {
                Some(list) => list.cast_into::<PyList>()?.append(value),
                None => lists.set_item(key, PyList::new(value.py(), [value])?),
            },
            Storage::Pairs { pairs, .. } => pairs.append((key, value)),
        }
    }

    /// [`MultiDictMaker::push`] for texts.
    pub fn push_text(&self, py: Python<'py>, key: &str, value: &str) -> PyResult<()> {
        let key = PyString::new(py, key).into_any();
        self.push(key, PyString::new(py, value).into_any())
    }

    /// The finished object.
    pub fn finish(self) -> PyResult<Bound<'py, PyAny>> {
        match self.storage {
            Storage::Lists(lists) => Ok(lists.into_any()),
            Storage::Pairs { class, pairs } => class.call1((pairs,)),
        }
    }
}

/// A query string as `Request.args` gives it, an instance of `class`.
///
/// # Errors
/// `UnicodeDecodeError` if the raw query is not UTF-8 (escapes may be anything).
pub fn query_to_py<'py>(
    py: Python<'py>,
    raw: &[u8],
    class: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let pairs = query::parse_query(raw).map_err(|error| to_py_error(py, &error))?;
    let maker = MultiDictMaker::new(class)?;
    for (name, value) in pairs {
        maker.push_text(py, &name, &value)?;
    }
    maker.finish()
}

/// A `Cookie` header (one character per byte, several headers joined by `;`) as `Request.cookies` gives it.
pub fn cookies_to_py<'py>(
    py: Python<'py>,
    header: &str,
    class: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    if header.is_empty() {
        return class.call0();
    }
    let maker = MultiDictMaker::new(class)?;
    for (name, value) in parse_cookies(header) {
        maker.push_text(py, name, &value)?;
    }
    maker.finish()
}

/// A header's value and the dictionary of its parameters, as `werkzeug.http.parse_options_header` gives them.
pub fn options_to_py<'py>(
    py: Python<'py>,
    header: &str,
) -> PyResult<(Bound<'py, PyString>, Bound<'py, PyDict>)> {
    let parsed = options::parse_options_header(header);
    let params = PyDict::new(py);
    for (name, text) in &parsed.params {
        params.set_item(name, text)?;
    }
    Ok((PyString::new(py, parsed.value), params))
}

/// The class to store pairs in: the one given, else `ImmutableMultiDict`.
pub(super) fn storage_class<'py>(
    py: Python<'py>,
    given: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    match given {
        Some(class) => Ok(class),
        None => Ok(immutable_multi_dict(py)?.clone().into_any()),
    }
}

/// The pairs of a query string.
#[pyfunction]
#[pyo3(signature = (raw, cls=None))]
fn parse_query<'py>(
    py: Python<'py>,
    raw: &[u8],
    cls: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    query_to_py(py, raw, &storage_class(py, cls)?)
}

/// A query string of pairs of texts, without the `?`.
#[pyfunction]
fn urlencode(pairs: Vec<(String, String)>) -> String {
    query::urlencode(
        pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    )
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
    options_to_py(py, value.unwrap_or(""))
}

/// An HTTP date of a moment: a number of seconds since 1970, a date, or nothing for now.
#[pyfunction]
#[pyo3(signature = (timestamp=None))]
fn http_date<'py>(
    py: Python<'py>,
    timestamp: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyString>> {
    let moment = match timestamp {
        Some(moment) => moment,
        // The module's attribute, so that a test which stops the clock stops it here too.
        None => py
            .import(intern!(py, "time"))?
            .call_method0(intern!(py, "time"))?,
    };
    Ok(PyString::new(py, &http_date_of(&moment)?))
}

/// The HTTP date of a Python moment.
pub fn http_date_of(moment: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Some(text) = plain_http_date(moment)? {
        return Ok(text);
    }
    moment
        .py()
        .import(intern!(moment.py(), "werkzeug.http"))?
        .call_method1(intern!(moment.py(), "http_date"), (moment,))?
        .extract()
}

/// The HTTP date of a number or of a date in UTC; `None` for everything Werkzeug has to look at.
fn plain_http_date(moment: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let py = moment.py();
    if let Ok(date) = moment.cast::<PyDateTime>() {
        let in_utc = match date.get_tzinfo() {
            None => true,
            Some(zone) => zone.is(PyTzInfo::utc(py)?.as_any()),
        };
        let fields = DateFields {
            year: u16::try_from(date.get_year())?,
            month: date.get_month(),
            day: date.get_day(),
            hour: date.get_hour(),
            minute: date.get_minute(),
            second: date.get_second(),
        };
        return Ok(in_utc.then(|| fields.http_date()));
    }
    if moment.is_instance_of::<PyInt>() {
        return Ok(moment
            .extract::<i64>()
            .ok()
            .and_then(dates::http_date));
    }
    if moment.is_instance_of::<PyFloat>() {
        let seconds = dates::whole_seconds(moment.extract()?);
        return Ok(seconds.and_then(dates::http_date));
    }
    Ok(None)
}

/// The moment an HTTP date names, in UTC, or `None` if it names none.
#[pyfunction]
#[pyo3(signature = (value))]
fn parse_date<'py>(py: Python<'py>, value: Option<&str>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(text) = value else {
        return Ok(None);
    };
    let Some(at) = dates::parse_imf_date(text) else {
        // Four older forms, and what clients make of them: Python's mail parser knows them all.
        let date = py
            .import(intern!(py, "werkzeug.http"))?
            .call_method1(intern!(py, "parse_date"), (text,))?;
        return Ok((!date.is_none()).then_some(date));
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

/// A cookie attribute from a Python value, by the rule of Werkzeug: `None` and `False` are left out, `True` is a bare name,
/// everything else is written as text.
fn attribute<'a>(value: &Bound<'_, PyAny>) -> PyResult<Attribute<'a>> {
    if value.is_none() {
        Ok(Attribute::Absent)
    } else if let Ok(set) = value.cast::<PyBool>() {
        Ok(Attribute::flag(set.is_true()))
    } else {
        Ok(Attribute::Text(Cow::Owned(value.str()?.extract()?)))
    }
}

/// A cookie's domain as it is sent: no port, no leading dots, punycode.
fn domain_attribute<'a>(py: Python<'_>, domain: &'a str) -> PyResult<Attribute<'a>> {
    let host = domain.split_once(':').map_or(domain, |(host, _port)| host);
    let host = host.trim_start_matches('.');
    let plain = host.is_ascii() && host.split('.').all(|label| (1..64).contains(&label.len()));
    if plain || domain.is_empty() {
        return Ok(Attribute::Text(Cow::Borrowed(host)));
    }
    let encoded = PyString::new(py, host).call_method1(intern!(py, "encode"), ("idna",))?;
    let text = encoded.call_method1(intern!(py, "decode"), ("ascii",))?;
    Ok(Attribute::Text(Cow::Owned(text.extract()?)))
}

fn same_site_attribute<'a>(py: Python<'_>, value: &str) -> PyResult<Attribute<'a>> {
    // Some letters outside ASCII have ASCII title forms; Python knows which.
    let titled: Cow<'_, str> = if value.is_ascii() {
        Cow::Borrowed(value)
    } else {
        let titled = PyString::new(py, value).call_method0(intern!(py, "title"))?;
        Cow::Owned(titled.extract()?)
    };
    let known = same_site(&titled).map_err(|error| to_py_error(py, &error))?;
    Ok(Attribute::Text(Cow::Borrowed(known)))
}

/// `Max-Age` as it is written: whole seconds of a `timedelta`, anything else as it is.
fn max_age_seconds<'py>(max_age: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if !max_age.is_instance_of::<PyDelta>() {
        return Ok(max_age);
    }
    let seconds = max_age.call_method0(intern!(max_age.py(), "total_seconds"))?;
    seconds.call_method0(intern!(max_age.py(), "__trunc__"))
}

/// The date a cookie of this age ends. Werkzeug's own `datetime` tells the time, so that a test which stops the clock there
/// stops it here too.
fn expires_after(max_age: &Bound<'_, PyAny>) -> PyResult<String> {
    let py = max_age.py();
    let clock = py
        .import(intern!(py, "werkzeug.http"))?
        .getattr(intern!(py, "datetime"))?;
    let now = clock
        .call_method1(intern!(py, "now"), (PyTzInfo::utc(py)?,))?
        .call_method0(intern!(py, "timestamp"))?;
    http_date_of(&now.add(max_age)?)
}

/// A `Set-Cookie` header's value. Arguments, defaults and the warning about long cookies are those of
/// `werkzeug.http.dump_cookie`.
#[pyfunction]
#[pyo3(signature = (key, value="", max_age=None, expires=None, path=Some("/"), domain=None, secure=None, httponly=None,
    sync_expires=true, max_size=4093, samesite=None, partitioned=None))]
// The arguments are Werkzeug's, by position and by name.
#[allow(clippy::too_many_arguments)]
fn dump_cookie<'py>(
    py: Python<'py>,
    key: &str,
    value: &str,
    max_age: Option<Bound<'py, PyAny>>,
    expires: Option<Bound<'py, PyAny>>,
    path: Option<&str>,
    domain: Option<&str>,
    secure: Option<Bound<'py, PyAny>>,
    httponly: Option<Bound<'py, PyAny>>,
    sync_expires: bool,
    max_size: usize,
    samesite: Option<&str>,
    partitioned: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyString>> {
    let mut cookie = SetCookie {
        name: key,
        value,
        ..SetCookie::default()
    };
    if let Some(path) = path {
        cookie.path = Attribute::Text(quoted_path(path));
    }
    if let Some(domain) = domain {
        cookie.domain = domain_attribute(py, domain)?;
    }
    let max_age = max_age.map(max_age_seconds).transpose()?;
    match (&expires, &max_age) {
        (Some(text), _) if text.is_instance_of::<PyString>() => {
            cookie.expires = Attribute::Text(Cow::Owned(text.extract()?));
        }
        (Some(moment), _) => cookie.expires = Attribute::Text(Cow::Owned(http_date_of(moment)?)),
        (None, Some(age)) if sync_expires => {
            cookie.expires = Attribute::Text(Cow::Owned(expires_after(age)?));
        }
        (None, _) => {}
    }
    for (slot, given) in [
        (&mut cookie.max_age, &max_age),
        (&mut cookie.secure, &secure),
        (&mut cookie.httponly, &httponly),
        (&mut cookie.partitioned, &partitioned),
    ] {
        if let Some(given) = given {
            *slot = attribute(given)?;
        }
    }
    if let Some(value) = samesite {
        cookie.samesite = same_site_attribute(py, value)?;
    }
    if let Some(given) = &partitioned
        && given.is_truthy()?
    {
        cookie.secure = Attribute::Flag;
    }
    let dumped = cookie.dump();
    if max_size > 0 && dumped.text.len() > max_size {
        warn_of_size(py, key, &dumped.text, dumped.value_length, max_size)?;
    }
    Ok(PyString::new(py, &dumped.text))
}

#[cold]
fn warn_of_size(
    py: Python<'_>,
    key: &str,
    header: &str,
    value: usize,
    limit: usize,
) -> PyResult<()> {
    let size = header.chars().count();
    if size <= limit {
        return Ok(());
    }
    let message = format!(
        "The '{key}' cookie is too large: the value was {value} bytes but the header required {} extra bytes. The final \
         size was {size} bytes but the limit is {limit} bytes. Browsers may silently ignore cookies larger than this.",
        size - value
    );
    // No Python frame stands between the caller and us: one level is where Werkzeug's two are.
    PyErr::warn(
        py,
        &py.get_type::<PyUserWarning>(),
        &CString::new(message)?,
        1,
    )
}

/// Adds the functions of this file and of [`form`] to the extension module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(parse_query, module)?)?;
    module.add_function(wrap_pyfunction!(urlencode, module)?)?;
    module.add_function(wrap_pyfunction!(parse_cookie, module)?)?;
    module.add_function(wrap_pyfunction!(parse_options_header, module)?)?;
    module.add_function(wrap_pyfunction!(http_date, module)?)?;
    module.add_function(wrap_pyfunction!(parse_date, module)?)?;
    module.add_function(wrap_pyfunction!(dump_cookie, module)?)?;
    form::register(module)
}
