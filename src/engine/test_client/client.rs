//! Sending: from the arguments of `client.open` to its response.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyTuple};

use super::client_response::{ClientReply, ResponseParts};
use super::guards;
use super::plain_request::{self, PlainRequest};
use super::request::SentRequest;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::lifecycle::wsgi_app;
use crate::engine::request::state::RequestState;

/// Sends the request that these arguments of `open` describe, and returns the response; None when the request is not
/// plain, or the program replaced something that Werkzeug's client would call. Then nothing has happened yet.
#[pyfunction]
pub fn send_plain_request<'py>(
    client: &Bound<'py, PyAny>,
    args: &Bound<'py, PyTuple>,
    kwargs: &Bound<'py, PyDict>,
    buffered: bool,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = client.py();
    let app = client.getattr(intern!(py, "application"))?;
    if !guards::sends_natively(client, &app)? {
        return Ok(None);
    }
    let base = client.getattr(intern!(py, "environ_base"))?;
    let Ok(base) = base.cast_exact::<PyDict>() else {
        return Ok(None);
    };
    let base = plain_request::Base {
        environ: base,
        preserver: preserver(client)?,
    };
    let Some(request) = plain_request::read(&app, args, kwargs, &base)? else {
        return Ok(None);
    };
    add_cookies(client, &request.environ)?;
    client
        .getattr(intern!(py, "_context_stack"))?
        .call_method0(intern!(py, "close"))?;
    let PlainRequest { environ, body, is_odd } = request;
    let (state, sent) = RequestState::from_sent(&environ, body)?;
    let state = Arc::new(state);
    if is_odd {
        state.environ(py)?;
    }
    let reply = wsgi_app::request(&app, &state, |answer| ClientReply::from_answer(py, answer, &state))?;
    let parts = ResponseParts::collect(py, reply, buffered)?;
    let cookies = parts.cookies()?;
    if !cookies.is_empty() {
        client.call_method1(intern!(py, "_keep_cookies"), (&environ, cookies))?;
    }
    let kind = client.getattr(intern!(py, "response_wrapper"))?;
    parts
        .respond(&kind, SentRequest(sent), app_attribute(&app, AppAttribute::Json)?)
        .map(Some)
}

/// The environ that the builder would make of these arguments; None when they are not plain or the builder was
/// replaced.
#[pyfunction]
pub fn plain_environ<'py>(
    app: &Bound<'py, PyAny>,
    args: &Bound<'py, PyTuple>,
    kwargs: &Bound<'py, PyDict>,
) -> PyResult<Option<Bound<'py, PyDict>>> {
    static BYTES_IO: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = app.py();
    if !guards::has_own_builder(py) {
        return Ok(None);
    }
    let base = plain_request::Base {
        environ: &PyDict::new(py),
        preserver: None,
    };
    let Some(request) = plain_request::read(app, args, kwargs, &base)? else {
        return Ok(None);
    };
    let stream = BYTES_IO
        .import(py, "io", "BytesIO")?
        .call1((PyBytes::new(py, &request.body),))?;
    // An override of the stream stays.
    if request
        .environ
        .get_item(intern!(py, "wsgi.input"))?
        .is_some_and(|v| v.is_none())
    {
        request.environ.set_item(intern!(py, "wsgi.input"), stream)?;
    }
    Ok(Some(request.environ))
}

/// What a client in a `with` block puts into the environ, to be handed the contexts.
fn preserver<'py>(client: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = client.py();
    if !client.getattr(intern!(py, "preserve_context"))?.is_truthy()? {
        return Ok(None);
    }
    client
        .getattr(intern!(py, "_new_contexts"))?
        .getattr(intern!(py, "append"))
        .map(Some)
}

/// Sets the Cookie header, in the place where it comes after the request was made.
fn add_cookies(client: &Bound<'_, PyAny>, environ: &Bound<'_, PyDict>) -> PyResult<()> {
    let py = client.py();
    environ.set_item(intern!(py, "werkzeug.request"), py.None())?;
    let cookies = client.getattr(intern!(py, "_cookies"))?;
    if cookies.cast::<PyDict>().is_ok_and(PyDictMethods::is_empty) {
        // Without cookies the method takes the header away, after working the URL out.
        if environ.contains(intern!(py, "HTTP_COOKIE"))? {
            environ.del_item(intern!(py, "HTTP_COOKIE"))?;
        }
    } else if !cookies.is_none() {
        client.call_method1(intern!(py, "_add_cookies_to_wsgi"), (environ,))?;
    }
    Ok(())
}
