//! The file behind a spooled upload in memory: it is read from where its content was received, and becomes the temporary
//! file that it stands for as soon as somebody does what only a file can, or writes to it.
//!
//! Knows nothing of forms.

use bytes::Bytes;
use parking_lot::Mutex;
use pyo3::exceptions::PyAttributeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyTuple, PyType};

use crate::engine::ffi::byte_view::ByteView;

/// What `tempfile.TemporaryFile` gives for an upload, an `io.BufferedRandom`, as far as anybody can tell.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct HeldFile {
    state: Mutex<LazyFileState>,
    /// What the temporary file is made with.
    arguments: Py<PyDict>,
}

enum LazyFileState {
    Held { content: Bytes, position: usize },
    Closed,
    File(Py<PyAny>),
}

/// Puts `content` behind an empty `SpooledTemporaryFile`, which is rolled over then.
pub(super) fn put(stream: &Bound<'_, PyAny>, content: Bytes) -> PyResult<()> {
    let py = stream.py();
    let arguments = stream
        .getattr(intern!(py, "_TemporaryFileArgs"))?
        .cast_into::<PyDict>()?;
    let file = HeldFile {
        state: Mutex::new(LazyFileState::Held { content, position: 0 }),
        arguments: arguments.unbind(),
    };
    stream.delattr(intern!(py, "_TemporaryFileArgs"))?;
    stream.setattr(intern!(py, "_file"), Bound::new(py, file)?)?;
    stream.setattr(intern!(py, "_rolled"), true)
}

/// Makes instances count as what they stand for.
///
/// # Errors
/// Only if `io` can't be imported.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = module.py();
    let base = py.import(intern!(py, "io"))?.getattr(intern!(py, "BufferedIOBase"))?;
    base.call_method1(intern!(py, "register"), (py.get_type::<HeldFile>(),))?;
    Ok(())
}

impl HeldFile {
    /// The temporary file; from now on everything is done by it.
    fn file<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let (content, position) = match &*self.state.lock() {
            LazyFileState::File(file) => return Ok(file.bind(py).clone()),
            LazyFileState::Held { content, position } => (Some(content.clone()), *position),
            LazyFileState::Closed => (None, 0),
        };
        let tempfile = py.import(intern!(py, "tempfile"))?;
        let file = tempfile.call_method(intern!(py, "TemporaryFile"), (), Some(self.arguments.bind(py)))?;
        if let Some(content) = content {
            file.call_method1(intern!(py, "write"), (ByteView(content),))?;
            file.call_method1(intern!(py, "seek"), (position,))?;
        } else {
            file.call_method0(intern!(py, "close"))?;
        }
        let mut state = self.state.lock();
        if let LazyFileState::File(other) = &*state {
            // Another thread was here first.
            return Ok(other.bind(py).clone());
        }
        *state = LazyFileState::File(file.clone().unbind());
        Ok(file)
    }

    fn ask<'py>(&self, py: Python<'py>, name: &str, arguments: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        self.file(py)?.call_method1(name, arguments)
    }

    /// The next bytes, as many as `length` says of what is left; `None` when the file has to give them.
    fn take<'py>(&self, py: Python<'py>, length: impl FnOnce(&[u8]) -> usize) -> Option<Bound<'py, PyBytes>> {
        let mut state = self.state.lock();
        let LazyFileState::Held { content, position } = &mut *state else {
            return None;
        };
        let left = content.get(*position..).unwrap_or_default();
        let taken = &left[..length(left)];
        let bytes = PyBytes::new(py, taken);
        *position += taken.len();
        Some(bytes)
    }

    /// The next line, at most so long; `None` when the file has to give it.
    fn take_line<'py>(&self, py: Python<'py>, most: usize) -> Option<Bound<'py, PyBytes>> {
        self.take(py, |left| {
            let window = &left[..left.len().min(most)];
            memchr::memchr(b'\n', window).map_or(window.len(), |at| at + 1)
        })
    }

    fn is_held(&self) -> bool {
        matches!(&*self.state.lock(), LazyFileState::Held { .. })
    }
}

/// The one argument of a read, as a number of bytes; `None` when the file has to see what to make of it.
fn wanted(arguments: &Bound<'_, PyTuple>) -> Option<usize> {
    match arguments.len() {
        0 => Some(usize::MAX),
        1 => {
            let size = arguments.get_item(0).ok()?;
            if size.is_none() {
                return Some(usize::MAX);
            }
            match size.extract::<isize>().ok()? {
                -1 => Some(usize::MAX),
                size => usize::try_from(size).ok(),
            }
        }
        _ => None,
    }
}

#[pymethods]
impl HeldFile {
    #[pyo3(signature = (*arguments))]
    fn read<'py>(&self, py: Python<'py>, arguments: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        if let Some(most) = wanted(arguments)
            && let Some(bytes) = self.take(py, |left| left.len().min(most))
        {
            return Ok(bytes.into_any());
        }
        self.ask(py, "read", arguments)
    }

    #[pyo3(signature = (*arguments))]
    fn readline<'py>(&self, py: Python<'py>, arguments: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        if let Some(most) = wanted(arguments)
            && let Some(line) = self.take_line(py, most)
        {
            return Ok(line.into_any());
        }
        self.ask(py, "readline", arguments)
    }

    fn __iter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        if slf.get().is_held() {
            return Ok(slf.clone().into_any());
        }
        slf.get().ask(slf.py(), "__iter__", &PyTuple::empty(slf.py()))
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let line = match self.take_line(py, usize::MAX) {
            Some(line) => line.into_any(),
            None => self.ask(py, "readline", &PyTuple::empty(py))?,
        };
        Ok(line.is_truthy()?.then_some(line))
    }

    #[pyo3(signature = (*arguments))]
    fn seek<'py>(&self, py: Python<'py>, arguments: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyAny>> {
        let plain = match arguments.len() {
            1 => arguments.extract::<(isize,)>().map(|(offset,)| (offset, 0)),
            _ => arguments.extract::<(isize, u8)>(),
        };
        if let (Ok((offset, whence)), LazyFileState::Held { content, position }) = (plain, &mut *self.state.lock()) {
            let base = match whence {
                0 => Some(0),
                1 => Some(*position),
                2 => Some(content.len()),
                _ => None,
            };
            if let Some(place) = base.and_then(|base| base.checked_add_signed(offset)) {
                *position = place;
                return Ok(place.into_pyobject(py)?.into_any());
            }
        }
        self.ask(py, "seek", arguments)
    }

    fn tell<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if let LazyFileState::Held { position, .. } = &*self.state.lock() {
            return Ok((*position).into_pyobject(py)?.into_any());
        }
        self.ask(py, "tell", &PyTuple::empty(py))
    }

    fn flush<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if self.is_held() {
            return Ok(py.None().into_bound(py));
        }
        self.ask(py, "flush", &PyTuple::empty(py))
    }

    fn readable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if self.is_held() {
            return Ok(true.into_pyobject(py)?.to_owned().into_any());
        }
        self.ask(py, "readable", &PyTuple::empty(py))
    }

    fn seekable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        if self.is_held() {
            return Ok(true.into_pyobject(py)?.to_owned().into_any());
        }
        self.ask(py, "seekable", &PyTuple::empty(py))
    }

    fn close<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let mut state = self.state.lock();
        if let LazyFileState::File(_) = &*state {
            drop(state);
            return self.ask(py, "close", &PyTuple::empty(py));
        }
        *state = LazyFileState::Closed;
        Ok(py.None().into_bound(py))
    }

    #[getter]
    fn closed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let closed = match &*self.state.lock() {
            LazyFileState::Held { .. } => Some(false),
            LazyFileState::Closed => Some(true),
            LazyFileState::File(_) => None,
        };
        match closed {
            Some(closed) => Ok(closed.into_pyobject(py)?.to_owned().into_any()),
            None => self.file(py)?.getattr(intern!(py, "closed")),
        }
    }

    fn __enter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        if slf.get().is_held() {
            return Ok(slf.clone().into_any());
        }
        slf.get().ask(slf.py(), "__enter__", &PyTuple::empty(slf.py()))
    }

    #[pyo3(signature = (*_error))]
    fn __exit__<'py>(&self, py: Python<'py>, _error: &Bound<'py, PyTuple>) -> PyResult<()> {
        self.close(py).map(drop)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        self.file(py)?.repr()?.extract()
    }

    /// Everything else is the file's, if such a file has it at all.
    fn __getattr__<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
        static KIND: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        if !KIND.import(py, "io", "BufferedRandom")?.hasattr(name)? {
            return Err(PyAttributeError::new_err(format!(
                "'_io.BufferedRandom' object has no attribute '{name}'"
            )));
        }
        self.file(py)?.getattr(name)
    }
}
