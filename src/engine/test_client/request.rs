//! `response.request` of a test response: made on first access, from the environ that was sent.

use std::sync::Arc;

use pyo3::exceptions::PyAttributeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::guards;
use crate::engine::ffi;
use crate::engine::request::in_memory::Sent;

/// What a test response keeps of its request until the request is read.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct SentRequest(pub Arc<Sent>);

#[pymethods]
impl SentRequest {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.0.traverse(&visit)
    }
}

impl SentRequest {
    /// The request object over the sender's environ.
    pub fn request<'py>(py: Python<'py>, sent: &Sent) -> PyResult<Bound<'py, PyAny>> {
        guards::request_class(py).call1((sent.senders_environ(py)?,))
    }
}

/// The attribute `request` of a class of test responses. An instance's own value hides it.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct RequestOnTouch;

#[pymethods]
impl RequestOnTouch {
    #[new]
    fn new() -> Self {
        Self
    }

    fn __get__<'py>(
        slf: &Bound<'py, Self>,
        response: &Bound<'py, PyAny>,
        _owner: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        if response.is_none() {
            return Ok(slf.clone().into_any());
        }
        let values: Bound<'py, PyDict> = ffi::instance_dict(response)?;
        let Some(sent) = values.get_item(intern!(py, "_sent_request"))? else {
            return Err(PyAttributeError::new_err("this response was not given a request"));
        };
        let request = SentRequest::request(py, &sent.cast::<SentRequest>()?.get().0)?;
        values.set_item(intern!(py, "request"), &request)?;
        Ok(request)
    }
}
