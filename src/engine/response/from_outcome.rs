//! An outcome as a response object, for Python code that runs a step by itself.

use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::headers::text::wsgi_text;
use crate::engine::message::outcome::Answer;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

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
