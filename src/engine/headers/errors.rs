//! The one table from errors of the pure parsers to Python exceptions.

use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyType};

use crate::http::HttpError;

/// The Python exception for an error of the pure parsers.
#[cold]
#[must_use]
pub fn to_py_error(py: Python<'_>, error: &HttpError) -> PyErr {
    match error {
        HttpError::FormMemory { .. } | HttpError::FormParts { .. } => entity_too_large(py),
        HttpError::NotUtf8 { bytes } => decode_error(py, bytes),
        _ => PyValueError::new_err(error.to_string()),
    }
}

/// `werkzeug.exceptions.RequestEntityTooLarge`, or what went wrong making it.
#[cold]
#[must_use]
pub fn entity_too_large(py: Python<'_>) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS
        .import(py, "werkzeug.exceptions", "RequestEntityTooLarge")
        .and_then(|class| class.call0())
        .map_or_else(|error| error, PyErr::from_value)
}

/// The exception Python itself raises for these bytes, with its positions and its reason.
#[cold]
pub fn decode_error(py: Python<'_>, bytes: &[u8]) -> PyErr {
    match PyBytes::new(py, bytes).call_method0(intern!(py, "decode")) {
        Err(error) => error,
        Ok(_) => PyValueError::new_err("text is not valid UTF-8"),
    }
}
