//! The session cookie beside its value: name, scope and lifetime, as the settings are at this moment.
//!
//! It must not know what is in a session.

use std::borrow::Cow;

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBoolMethods, PyString};

use crate::engine::app::config::{Config, session_seconds};
use crate::engine::headers::set_cookie::domain_attribute;
use crate::engine::headers::text::latin1;
use crate::http::set_cookie::{Attribute, SetCookie, quoted_path, same_site};
use crate::text::dates;

/// The `Set-Cookie` line for a signed value; None where Python has to write it.
pub fn cookie_of_value<'py>(
    app: &Bound<'py, PyAny>,
    config: &Config<'py>,
    value: &str,
    permanent: bool,
) -> PyResult<Option<Bytes>> {
    let py = app.py();
    let Some(scope) = CookieScope::of(py, config)? else {
        return Ok(None);
    };
    let Some(expires) = expiry(app, config, permanent)? else {
        return Ok(None);
    };
    line(
        py,
        config,
        &SetCookie {
            value,
            expires,
            ..scope.cookie()
        },
    )
}

/// The `Set-Cookie` line that deletes the cookie; None where Python has to write it.
pub fn expired_cookie<'py>(py: Python<'py>, config: &Config<'py>) -> PyResult<Option<Bytes>> {
    let Some(scope) = CookieScope::of(py, config)? else {
        return Ok(None);
    };
    let expired = SetCookie {
        expires: dates::http_date(0).map_or(Attribute::Absent, |date| Attribute::Text(Cow::Owned(date))),
        max_age: Attribute::Text(Cow::Borrowed("0")),
        ..scope.cookie()
    };
    line(py, config, &expired)
}

/// A cookie as the header's value. None for one that is too large, of which Python warns.
fn line<'py>(py: Python<'py>, config: &Config<'py>, cookie: &SetCookie<'_>) -> PyResult<Option<Bytes>> {
    let text = cookie.dump().text;
    let Ok(limit) = config.get_item(intern!(py, "MAX_COOKIE_SIZE"))?.extract::<usize>() else {
        return Ok(None);
    };
    if limit > 0 && text.len() > limit {
        return Ok(None);
    }
    Ok(latin1(&text).ok().map(Bytes::from))
}

/// The settings of the cookie beside its value.
struct CookieScope {
    name: String,
    domain: Attribute<'static>,
    path: String,
    secure: bool,
    httponly: bool,
    samesite: Attribute<'static>,
    partitioned: bool,
}

impl CookieScope {
    /// The settings as they are now; None where one is of a type or a spelling that Python knows how to take or refuse.
    fn of<'py>(py: Python<'py>, config: &Config<'py>) -> PyResult<Option<Self>> {
        let text = |name: &Bound<'py, PyString>| -> PyResult<Option<Option<String>>> {
            Ok(config.get_item(name)?.extract().ok())
        };
        let flag = |name: &Bound<'py, PyString>| -> PyResult<Option<bool>> {
            let value = config.get_item(name)?;
            Ok(if value.is_none() {
                Some(false)
            } else {
                value.cast::<PyBool>().ok().map(PyBoolMethods::is_true)
            })
        };
        let own_path = text(intern!(py, "SESSION_COOKIE_PATH"))?.map(|path| path.filter(|path| !path.is_empty()));
        let path = match own_path {
            Some(None) => text(intern!(py, "APPLICATION_ROOT"))?.flatten(),
            Some(path) => path,
            None => None,
        };
        let (Some(path), Some(domain), Some(samesite), Some(Some(name))) = (
            path,
            text(intern!(py, "SESSION_COOKIE_DOMAIN"))?.and_then(|domain| domain_of(py, domain.as_deref())),
            text(intern!(py, "SESSION_COOKIE_SAMESITE"))?.and_then(|value| same_site_of(value.as_deref())),
            text(intern!(py, "SESSION_COOKIE_NAME"))?,
        ) else {
            return Ok(None);
        };
        let (Some(secure), Some(httponly), Some(partitioned)) = (
            flag(intern!(py, "SESSION_COOKIE_SECURE"))?,
            flag(intern!(py, "SESSION_COOKIE_HTTPONLY"))?,
            flag(intern!(py, "SESSION_COOKIE_PARTITIONED"))?,
        ) else {
            return Ok(None);
        };
        Ok(Some(Self {
            name,
            domain,
            path,
            secure,
            httponly,
            samesite,
            partitioned,
        }))
    }

    /// A cookie without a value in this scope.
    fn cookie(&self) -> SetCookie<'_> {
        SetCookie {
            name: &self.name,
            domain: self.domain.clone(),
            secure: Attribute::flag(self.secure || self.partitioned),
            httponly: Attribute::flag(self.httponly),
            path: Attribute::Text(quoted_path(&self.path)),
            samesite: self.samesite.clone(),
            partitioned: Attribute::flag(self.partitioned),
            ..SetCookie::default()
        }
    }
}

/// The attribute of a domain; None for one that has no punycode.
fn domain_of(py: Python<'_>, domain: Option<&str>) -> Option<Attribute<'static>> {
    let Some(domain) = domain else {
        return Some(Attribute::Absent);
    };
    domain_attribute(py, domain).ok().map(Attribute::into_owned)
}

/// The attribute of a `SameSite` value; None for one that does not exist.
fn same_site_of(value: Option<&str>) -> Option<Attribute<'static>> {
    match value {
        Some(value) => same_site(value).ok().map(|known| Attribute::Text(Cow::Borrowed(known))),
        None => Some(Attribute::Absent),
    }
}

/// `datetime.now(timezone.utc)` as `flask.sessions` has it, in seconds since 1970: tests that freeze time put another
/// class there.
fn now(py: Python<'_>) -> PyResult<f64> {
    static SESSIONS: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let sessions = SESSIONS
        .get_or_try_init(py, || py.import("flask.sessions").map(Bound::unbind))?
        .bind(py);
    let utc = sessions.getattr(intern!(py, "timezone"))?.getattr(intern!(py, "utc"))?;
    let now = sessions
        .getattr(intern!(py, "datetime"))?
        .call_method1(intern!(py, "now"), (utc,))?;
    now.call_method0(intern!(py, "timestamp"))?.extract()
}

/// The `Expires` attribute of a permanent session's cookie; None when the moment is beyond the calendar.
fn expiry<'py>(app: &Bound<'py, PyAny>, config: &Config<'py>, permanent: bool) -> PyResult<Option<Attribute<'static>>> {
    let py = app.py();
    if !permanent {
        return Ok(Some(Attribute::Absent));
    }
    Ok(dates::whole_seconds(now(py)? + session_seconds(app, config)?)
        .and_then(dates::http_date)
        .map(|date| Attribute::Text(Cow::Owned(date))))
}
