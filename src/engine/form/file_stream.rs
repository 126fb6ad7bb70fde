//! Writing an uploaded file to the stream it was given, with as few copies and calls as that stream allows.
//!
//! Knows nothing of forms.

use std::ffi::c_int;

use bytes::Bytes;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyType};

use super::STEP;

/// Writes a file's whole content to its stream. Python's own spooled file gets it without a copy, and goes to disk
/// first if it has to go there anyway; a stream of unknown making gets `bytes` in steps, as it does from Werkzeug.
pub(super) fn write_whole(stream: &Bound<'_, PyAny>, write: &Bound<'_, PyAny>, data: &Bytes) -> PyResult<()> {
    static SPOOLED: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = stream.py();
    let spooled = SPOOLED.import(py, "tempfile", "SpooledTemporaryFile")?;
    if data.len() > STEP && stream.get_type().is(spooled) {
        let room: usize = stream.getattr(intern!(py, "_max_size"))?.extract()?;
        if room > 0 && data.len() > room {
            stream.call_method0(intern!(py, "rollover"))?;
        }
        write.call1((ByteView(data.clone()),))?;
        return Ok(());
    }
    if data.is_empty() {
        write.call1((PyBytes::new(py, data),))?;
    }
    for piece in data.chunks(STEP) {
        write.call1((PyBytes::new(py, piece),))?;
    }
    Ok(())
}

/// Bytes of ours that Python may read through the buffer protocol.
#[pyclass(frozen, module = "ferroflask._core")]
struct ByteView(Bytes);

#[pymethods]
impl ByteView {
    // SAFETY: Python calls this with a `view` it owns; `PyBuffer_FillInfo` fills it or sets an exception. The view
    // keeps the object alive, and its bytes never move or change. They are given read-only: asking for a writable view
    // is an error. The buffer slot hands the object over as owned.
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        let bytes = &slf.get().0;
        let length = ffi::Py_ssize_t::try_from(bytes.len())?;
        let start = bytes.as_ptr().cast_mut().cast();
        // SAFETY: see above; `start` and `length` name bytes that live as long as `slf`.
        match unsafe { ffi::PyBuffer_FillInfo(view, slf.as_ptr(), start, length, 1, flags) } {
            0 => Ok(()),
            _ => Err(PyErr::fetch(slf.py())),
        }
    }
}
