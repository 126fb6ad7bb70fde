//! A request that came with its environ and its whole body in memory, as the test client sends it. The application is
//! shown a copy of the environ, made when somebody asks; until then body and headers are read from here. It must not
//! know who sent it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict};

use super::environ::python_key;
use super::head::Ends;
use crate::engine::interpreter::gil_slot::GilSlot;
use crate::http::header_name::HeaderName;

pub struct Sent {
    /// The sender's environ. Its `wsgi.input` is None until somebody needs it.
    environ: Py<PyDict>,
    pub ends: Ends,
    body: Bytes,
    /// The body was read without the stream: a stream made later is at its end.
    taken: AtomicBool,
    input: GilSlot,
}

impl Sent {
    pub fn new(environ: &Bound<'_, PyDict>, ends: Ends, body: Bytes) -> Self {
        Self {
            environ: environ.clone().unbind(),
            ends,
            body,
            taken: AtomicBool::new(false),
            input: GilSlot::default(),
        }
    }

    pub fn body(&self) -> Bytes {
        self.body.clone()
    }

    /// The body has been read.
    pub fn take(&self) {
        self.taken.store(true, Ordering::Relaxed);
    }

    /// Whether somebody has the stream, which then is the only reader.
    pub fn has_stream(&self, py: Python<'_>) -> bool {
        self.input.is_set(py)
    }

    /// The sender's environ, with the stream that the application reads, or has read.
    pub fn senders_environ<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let environ = self.environ.bind(py);
        if !self.has_stream(py) {
            environ.set_item(intern!(py, "wsgi.input"), self.stream(py)?)?;
        }
        Ok(environ.clone())
    }

    /// A copy of the environ for the application, whose changes the sender does not see.
    pub fn shown<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.senders_environ(py)?.copy()
    }

    /// An entry of the environ that is no stream.
    pub fn get<'py>(&self, py: Python<'py>, key: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.environ.bind(py).get_item(key)
    }

    /// A header's value as text.
    pub fn header(&self, py: Python<'_>, name: HeaderName) -> PyResult<Option<String>> {
        let value = self
            .environ
            .bind(py)
            .get_item(python_key(py, name.as_str().as_bytes()))?;
        value.map(|v| v.extract()).transpose()
    }

    /// For `__traverse__` of a sole owner.
    pub fn traverse(self: &Arc<Self>, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        if Arc::strong_count(self) > 1 {
            return Ok(());
        }
        visit.call(&self.environ)?;
        self.input.traverse(visit)
    }

    fn stream<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static BYTES_IO: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        self.input.get_or_make(py, || {
            let stream = BYTES_IO
                .import(py, "io", "BytesIO")?
                .call1((PyBytes::new(py, &self.body),))?;
            if self.taken.load(Ordering::Relaxed) {
                stream.call_method1(intern!(py, "seek"), (self.body.len(),))?;
            }
            Ok(stream)
        })
    }
}
