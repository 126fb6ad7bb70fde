//! What a held file holds: an upload in memory or in a file of ours, to be read from there until somebody could tell.
//!
//! Knows nothing of positions or of what a file object can do.

use crate::engine::headers::errors::os_error;
use std::os::fd::IntoRawFd;
use std::sync::Arc;

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict};

use super::temp_file_pool::Scratch;
use crate::engine::ffi::byte_view::ByteView;
use crate::engine::ffi::files::bytes_of_file;

/// Shorter reads of a file on disk are worth a buffer, and lines need one: the file object that Python makes has it.
const UNBUFFERED: usize = 4096;

#[derive(Clone)]
pub(super) enum Content {
    Memory(Bytes),
    Disk(Arc<Scratch>),
}

impl Content {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Memory(bytes) => bytes.len(),
            Self::Disk(scratch) => usize::try_from(scratch.len()).unwrap_or(usize::MAX),
        }
    }

    /// Whether `length` bytes are read from here, and not by a file object.
    pub(super) fn gives(&self, length: usize) -> bool {
        matches!(self, Self::Memory(_)) || length >= UNBUFFERED
    }

    /// The bytes from `start` on, `length` of them, which there must be. None of them may be wanted from past the end.
    pub(super) fn bytes<'py>(&self, py: Python<'py>, start: usize, length: usize) -> PyResult<Bound<'py, PyBytes>> {
        match self {
            Self::Memory(bytes) => Ok(PyBytes::new(py, bytes.get(start..start + length).unwrap_or_default())),
            Self::Disk(scratch) => {
                bytes_of_file(py, scratch.file(), start as u64, length).map_err(|error| os_error(py, &error))
            }
        }
    }

    /// The length of the line at `start`, `most` at most; `None` if a file object has to look for it.
    pub(super) fn line(&self, start: usize, most: usize) -> Option<usize> {
        let Self::Memory(bytes) = self else { return None };
        let left = bytes.get(start..).unwrap_or_default();
        let window = &left[..left.len().min(most)];
        Some(memchr::memchr(b'\n', window).map_or(window.len(), |at| at + 1))
    }

    /// A file object with this content, as `make` makes one for these arguments when it is empty.
    pub(super) fn into_file<'py>(
        self,
        make: &Bound<'py, PyAny>,
        arguments: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = make.py();
        match self {
            Self::Memory(content) => {
                let file = make.call((), Some(arguments))?;
                file.call_method1(intern!(py, "write"), (ByteView(content),))?;
                Ok(file)
            }
            Self::Disk(scratch) => {
                static OPEN: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
                let number = scratch.share().map_err(|error| os_error(py, &error))?.into_raw_fd();
                OPEN.import(py, "io", "open")?.call1((number, intern!(py, "rb+")))
            }
        }
    }
}
