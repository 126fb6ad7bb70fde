//! The door for our own server: one request in, one answer out, whatever the application is. Nothing that goes wrong in
//! the application leaves here as anything but an answer: an exception nobody handled is logged and becomes a 500, and
//! so does a panic.

use std::any::Any;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::{call_wsgi, to_wire};
use crate::engine::app::core::AppCore;
use crate::engine::app::lookup::{app_attribute, is_overridden};
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::app::steps::Step;
use crate::engine::lifecycle::wsgi_app;
use crate::engine::message::raw_request::RawRequest;
use crate::engine::message::raw_response::{Payload, RawResponse};
use crate::engine::request::environ;
use crate::engine::request::forwarded::Forwarded;
use crate::engine::request::head::method_text;
use crate::engine::request::state::RequestState;
use crate::engine::url_map::Peek;
use crate::engine::url_map::map::peek_handle;

/// The application a server serves: a Flask app, or any WSGI callable.
pub struct Target {
    app: Py<PyAny>,
    is_flask: bool,
    peek: Option<Peek>,
}

impl Target {
    pub fn new(py: Python<'_>, app: Py<PyAny>) -> PyResult<Self> {
        let bound = app.bind(py);
        let is_flask = bound.is_instance_of::<AppCore>();
        let peek = if is_flask {
            peek_handle(&app_attribute(bound, AppAttribute::UrlMap)?)
        } else {
            None
        };
        Ok(Self { app, is_flask, peek })
    }

    /// A key for scheduling statistics, had without Python: requests of one endpoint have the same key. What was found
    /// on the way is left in the request.
    pub fn lane_key(&self, request: &mut RawRequest) -> u64 {
        let (path, _) = environ::split_target(&request.target);
        let method = &*method_text(&request.method);
        if let Some(peek) = &self.peek {
            request.peeked = peek.find(&environ::decode_path(path), method);
        }
        if let Some(peeked) = &request.peeked {
            return u64::from(peeked.rule()) + 1;
        }
        // Without a rule (404, foreign application) the method and the first segment have to do.
        let mut hasher = DefaultHasher::new();
        (method, path.trim_start_matches('/').split('/').next()).hash(&mut hasher);
        hasher.finish() | 1 << 63
    }

    /// Runs the request. Never fails and never panics.
    pub fn handle(&self, py: Python<'_>, request: RawRequest) -> RawResponse {
        let mut state = Arc::new(RequestState::from_wire(request));
        let failure = match catch_unwind(AssertUnwindSafe(|| self.run(py, &mut state))) {
            Ok(Ok(response)) => return response,
            Ok(Err(error)) => Failure::Raised(error),
            Err(panic) => Failure::Panicked(panic),
        };
        // Escaped: a path may have a line break, and what follows it would look like another entry.
        failure.log(py, &format!("{} {}", state.head.method, state.head.path.escape_debug()));
        internal_server_error()
    }

    fn run(&self, py: Python<'_>, state: &mut Arc<RequestState>) -> PyResult<RawResponse> {
        let app = self.app.bind(py);
        if !self.is_flask || is_overridden(app, Step::Call)? {
            return call_wsgi::call(app, &state.environ(py)?);
        }
        if is_at_the_door(app, state)? {
            return wsgi_app::request(app, state, |answer| to_wire::from_answer(py, answer, state));
        }
        // All that our own `__call__` does.
        call_wsgi::call(&app.getattr(intern!(py, "wsgi_app"))?, &state.environ(py)?)
    }
}

/// Whether there is nothing before the application's own `wsgi_app`, or nothing any more: what a proxy said was taken
/// down.
fn is_at_the_door(app: &Bound<'_, PyAny>, state: &mut Arc<RequestState>) -> PyResult<bool> {
    if !is_overridden(app, Step::WsgiApp)? {
        return Ok(true);
    }
    let Some(state) = Arc::get_mut(state) else {
        return Ok(false);
    };
    let Some(forwarded) = state
        .received()
        .map_or(Ok(None), |header| Forwarded::by(app, &header))?
    else {
        return Ok(false);
    };
    state.forward(forwarded)?;
    Ok(true)
}

enum Failure {
    Raised(PyErr),
    Panicked(Box<dyn Any + Send>),
}

impl Failure {
    /// One log entry on `ferroflask.server`; a logger that fails itself is reported by the interpreter.
    fn log(self, py: Python<'_>, line: &str) {
        let logged = (|| {
            let logger = py
                .import(intern!(py, "logging"))?
                .call_method1(intern!(py, "getLogger"), ("ferroflask.server",))?;
            let arguments = PyDict::new(py);
            let message = match &self {
                Self::Raised(error) => {
                    arguments.set_item(intern!(py, "exc_info"), error.value(py))?;
                    format!("Error on request {line}")
                }
                Self::Panicked(panic) => {
                    let text = panic
                        .downcast_ref::<&str>()
                        .map(|t| (*t).to_owned())
                        .or_else(|| panic.downcast_ref::<String>().cloned());
                    format!("Panic on request {line}: {}", text.unwrap_or_default())
                }
            };
            logger
                .call_method(intern!(py, "error"), ("%s", message), Some(&arguments))
                .map(drop)
        })();
        if let Err(error) = logged {
            error.write_unraisable(py, None);
        }
    }
}

/// What Werkzeug's server answers when an application fails outside of Flask's own error handling.
const BODY: &[u8] = b"<!doctype html>\n<html lang=en>\n<title>500 Internal Server Error</title>\n<h1>Internal Server Error</h1>\n\
<p>The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an \
error in the application.</p>\n";

/// The answer when the application has none.
pub fn internal_server_error() -> RawResponse {
    RawResponse {
        status: 500,
        reason: None,
        headers: vec![
            (
                Bytes::from_static(b"Content-Type"),
                Bytes::from_static(b"text/html; charset=utf-8"),
            ),
            (
                Bytes::from_static(b"Content-Length"),
                Bytes::copy_from_slice(BODY.len().to_string().as_bytes()),
            ),
        ],
        payload: Payload::Bytes(Bytes::from_static(BODY).into()),
    }
}
