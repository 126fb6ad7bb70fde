//! Context variables through the C API.
//!
//! It must not know which variables there are.

use std::ffi::CStr;
use std::ptr;

use pyo3::ffi;
use pyo3::prelude::*;

/// A `contextvars.ContextVar`, set and read through the C API.
pub struct ContextVar(Py<PyAny>);

impl ContextVar {
    pub fn new(py: Python<'_>, name: &CStr) -> PyResult<Self> {
        // SAFETY: the name is a NUL-terminated string, no default is given, and the result is a new reference or NULL
        // with an error set.
        let var = unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyContextVar_New(name.as_ptr(), ptr::null_mut()))? };
        Ok(Self(var.unbind()))
    }

    /// The Python object, for `flask.globals`.
    pub fn object(&self, py: Python<'_>) -> Py<PyAny> {
        self.0.clone_ref(py)
    }

    /// The value in the current context, if one is set.
    pub fn get<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        let mut value = ptr::null_mut();
        // SAFETY: self.0 is a ContextVar made by `new`; `value` receives a new reference or NULL.
        unsafe {
            if ffi::PyContextVar_Get(self.0.as_ptr(), ptr::null_mut(), &raw mut value) < 0 {
                ffi::PyErr_Clear();
                return None;
            }
            Bound::from_owned_ptr_or_opt(py, value)
        }
    }

    /// Sets the value in the current context; the token undoes it.
    pub fn set(&self, py: Python<'_>, value: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        // SAFETY: self.0 is a ContextVar; the token is a new reference or NULL with an error set.
        unsafe {
            Bound::from_owned_ptr_or_err(py, ffi::PyContextVar_Set(self.0.as_ptr(), value.as_ptr())).map(Bound::unbind)
        }
    }

    /// Undoes the `set` that gave this token.
    ///
    /// # Errors
    /// `ValueError` when the token was made in another context, `RuntimeError` when it was used already.
    pub fn reset(&self, py: Python<'_>, token: &Py<PyAny>) -> PyResult<()> {
        // SAFETY: self.0 is a ContextVar, the token any object: CPython checks it.
        if unsafe { ffi::PyContextVar_Reset(self.0.as_ptr(), token.as_ptr()) } < 0 {
            return Err(PyErr::fetch(py));
        }
        Ok(())
    }
}
