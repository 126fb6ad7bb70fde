//! A Python iterable of bytes, as the body of an answer: iterated where its view ran, closed whatever happens.
//!
//! Must not know how pieces are framed or sent.

use bytes::Bytes;
use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator};

use crate::engine::message::body_bytes::BodyBytes;

/// An iterable that has been opened. [`Source::close`] has to be called.
pub struct Source {
    iterable: Py<PyAny>,
    iterator: Option<Py<PyIterator>>,
}

impl Source {
    pub fn new(iterable: Py<PyAny>) -> Self {
        Self {
            iterable,
            iterator: None,
        }
    }

    /// The next piece that is not empty; `None` at the end.
    ///
    /// # Errors
    /// What the iterable raises, or that a piece is not `bytes`.
    pub fn next(&mut self, py: Python<'_>) -> PyResult<Option<Bytes>> {
        let iterator = match &self.iterator {
            Some(iterator) => iterator,
            None => self.iterator.insert(self.iterable.bind(py).try_iter()?.unbind()),
        };
        let mut iterator = iterator.bind(py).clone();
        loop {
            let Some(item) = iterator.next().transpose()? else {
                return Ok(None);
            };
            let Ok(piece) = item.cast::<PyBytes>() else {
                let kind = item.get_type().name()?;
                return Err(PyTypeError::new_err(format!(
                    "applications must write bytes, not {kind}"
                )));
            };
            if !piece.as_bytes().is_empty() {
                return Ok(Some(BodyBytes::of(piece).into()));
            }
        }
    }

    /// Calls the iterable's `close()`, if it has one.
    pub fn close(self, py: Python<'_>) -> PyResult<()> {
        let iterable = self.iterable.bind(py);
        if let Some(close) = iterable.getattr_opt(intern!(py, "close"))? {
            close.call0()?;
        }
        Ok(())
    }
}
