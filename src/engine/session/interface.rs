//! When the session is opened and saved. The default interface opens on first touch; any other one is called exactly
//! when stock calls it.

use pyo3::exceptions::PyAssertionError;
use pyo3::intern;
use pyo3::prelude::*;

use super::change::SessionChange;
use super::default;
use crate::engine::app::config::Config;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::request::context::RequestContext;
use crate::http::header_name::HeaderName;

/// Opens the session and keeps it on the context.
pub fn open<'py>(context: &Bound<'py, RequestContext>) -> PyResult<Bound<'py, PyAny>> {
    let py = context.py();
    let this = context.get();
    let app = this.app(py);
    let native = if default::is_default(app)? && this.has_core_request(py)? {
        default::open(context)?
    } else {
        None
    };
    let session = match native {
        Some(session) => session,
        None => open_with_python(app, &this.request(py)?)?,
    };
    this.session.set(py, Some(session.clone().unbind()));
    Ok(session)
}

fn open_with_python<'py>(app: &Bound<'py, PyAny>, request: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let interface = app_attribute(app, AppAttribute::SessionInterface)?;
    let session = interface.call_method1(intern!(py, "open_session"), (app, request))?;
    if session.is_none() {
        return interface.call_method1(intern!(py, "make_null_session"), (app,));
    }
    Ok(session)
}

/// The session without counting as access: opened if the context is bound and it was not yet, None before the context
/// was pushed.
pub fn untouched<'py>(context: &Bound<'py, RequestContext>) -> PyResult<Option<Bound<'py, PyAny>>> {
    if let Some(session) = context.get().session.get(context.py()) {
        return Ok(Some(session));
    }
    if context.get().is_bound(context.py()) {
        open(context).map(Some)
    } else {
        Ok(None)
    }
}

/// The session on first access.
pub fn touched<'py>(context: &Bound<'py, RequestContext>) -> PyResult<Bound<'py, PyAny>> {
    let session =
        untouched(context)?.ok_or_else(|| PyAssertionError::new_err("The session has not yet been opened."))?;
    session.setattr(intern!(context.py(), "accessed"), true)?;
    Ok(session)
}

/// Whether stock would have opened the session of a request by now, and so have read the request's cookies.
pub fn has_read_cookies(request: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = request.py();
    let Ok(Some(context)) = RequestContext::current(py) else {
        return Ok(false);
    };
    let this = context.get();
    if !this.request_if_made(py).is_some_and(|own| own.is(request)) || !default::is_default(this.app(py))? {
        return Ok(false);
    }
    this.app(py).getattr(intern!(py, "secret_key"))?.is_truthy()
}

/// Whether saving could leave a trace on the response. A default session nobody opened could only be refreshed, and
/// only when its cookie came in and is marked permanent.
fn may_need_saving(context: &Bound<'_, RequestContext>) -> PyResult<bool> {
    let py = context.py();
    let this = context.get();
    let app = this.app(py);
    if this.session.is_set(py) || !default::is_default(app)? {
        return Ok(true);
    }
    if this.state.header(py, HeaderName::Cookie)?.is_none() {
        return Ok(false);
    }
    let config = Config::of(app)?;
    Ok(
        default::cookie_of(this, py, &config)?.is_some_and(|cookie| !cookie.is_empty())
            && config
                .get_item(intern!(py, "SESSION_REFRESH_EACH_REQUEST"))?
                .is_truthy()?,
    )
}

/// What saving the session changes on the answer; None when the interface's own `save_session` has to be called.
pub fn change(context: &Bound<'_, RequestContext>) -> PyResult<Option<SessionChange>> {
    if !may_need_saving(context)? {
        return Ok(Some(SessionChange::default()));
    }
    if !default::is_default(context.get().app(context.py()))? {
        return Ok(None);
    }
    match untouched(context)? {
        Some(session) => default::change(context, &session),
        None => Ok(None),
    }
}

/// Has the interface save the session into a response object.
pub fn save_with_python(context: &Bound<'_, RequestContext>, response: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = context.py();
    let app = context.get().app(py);
    let interface = app_attribute(app, AppAttribute::SessionInterface)?;
    let session = untouched(context)?;
    if interface
        .call_method1(intern!(py, "is_null_session"), (session.as_ref(),))?
        .is_truthy()?
    {
        return Ok(());
    }
    interface
        .call_method1(intern!(py, "save_session"), (app, session, response))
        .map(drop)
}
