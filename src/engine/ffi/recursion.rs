//! CPython's count of nested calls, for native code that calls itself: templates that include themselves, macros that call
//! themselves.

use std::cell::Cell;

use pyo3::exceptions::PyRecursionError;
use pyo3::ffi;
use pyo3::prelude::*;

/// The most levels of a thread, whatever limit a program has set for Python's own calls: those need no C stack.
const MOST: u32 = 1_500;

thread_local! {
    static LEVELS: Cell<u32> = const { Cell::new(0) };
}

/// A level of the count, until it is dropped.
pub struct RecursionLevel<'py>(Python<'py>);

impl<'py> RecursionLevel<'py> {
    /// One level deeper.
    ///
    /// # Errors
    /// `RecursionError` at the limit.
    pub fn enter(py: Python<'py>) -> PyResult<Self> {
        let levels = LEVELS.get();
        if levels == MOST {
            return Err(PyRecursionError::new_err(
                "maximum recursion depth exceeded in a template",
            ));
        }
        // SAFETY: attached; the text is a C string. What is not zero has set the error.
        if unsafe { ffi::Py_EnterRecursiveCall(c" in a template".as_ptr()) } != 0 {
            return Err(PyErr::fetch(py));
        }
        LEVELS.set(levels + 1);
        Ok(Self(py))
    }
}

impl Drop for RecursionLevel<'_> {
    fn drop(&mut self) {
        LEVELS.set(LEVELS.get() - 1);
        // SAFETY: attached, and the level was entered.
        unsafe { ffi::Py_LeaveRecursiveCall() }
    }
}
