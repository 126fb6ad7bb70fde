//! When the session is opened and saved. The default interface opens on first touch; any other one is called exactly when stock calls it.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyType};

use http::header;

use super::context::RequestContext;
use super::pristine::Pristine;

static DEFAULT: PyOnceLock<Pristine> = PyOnceLock::new();

/// What must be unchanged on the default interface for the core to know when it does what.
const SEALED: [&str; 12] = [
    "open_session",
    "save_session",
    "is_null_session",
    "make_null_session",
    "should_set_cookie",
    "get_cookie_name",
    "get_signing_serializer",
    "salt",
    "digest_method",
    "key_derivation",
    "serializer",
    "session_class",
];

/// Whether the app's session interface is the default one, untouched.
pub fn opens_on_touch(app: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = app.py();
    let interface = app.getattr(intern!(py, "session_interface"))?;
    let sealed = DEFAULT.get_or_try_init(py, || {
        let kind = py.import("flask.sessions")?.getattr("SecureCookieSessionInterface")?.cast_into::<PyType>()?;
        Pristine::seal(&kind, &SEALED)
    })?;
    Ok(sealed.holds(&interface.get_type()) && super::ffi::instance_dict(&interface)?.is_empty())
}

/// Opens the session through the app's interface and keeps it on the context.
pub fn open<'py>(context: &Bound<'py, RequestContext>) -> PyResult<Bound<'py, PyAny>> {
    let py = context.py();
    let this = context.get();
    let app = this.app(py);
    let interface = app.getattr(intern!(py, "session_interface"))?;
    let mut session = interface.call_method1(intern!(py, "open_session"), (app, this.request(py)?))?;
    if session.is_none() {
        session = interface.call_method1(intern!(py, "make_null_session"), (app,))?;
    }
    this.session.set(Some(session.clone().unbind()));
    Ok(session)
}

/// The session without counting as access: opened if it is bound and was not yet, None before the context was pushed.
pub fn untouched<'py>(context: &Bound<'py, RequestContext>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = context.py();
    if let Some(session) = context.get().session.get(py) {
        return Ok(Some(session));
    }
    if !context.get().is_bound() {
        return Ok(None);
    }
    open(context).map(Some)
}

/// The session for somebody who uses it.
pub fn touched<'py>(context: &Bound<'py, RequestContext>) -> PyResult<Bound<'py, PyAny>> {
    let py = context.py();
    let Some(session) = untouched(context)? else {
        return Err(pyo3::exceptions::PyAssertionError::new_err("The session has not yet been opened."));
    };
    session.setattr(intern!(py, "accessed"), true)?;
    Ok(session)
}

/// Whether saving could leave a trace on the response. A default session nobody opened could only be refreshed, and only when its
/// cookie came in and is marked permanent.
pub fn may_need_saving(context: &Bound<'_, RequestContext>) -> PyResult<bool> {
    let py = context.py();
    let this = context.get();
    let app = this.app(py);
    if this.session.is_set() || !opens_on_touch(app)? {
        return Ok(true);
    }
    let Some(cookies) = this.state.header(py, &header::COOKIE)? else { return Ok(false) };
    let config = app.getattr(intern!(py, "config"))?;
    let name = config.get_item(intern!(py, "SESSION_COOKIE_NAME"))?;
    if !cookies.contains(name.cast::<PyString>()?.to_str()?) {
        return Ok(false);
    }
    config.get_item(intern!(py, "SESSION_REFRESH_EACH_REQUEST"))?.is_truthy()
}

/// Saves the session into a response object, as stock does at the end of `process_response`.
pub fn save(context: &Bound<'_, RequestContext>, response: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = context.py();
    if !may_need_saving(context)? {
        return Ok(());
    }
    let app = context.get().app(py);
    let interface = app.getattr(intern!(py, "session_interface"))?;
    let session = untouched(context)?;
    if interface.call_method1(intern!(py, "is_null_session"), (session.as_ref(),))?.is_truthy()? {
        return Ok(());
    }
    interface.call_method1(intern!(py, "save_session"), (app, session, response)).map(drop)
}
