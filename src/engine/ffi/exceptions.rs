//! The exception being handled, as the interpreter's state has it.
//!
//! It must not know where exceptions come from.

use std::ptr;

use pyo3::ffi;
use pyo3::prelude::*;

/// Runs `body` with `error` as the exception being handled, so that a bare `raise`, `sys.exc_info()` and
/// `logger.exception` in the Python it calls see it, as they would in an `except` block.
pub fn while_handling<R>(py: Python<'_>, error: &PyErr, body: impl FnOnce() -> R) -> R {
    let value = error.value(py).as_any().clone();
    if let Some(traceback) = error.traceback(py) {
        // SAFETY: both are valid objects; a traceback of the right type can't be refused.
        unsafe { ffi::PyException_SetTraceback(value.as_ptr(), traceback.as_ptr()) };
    }
    let kind = value.get_type().into_any();
    let traceback = error.traceback(py).map(Bound::into_any);
    let _restore = HandledGuard::enter(py, &kind, &value, traceback.as_ref());
    body()
}

/// The exception that is being handled right now (`sys.exc_info()[1]`), or None.
pub fn handled_exception(py: Python<'_>) -> Option<Bound<'_, PyAny>> {
    let (mut kind, mut value, mut traceback) = (ptr::null_mut(), ptr::null_mut(), ptr::null_mut());
    // SAFETY: the three receive new references or NULL; each is released exactly once.
    unsafe {
        ffi::PyErr_GetExcInfo(&raw mut kind, &raw mut value, &raw mut traceback);
        drop(Bound::from_owned_ptr_or_opt(py, kind));
        drop(Bound::from_owned_ptr_or_opt(py, traceback));
        Bound::from_owned_ptr_or_opt(py, value).filter(|v| !v.is_none())
    }
}

/// Puts the exception that was being handled before back when dropped, also while a panic unwinds.
struct HandledGuard {
    before: [*mut ffi::PyObject; 3],
}

impl HandledGuard {
    fn enter(
        _py: Python<'_>,
        kind: &Bound<'_, PyAny>,
        value: &Bound<'_, PyAny>,
        traceback: Option<&Bound<'_, PyAny>>,
    ) -> Self {
        let mut before = [ptr::null_mut(); 3];
        let [b0, b1, b2] = &mut before;
        // SAFETY: GetExcInfo gives new references that the guard owns; SetExcInfo steals the three new references
        // given.
        unsafe {
            ffi::PyErr_GetExcInfo(b0, b1, b2);
            ffi::PyErr_SetExcInfo(
                kind.clone().into_ptr(),
                value.clone().into_ptr(),
                traceback.map_or(ptr::null_mut(), |t| t.clone().into_ptr()),
            );
        }
        Self { before }
    }
}

impl Drop for HandledGuard {
    fn drop(&mut self) {
        // SAFETY: dropped on the attached thread that made it (it never leaves `while_handling`); steals what `enter`
        // took.
        unsafe { ffi::PyErr_SetExcInfo(self.before[0], self.before[1], self.before[2]) };
    }
}
