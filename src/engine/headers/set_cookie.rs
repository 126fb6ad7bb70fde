//! `Set-Cookie` from the arguments Werkzeug takes.
//!
//! Turns Python values into the texts the pure writer wants. Knows nothing of responses.

use std::borrow::Cow;
use std::ffi::CString;
use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::exceptions::PyUserWarning;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDateTime, PyDelta, PyInt, PyString, PyType, PyTzInfo};

use super::dates::http_date_of;
use super::errors::to_py_error;
use crate::http::set_cookie::{Attribute, SetCookie, quoted_path, same_site};
use crate::text::dates;

/// A cookie attribute from a Python value, by the rule of Werkzeug: `None` and `False` are left out, `True` is a bare
/// name, everything else is written as text.
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
pub fn domain_attribute<'a>(py: Python<'_>, domain: &'a str) -> PyResult<Attribute<'a>> {
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
fn max_age_seconds<'py>(max_age: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if !max_age.is_instance_of::<PyDelta>() {
        return Ok(max_age.clone());
    }
    let seconds = max_age.call_method0(intern!(max_age.py(), "total_seconds"))?;
    seconds.call_method0(intern!(max_age.py(), "__trunc__"))
}

/// The date a cookie of this age ends. Werkzeug's own `datetime` is the clock, so that a test which stops the clock
/// there stops it here too.
fn expires_after(max_age: &Bound<'_, PyAny>) -> PyResult<String> {
    static HTTP: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = max_age.py();
    let http = HTTP.get_or_try_init(py, || py.import("werkzeug.http").map(|m| m.into_any().unbind()))?;
    let clock = http.bind(py).getattr(intern!(py, "datetime"))?;
    if clock.is(PyType::new::<PyDateTime>(py))
        && let Ok(age) = max_age.cast_exact::<PyInt>()
        && let Ok(age) = age.extract::<i32>()
        && let Ok(now) = SystemTime::now().duration_since(UNIX_EPOCH)
        && let Some(date) = dates::whole_seconds(now.as_secs_f64() + f64::from(age)).and_then(dates::http_date)
    {
        return Ok(date);
    }
    let now = clock
        .call_method1(intern!(py, "now"), (PyTzInfo::utc(py)?,))?
        .call_method0(intern!(py, "timestamp"))?;
    http_date_of(&now.add(max_age)?)
}

/// `Expires`: the date given, else the one at which a cookie of this age ends.
fn expires_attribute<'a>(
    expires: Option<&Bound<'_, PyAny>>,
    max_age: Option<&Bound<'_, PyAny>>,
) -> PyResult<Attribute<'a>> {
    let text = match (expires, max_age) {
        (Some(text), _) if text.is_instance_of::<PyString>() => text.extract()?,
        (Some(moment), _) => http_date_of(moment)?,
        (None, Some(age)) => expires_after(age)?,
        (None, None) => return Ok(Attribute::Absent),
    };
    Ok(Attribute::Text(Cow::Owned(text)))
}

/// A `Set-Cookie` header's value. Arguments, defaults and the warning about long cookies are those of
/// `werkzeug.http.dump_cookie`.
#[cfg_attr(
    feature = "testing",
    pyfunction(signature = (key, value="", max_age=None, expires=None, path=Some("/"), domain=None, secure=None,
        httponly=None, sync_expires=true, max_size=Some(4093), samesite=None, partitioned=None))
)]
#[expect(clippy::too_many_arguments, reason = "they are Werkzeug's, by position and by name")]
pub fn dump_cookie<'py>(
    py: Python<'py>,
    key: &str,
    value: &str,
    max_age: Option<&Bound<'py, PyAny>>,
    expires: Option<&Bound<'py, PyAny>>,
    path: Option<&str>,
    domain: Option<&Bound<'py, PyAny>>,
    secure: Option<&Bound<'py, PyAny>>,
    httponly: Option<&Bound<'py, PyAny>>,
    sync_expires: bool,
    max_size: Option<usize>,
    samesite: Option<&str>,
    partitioned: Option<&Bound<'py, PyAny>>,
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
        cookie.domain = match domain.cast::<PyString>() {
            Ok(text) => domain_attribute(py, text.to_str()?)?,
            Err(no_text) if domain.is_truthy()? => return Err(no_text.into()),
            // `False` was Flask 1.1's way to say none.
            Err(_) => attribute(domain)?,
        };
    }
    let max_age = max_age.map(max_age_seconds).transpose()?;
    let lasts = max_age.as_ref().filter(|_| sync_expires);
    cookie.expires = expires_attribute(expires, lasts)?;
    for (slot, given) in [
        (&mut cookie.max_age, max_age.as_ref()),
        (&mut cookie.secure, secure),
        (&mut cookie.httponly, httponly),
        (&mut cookie.partitioned, partitioned),
    ] {
        if let Some(given) = given {
            *slot = attribute(given)?;
        }
    }
    if let Some(value) = samesite {
        cookie.samesite = same_site_attribute(py, value)?;
    }
    if let Some(given) = partitioned
        && given.is_truthy()?
    {
        cookie.secure = Attribute::Flag;
    }
    let dumped = cookie.dump();
    if let Some(max_size) = max_size.filter(|&limit| limit > 0 && dumped.text.len() > limit) {
        warn_of_size(py, key, &dumped.text, dumped.value_length, max_size)?;
    }
    Ok(PyString::new(py, &dumped.text))
}

#[cold]
fn warn_of_size(py: Python<'_>, key: &str, header: &str, value: usize, limit: usize) -> PyResult<()> {
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
    PyErr::warn(py, &py.get_type::<PyUserWarning>(), &CString::new(message)?, 1)
}
