//! A finished answer for a WSGI server: `start_response` is called and the iterable returned.
//!
//! It must not know how an application is called.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::call_wsgi::StartResponse;
use super::to_wire::InMemory;
use crate::engine::headers::status::reason;
use crate::engine::headers::text::wsgi_text;
use crate::engine::message::outcome::Outcome;
use crate::engine::message::raw_response::{Payload, RawResponse};
use crate::engine::request::environ::is_head;

/// Starts a WSGI response and gives its body: natively when the answer can be taken apart, else by running the response
/// as the WSGI application it is.
pub fn start<'py>(
    app: &Bound<'py, PyAny>,
    answer: Outcome,
    environ: &Bound<'py, PyDict>,
    start_response: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let is_head = is_head(environ)?;
    let ready = match InMemory::of(py, answer, is_head)? {
        InMemory::Whole(ready) => ready,
        InMemory::Runs(response) => return response.call1((environ, start_response)),
    };
    // Between our server and our application nothing has to be spelled out, whatever stands between them.
    if let Ok(ours) = start_response.cast_exact::<StartResponse>() {
        let chunks = PyList::empty(py);
        if let Payload::Bytes(body) = &ready.payload {
            chunks.append(body.to_py(py))?;
        }
        ours.get().begin((ready.status, ready.reason, ready.headers), false)?;
        return Ok(chunks.into_any());
    }
    let spelled = Spelled::of(py, &ready)?;
    start_response.call1((spelled.status, spelled.headers))?;
    Ok(spelled.chunks.into_any())
}

/// An answer whose body is in memory, as WSGI has it.
pub struct Spelled<'py> {
    pub status: Bound<'py, PyString>,
    pub headers: Bound<'py, PyList>,
    pub chunks: Bound<'py, PyList>,
}

impl<'py> Spelled<'py> {
    pub fn of(py: Python<'py>, ready: &RawResponse) -> PyResult<Self> {
        let status = match (&ready.reason, ready.status) {
            (None, 200) => intern!(py, "200 OK").clone(),
            (None, status) => PyString::new(py, &format!("{status} {}", reason(py, status)?)),
            (Some(phrase), status) => PyString::new(py, &format!("{status} {phrase}")),
        };
        let headers = PyList::empty(py);
        for (name, value) in &ready.headers {
            headers.append((wsgi_text(py, name), wsgi_text(py, value)))?;
        }
        let chunks = PyList::empty(py);
        if let Payload::Bytes(body) = &ready.payload {
            chunks.append(body.to_py(py))?;
        }
        Ok(Self {
            status,
            headers,
            chunks,
        })
    }
}
