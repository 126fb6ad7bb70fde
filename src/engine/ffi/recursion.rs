//! CPython's count of nested calls, for native code that calls itself: templates that include themselves, macros that call
//! themselves.

use pyo3::ffi;
use pyo3::prelude::*;

/// A level of the count, until it is dropped.
pub struct RecursionLevel<'py>(Python<'py>);

impl<'py> RecursionLevel<'py> {
    /// One level deeper.
    ///
    /// # Errors
    /// `RecursionError` at the limit.
    pub fn enter(py: Python<'py>) -> PyResult<Self> {
        // SAFETY: attached; the text is a C string. What is not zero has set the error.
        if unsafe { ffi::Py_EnterRecursiveCall(c" in a template".as_ptr()) } != 0 {
            return Err(PyErr::fetch(py));
        }
        Ok(Self(py))
    }
}

impl Drop for RecursionLevel<'_> {
    fn drop(&mut self) {
        // SAFETY: attached, and the level was entered.
        unsafe { ffi::Py_LeaveRecursiveCall() }
    }
}
