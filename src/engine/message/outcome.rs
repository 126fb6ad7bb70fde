//! An answer on its way out: plain values, or a response object. Both become what a socket or a WSGI server needs.

use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict};

use super::raw_request::WireResponse;
use crate::engine::app::snapshot::{AppAttribute, app_attribute};
use crate::engine::request::environ::wsgi_text;
use crate::engine::response::fast_path::Plain;

pub enum Answer {
    Plain(Plain),
    /// A file, for our own server alone.
    File(WireResponse),
    Response(Py<PyAny>),
}

impl Answer {
    /// The answer as a response object, for Python code that called a step itself.
    pub fn into_response<'py>(self, app: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = app.py();
        match self {
            Self::Response(response) => Ok(response.into_bound(py)),
            Self::File(_) => unreachable!("invariant: a step that Python called has called the view"),
            Self::Plain(plain) => {
                let arguments = PyDict::new(py);
                arguments.set_item(intern!(py, "status"), plain.status)?;
                arguments.set_item(intern!(py, "content_type"), plain.content_type)?;
                let body = PyBytes::new(py, &plain.body);
                let response = app_attribute(app, AppAttribute::ResponseClass)?.call((body,), Some(&arguments))?;
                let headers = response.getattr(intern!(py, "headers"))?;
                let add = |name: &[u8], value: &[u8]| {
                    headers
                        .call_method1(intern!(py, "add"), (wsgi_text(py, name), wsgi_text(py, value)))
                        .map(drop)
                };
                if !plain.described.is_empty() {
                    let length = headers.call_method1(intern!(py, "pop"), (intern!(py, "Content-Length"),))?;
                    for (name, value) in &plain.described {
                        add(name, value)?;
                    }
                    headers.call_method1(intern!(py, "add"), (intern!(py, "Content-Length"), length))?;
                }
                for (name, value) in &plain.lines {
                    add(name, value)?;
                }
                Ok(response)
            }
        }
    }
}

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
