//! What the default session interface does, natively: the cookie of a request to its data, the data to the cookie of
//! the answer.
//!
//! Taken only while interface, session class, serializer and JSON provider are the ones we ship, untouched; everything
//! else goes through `flask.sessions`, which is also the reference for what happens here.

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyType};

use super::change::SessionChange;
use super::keys::SessionKeys;
use super::{attributes, cookie};
use crate::engine::app::config::{Config, secret_key, session_seconds};
use crate::engine::app::core::AppCore;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::ffi;
use crate::engine::guard::ClassGuard;
use crate::engine::json::provider;
use crate::engine::request::context::RequestContext;
use crate::http::cookies::parse_cookies;
use crate::http::header_name::HeaderName;

/// Every method and setting of the interface that decides what a cookie looks like.
const INTERFACE: [&str; 21] = [
    "open_session",
    "save_session",
    "is_null_session",
    "make_null_session",
    "null_session_class",
    "should_set_cookie",
    "get_expiration_time",
    "get_cookie_name",
    "get_cookie_domain",
    "get_cookie_path",
    "get_cookie_httponly",
    "get_cookie_secure",
    "get_cookie_samesite",
    "get_cookie_partitioned",
    "get_signing_serializer",
    "salt",
    "digest_method",
    "key_derivation",
    "serializer",
    "session_class",
    "pickle_based",
];

/// The guards over the default interface, its session class and its tags.
pub struct SessionGuards {
    interface: ClassGuard,
    session: ClassGuard,
    /// The class that the session's is over.
    callback_dict: ClassGuard,
    /// The one attribute that a new session has. None when it has others.
    on_update: Option<Py<PyAny>>,
    /// The class of the session that an application without a secret key has, which is never saved.
    null_session: Py<PyType>,
    /// How many tags the serializer had; registering one of your own is a change.
    tags: usize,
    serializer: Py<PyAny>,
}

fn class<'py>(module: &Bound<'py, PyModule>, name: &str) -> PyResult<Bound<'py, PyType>> {
    Ok(module.getattr(name)?.cast_into::<PyType>()?)
}

static GUARDS: PyOnceLock<SessionGuards> = PyOnceLock::new();

pub fn guards(py: Python<'_>) -> PyResult<&SessionGuards> {
    GUARDS.get_or_try_init(py, || {
        let sessions = py.import("flask.sessions")?;
        let interface = class(&sessions, "SecureCookieSessionInterface")?;
        let serializer = interface.getattr("serializer")?;
        let session = class(&sessions, "SecureCookieSession")?;
        let attributes = ffi::instance_dict(&session.call0()?)?;
        let on_update = attributes.get_item("on_update")?.filter(|_| attributes.len() == 1);
        let callback_dict = class(&py.import("werkzeug.datastructures")?, "CallbackDict")?;
        Ok(SessionGuards {
            tags: serializer.getattr("order")?.len()?,
            serializer: serializer.unbind(),
            null_session: class(&sessions, "NullSession")?.unbind(),
            interface: ClassGuard::exact(&interface, &INTERFACE)?,
            callback_dict: ClassGuard::exact(&callback_dict, &["__init__"])?,
            on_update: on_update.map(Bound::unbind),
            session: ClassGuard::exact(
                &session,
                &[
                    "__init__",
                    "__iter__",
                    "__getitem__",
                    "permanent",
                    "modified",
                    "accessed",
                ],
            )?,
        })
    })
}

/// Whether the app's session interface is the default one, untouched: then it opens on first touch.
pub fn is_default(app: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = app.py();
    let interface = app_attribute(app, AppAttribute::SessionInterface)?;
    let guards = guards(py)?;
    Ok(guards.interface.passes(&interface.get_type())
        && ffi::instance_dict(&interface)?.is_empty()
        && guards.serializer.bind(py).getattr(intern!(py, "order"))?.len()? == guards.tags)
}

/// Whether a session object is the default class's own.
fn is_own_session<'a, 'py>(session: &'a Bound<'py, PyAny>) -> PyResult<Option<&'a Bound<'py, PyDict>>> {
    let guards = guards(session.py())?;
    Ok(if guards.session.passes(&session.get_type()) {
        session.cast::<PyDict>().ok()
    } else {
        None
    })
}

/// The signing keys, cached on the app for as long as its settings stay the same. None without a secret key.
///
/// # Errors
/// Keys that ItsDangerous may still know what to do with.
fn keys<'py>(app: &Bound<'py, PyAny>, config: &Config<'py>) -> PyResult<Option<Bound<'py, SessionKeys>>> {
    let py = app.py();
    let secret = secret_key(app, config)?;
    if !secret.is_truthy()? {
        return Ok(None);
    }
    let fallbacks = config.get_item(intern!(py, "SECRET_KEY_FALLBACKS"))?;
    let fallbacks = fallbacks.is_truthy()?.then_some(fallbacks);
    let slot = &app.cast::<AppCore>()?.get().session_keys;
    if let Some(kept) = slot.get(py) {
        let kept = kept.cast_into::<SessionKeys>()?;
        if kept.get().is_made_from(&secret, fallbacks.as_ref())? {
            return Ok(Some(kept));
        }
    }
    let salt = PyString::new(py, "cookie-session").into_any();
    let made = Bound::new(
        py,
        SessionKeys::make(&secret, fallbacks.as_ref(), &salt, ("hmac", "sha1"))?,
    )?;
    slot.set(py, Some(made.clone().into_any().unbind()));
    Ok(Some(made))
}

/// The value of the session cookie that came in, if any.
pub fn cookie_of(context: &RequestContext, py: Python<'_>, config: &Config<'_>) -> PyResult<Option<String>> {
    let Some(header) = context.state.header(py, HeaderName::Cookie)? else {
        return Ok(None);
    };
    let name = config.get_item(intern!(py, "SESSION_COOKIE_NAME"))?;
    // No cookie is called by what is no text.
    let Ok(name) = name.extract::<&str>() else {
        return Ok(None);
    };
    Ok(parse_cookies(&header)
        .find(|(key, _)| AsRef::<str>::as_ref(key) == name)
        .map(|(_, value)| value.into_owned()))
}

/// The request's session. None when Python has to open it: no secret key, or a key it must complain about.
pub fn open<'py>(context: &Bound<'py, RequestContext>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = context.py();
    let this = context.get();
    let app = this.app(py);
    let config = Config::of(app)?;
    let Ok(Some(keys)) = keys(app, &config) else {
        return Ok(None);
    };
    let Some(cookie) = cookie_of(this, py, &config)?.filter(|c| !c.is_empty()) else {
        return make_session(py, None).map(Some);
    };
    let seconds = session_seconds(app, &config)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "int() of a timedelta's seconds, which are far below 2**63"
    )]
    let max_age = seconds as i64;
    let Some(opened) = cookie::open(py, keys.get(), &cookie, Some(max_age))? else {
        return make_session(py, None).map(Some);
    };
    this.packed_session.put(py, opened.packed);
    make_session(py, Some(&opened.session)).map(Some)
}

/// A session of the interface's class: here what its `__init__` would set, while that is as it was.
fn make_session<'py>(py: Python<'py>, content: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
    let guards = guards(py)?;
    let class = guards.interface.class(py).getattr(intern!(py, "session_class"))?;
    if let (Ok(kind), Some(on_update)) = (class.cast::<PyType>(), &guards.on_update)
        && guards.session.passes(kind)
        && guards.callback_dict.passes(guards.callback_dict.class(py))
    {
        let made = ffi::bare_instance::<PyDict>(kind)?;
        if let Some(content) = content {
            made.cast::<PyDict>()?.update(content.as_mapping())?;
        }
        ffi::instance_dict(&made)?.set_item(intern!(py, "on_update"), on_update)?;
        return Ok(made);
    }
    match content {
        Some(content) => class.call1((content,)),
        None => class.call0(),
    }
}

/// What saving this session changes. None when the Python interface has to save it (foreign values, a cookie to warn
/// about).
pub fn change(context: &Bound<'_, RequestContext>, session: &Bound<'_, PyAny>) -> PyResult<Option<SessionChange>> {
    let py = context.py();
    if session.is_instance(guards(py)?.null_session.bind(py))? {
        return Ok(Some(SessionChange::default()));
    }
    let this = context.get();
    let Some(data) = is_own_session(session)? else {
        return Ok(None);
    };
    let config = Config::of(this.app(py))?;
    let flag = |name| session.getattr(name)?.is_truthy();
    let (accessed, modified) = (flag(intern!(py, "accessed"))?, flag(intern!(py, "modified"))?);
    let permanent = data
        .get_item(intern!(py, "_permanent"))?
        .map_or(Ok(false), |v| v.is_truthy())?;
    let refreshed = intern!(py, "SESSION_REFRESH_EACH_REQUEST");
    if !(modified || permanent && config.get_item(refreshed)?.is_truthy()?) {
        return Ok(Some(SessionChange { accessed, cookie: None }));
    }
    let cookie = if data.is_empty() {
        attributes::expired_cookie(py, &config)?
    } else {
        sealed_cookie(this, &config, data, permanent)?
    };
    Ok(cookie.map(|cookie| SessionChange {
        accessed,
        cookie: Some(cookie),
    }))
}

/// The whole `Set-Cookie` value, or None where Python has to write it.
fn sealed_cookie(
    context: &RequestContext,
    config: &Config<'_>,
    data: &Bound<'_, PyDict>,
    permanent: bool,
) -> PyResult<Option<Bytes>> {
    let py = data.py();
    let app = context.app(py);
    let Ok(Some(keys)) = keys(app, config) else {
        return Ok(None);
    };
    let provider = app_attribute(app, AppAttribute::Json)?;
    if !provider::is_core(&provider)? {
        return Ok(None);
    }
    let options = provider::options(&provider)?;
    let packed = std::mem::take(&mut *context.packed_session.look(py));
    let Some(value) = cookie::seal(py, keys.get(), data, packed.as_ref(), &options)? else {
        return Ok(None);
    };
    attributes::cookie_of_value(app, config, &value, permanent)
}
