//! The buffer protocol for bytes of Rust: Python reads them without a copy.
//!
//! It must not know whose bytes they are.

use std::ffi::c_int;

use bytes::Bytes;
use pyo3::ffi;
use pyo3::prelude::*;

/// Bytes of ours that Python may read through the buffer protocol.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct ByteView(pub Bytes);

#[pymethods]
impl ByteView {
    // SAFETY: Python calls this with a `view` it owns; `PyBuffer_FillInfo` fills it or sets an exception. The view
    // keeps the object alive, and its bytes never move or change. They are given read-only: a request for a writable
    // view is an error. The buffer slot hands the object over as owned.
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
