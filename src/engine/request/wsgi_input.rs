//! `wsgi.input` over a body that is still arriving: a small file object that reads chunks from the server, detached
//! from Python while it waits. It must not know about forms or limits; Werkzeug's `LimitedStream` and ours stand above
//! it.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use parking_lot::Mutex;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::engine::message::raw_request::BodyReader;

struct Pending {
    held: Bytes,
    ended: bool,
}

/// A binary input stream with `read`, `readline`, `readlines` and iteration.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct WireInput {
    reader: Arc<dyn BodyReader>,
    pending: Mutex<Pending>,
}

impl WireInput {
    pub fn new(reader: Arc<dyn BodyReader>) -> Self {
        Self {
            reader,
            pending: Mutex::new(Pending {
                held: Bytes::new(),
                ended: false,
            }),
        }
    }

    /// More bytes into `held`, `wanted` of them if need be; false at the end of the body.
    fn refill(&self, pending: &mut Pending, wanted: usize) -> std::io::Result<bool> {
        while pending.held.is_empty() && !pending.ended {
            pending.held = self.reader.next_chunk(wanted)?;
            pending.ended = pending.held.is_empty();
        }
        Ok(!pending.held.is_empty())
    }

    fn take_up_to(&self, size: Option<usize>) -> std::io::Result<Bytes> {
        let mut pending = self.pending.lock();
        let wanted = size.unwrap_or(usize::MAX);
        if !self.refill(&mut pending, wanted)? || wanted == 0 {
            return Ok(Bytes::new());
        }
        if wanted <= pending.held.len() {
            return Ok(pending.held.split_to(wanted));
        }
        let mut whole = BytesMut::new();
        while whole.len() < wanted && self.refill(&mut pending, wanted - whole.len())? {
            let piece = pending.held.len().min(wanted - whole.len());
            whole.extend_from_slice(&pending.held.split_to(piece));
        }
        Ok(whole.freeze())
    }

    fn take_line(&self, size: Option<usize>) -> std::io::Result<Bytes> {
        let mut pending = self.pending.lock();
        let mut line = BytesMut::new();
        let limit = size.unwrap_or(usize::MAX);
        while line.len() < limit && self.refill(&mut pending, 1)? {
            let window = &pending.held[..pending.held.len().min(limit - line.len())];
            let newline = memchr::memchr(b'\n', window);
            let piece = newline.map_or(window.len(), |at| at + 1);
            line.extend_from_slice(&pending.held.split_to(piece));
            if newline.is_some() {
                break;
            }
        }
        Ok(line.freeze())
    }
}

/// Python's "no size" forms (absent, None, negative) are None here.
fn wanted(size: Option<isize>) -> Option<usize> {
    size.and_then(|n| usize::try_from(n).ok())
}

#[expect(
    clippy::unused_self,
    reason = "a file object has these methods, whatever it is open on"
)]
#[pymethods]
impl WireInput {
    #[pyo3(signature = (size=None, /))]
    fn read<'py>(&self, py: Python<'py>, size: Option<isize>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = py.detach(|| self.take_up_to(wanted(size)))?;
        Ok(PyBytes::new(py, &bytes))
    }

    #[pyo3(signature = (size=None, /))]
    fn readline<'py>(&self, py: Python<'py>, size: Option<isize>) -> PyResult<Bound<'py, PyBytes>> {
        let line = py.detach(|| self.take_line(wanted(size)))?;
        Ok(PyBytes::new(py, &line))
    }

    /// Lines until the body ends or, with a hint, until that many bytes were read.
    #[pyo3(signature = (hint=None, /))]
    fn readlines<'py>(&self, py: Python<'py>, hint: Option<isize>) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let enough = wanted(hint).filter(|n| *n > 0);
        let (mut lines, mut total) = (Vec::new(), 0);
        loop {
            let line = py.detach(|| self.take_line(None))?;
            if line.is_empty() {
                return Ok(lines);
            }
            total += line.len();
            lines.push(PyBytes::new(py, &line));
            if enough.is_some_and(|n| total >= n) {
                return Ok(lines);
            }
        }
    }

    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let line = py.detach(|| self.take_line(None))?;
        Ok((!line.is_empty()).then(|| PyBytes::new(py, &line)))
    }

    #[getter]
    fn closed(&self) -> bool {
        false
    }

    fn readable(&self) -> bool {
        true
    }

    /// Does nothing: the connection outlives the body.
    fn close(&self) {}
}
