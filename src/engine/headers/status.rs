//! Status lines: numbers, Werkzeug's names for them, reason phrases.
//!
//! It must not know responses.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

/// The reason phrase Werkzeug gives a status: upper case, `UNKNOWN` where the registry has none.
pub fn reason(py: Python<'_>, status: u16) -> PyResult<String> {
    if status == 200 {
        return Ok("OK".to_owned());
    }
    Ok(status_name(py, status)?.map_or_else(|| "UNKNOWN".to_owned(), |name| name.to_uppercase()))
}

/// The name Werkzeug's registry has for a status (`Not Found`), if any.
pub fn status_name(py: Python<'_>, status: u16) -> PyResult<Option<String>> {
    static CODES: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let codes = CODES.get_or_try_init(py, || {
        py.import("werkzeug.http")?
            .getattr("HTTP_STATUS_CODES")
            .map(Bound::unbind)
    })?;
    let known = codes.bind(py).cast::<PyDict>()?.get_item(status)?;
    known.map(|text| text.extract()).transpose()
}

/// Status number and reason phrase of a WSGI status text (`404 NOT FOUND`).
///
/// # Errors
/// `ValueError` when the text does not start with a three-digit number.
pub fn split_status(text: &str) -> PyResult<(u16, String)> {
    let (number, reason) = text.split_once(' ').unwrap_or((text, ""));
    let status = number.parse().ok().filter(|n| (100..=999).contains(n));
    let status = status.ok_or_else(|| {
        PyValueError::new_err(format!(
            "{text:?} is no status: it must start with a number from 100 to 999"
        ))
    })?;
    Ok((status, reason.to_owned()))
}
