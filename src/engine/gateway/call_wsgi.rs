//! Both sides of WSGI: an answer given to a server's `start_response`, and any WSGI callable run for our own server.

use bytes::Bytes;
use parking_lot::Mutex;
use pyo3::exceptions::{PyAssertionError, PyRuntimeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyIterator, PyList, PyString, PyTuple};

use crate::engine::headers::status::split_status;
use crate::engine::headers::text::latin1;
use crate::engine::message::body_bytes::BodyBytes;
use crate::engine::message::raw_response::{Payload, RawResponse};

/// Status, reason phrase if it is not Werkzeug's, and headers.
type Started = (u16, Option<String>, Vec<(Bytes, Bytes)>);

/// The `start_response` our server gives to a WSGI callable.
#[pyclass(frozen, module = "ferroflask._core")]
#[derive(Default)]
pub struct StartResponse {
    started: Mutex<Option<Started>>,
    written: Mutex<Vec<u8>>,
}

impl StartResponse {
    pub(super) fn begin(&self, started: Started, again: bool) -> PyResult<()> {
        let mut held = self.started.lock();
        if held.is_some() && !again {
            return Err(PyAssertionError::new_err(
                "start_response was called twice; pass exc_info to replace the headers",
            ));
        }
        *held = Some(started);
        Ok(())
    }
}

#[pymethods]
impl StartResponse {
    #[pyo3(signature = (status, headers, exc_info=None))]
    fn __call__<'py>(
        slf: &Bound<'py, Self>,
        status: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        exc_info: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (number, reason) = split_status(status.cast::<PyString>()?.to_str()?)?;
        let headers = read_headers(headers)?;
        slf.get().begin((number, Some(reason), headers), exc_info.is_some())?;
        slf.as_any().getattr(intern!(slf.py(), "write"))
    }

    /// The old imperative way to send body bytes.
    fn write(&self, data: &[u8]) {
        self.written.lock().extend_from_slice(data);
    }
}

fn read_headers(headers: &Bound<'_, PyAny>) -> PyResult<Vec<(Bytes, Bytes)>> {
    let mut read = Vec::new();
    for item in headers.try_iter()? {
        let pair = item?.cast_into::<PyTuple>()?;
        let (name, value) = (pair.get_item(0)?, pair.get_item(1)?);
        read.push((
            latin1(name.cast::<PyString>()?.to_str()?)?.into(),
            latin1(value.cast::<PyString>()?.to_str()?)?.into(),
        ));
    }
    Ok(read)
}

/// Runs a WSGI callable for one request of our server.
pub fn call<'py>(application: &Bound<'py, PyAny>, environ: &Bound<'py, PyDict>) -> PyResult<RawResponse> {
    let py = application.py();
    let start = Bound::new(py, StartResponse::default())?;
    let body = application.call1((environ, &start))?;
    collect(&start, &body)
}

/// Waits until the headers are there and takes the body apart; one that is no use is closed, as PEP 3333 demands.
pub fn collect(start: &Bound<'_, StartResponse>, body: &Bound<'_, PyAny>) -> PyResult<RawResponse> {
    let collected = take_apart(start, body);
    if collected.is_err()
        && let Err(error) = close(body)
    {
        error.write_unraisable(body.py(), Some(body));
    }
    collected
}

/// An application may start only when its body is first iterated.
fn take_apart(start: &Bound<'_, StartResponse>, body: &Bound<'_, PyAny>) -> PyResult<RawResponse> {
    let py = start.py();
    let mut first = None;
    let mut iterator = None;
    if start.get().started.lock().is_none() {
        let chunks = body.try_iter()?;
        first = first_chunk(&chunks, start)?;
        iterator = Some(chunks);
    }
    let Some((status, reason, headers)) = start.get().started.lock().take() else {
        return Err(PyRuntimeError::new_err(
            "the application returned without calling start_response",
        ));
    };
    let written = std::mem::take(&mut *start.get().written.lock());
    let payload = if iterator.is_none() && written.is_empty() {
        payload_of(body)
    } else {
        let head: Vec<_> = [(!written.is_empty()).then(|| PyBytes::new(py, &written)), first]
            .into_iter()
            .flatten()
            .map(Bound::unbind)
            .collect();
        let chained = Chained {
            head: Mutex::new(head),
            rest: iterator.map(Bound::unbind),
            body: body.clone().unbind(),
        };
        Payload::Iterable(Bound::new(py, chained)?.into_any().unbind())
    };
    Ok(RawResponse {
        status,
        reason,
        headers,
        payload,
    })
}

/// The first chunk that has bytes, or the one that made the application start.
fn first_chunk<'py>(
    chunks: &Bound<'py, PyIterator>,
    start: &Bound<'py, StartResponse>,
) -> PyResult<Option<Bound<'py, PyBytes>>> {
    for chunk in chunks.clone() {
        let chunk = chunk?.cast_into::<PyBytes>()?;
        if !chunk.as_bytes().is_empty() || start.get().started.lock().is_some() {
            return Ok(Some(chunk));
        }
    }
    Ok(None)
}

/// A body that is all there already, without iterating it: a list or tuple of one chunk or none.
fn payload_of(body: &Bound<'_, PyAny>) -> Payload {
    if let Ok(list) = body.cast_exact::<PyList>() {
        match list.len() {
            0 => return Payload::Empty,
            1 => {
                if let Ok(chunk) = list
                    .get_item(0)
                    .and_then(|c| c.cast_into::<PyBytes>().map_err(Into::into))
                {
                    return Payload::Bytes(BodyBytes::of(&chunk));
                }
            }
            _ => {}
        }
    }
    Payload::Iterable(body.clone().unbind())
}

/// Calls an iterable's `close()` if it has one.
pub fn close(body: &Bound<'_, PyAny>) -> PyResult<()> {
    match body.getattr_opt(intern!(body.py(), "close"))? {
        Some(close) => close.call0().map(drop),
        None => Ok(()),
    }
}

/// Chunks that were taken already, then the rest of the body; closing closes the body. Only the thread that iterates it
/// has it, so no collection need see what it refers to.
#[pyclass(frozen, module = "ferroflask._core")]
struct Chained {
    head: Mutex<Vec<Py<PyBytes>>>,
    rest: Option<Py<PyIterator>>,
    body: Py<PyAny>,
}

#[pymethods]
impl Chained {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let ready = {
            let mut head = self.head.lock();
            if head.is_empty() { None } else { Some(head.remove(0)) }
        };
        if let Some(chunk) = ready {
            return Ok(Some(chunk.into_bound(py).into_any()));
        }
        match &self.rest {
            Some(rest) => rest.bind(py).clone().next().transpose(),
            None => Ok(None),
        }
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        close(self.body.bind(py))
    }
}
