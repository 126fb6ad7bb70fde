//! The interpreter's lock, on which the engine's cells rely: a free-threaded Python takes it up again when it imports a
//! module that declares `gil_used`, as this one does, unless its user has forbidden that.
//!
//! It must not know what relies on it.

use pyo3::exceptions::PyImportError;
use pyo3::intern;
use pyo3::prelude::*;

/// Makes sure that one thread at a time runs Python.
///
/// # Errors
/// `ImportError` in a free-threaded Python whose lock was forced off.
pub fn require_gil(py: Python<'_>) -> PyResult<()> {
    // Python 3.13 and later have it, free-threaded or not.
    let enabled = py.import("sys")?.getattr_opt(intern!(py, "_is_gil_enabled"))?;
    if enabled.is_none_or(|is_enabled| is_enabled.call0().and_then(|on| on.is_truthy()).unwrap_or(true)) {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "ferroflask needs the global interpreter lock, and this Python was started without it: leave out PYTHON_GIL=0 \
         and -X gil=0, or set FERROFLASK=0 to run Flask itself.",
    ))
}
