//! An answer as a response object, for Python code that looks at it or runs a step by itself.

use std::ops::Range;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyList;

use super::base::with_body;
use crate::engine::message::outcome::{Outcome, PlainBody, PlainResponse};

/// Bytes that Werkzeug's wrapper reads at once.
const PIECE: usize = 8192;

impl Outcome {
    /// The answer as a response object.
    pub fn into_response(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        match self {
            Self::Response(response) => Ok(response.into_bound(py)),
            Self::Plain(plain) => plain.into_response(py),
        }
    }
}

impl PlainResponse {
    /// The response object of the core's own class that Werkzeug would have made.
    pub fn into_response(self, py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        match self.body {
            PlainBody::Bytes(body) => {
                let chunks = PyList::new(py, [body.to_py(py)])?;
                with_body(py, self.status, &self.headers, &chunks, false)
            }
            PlainBody::File(body, path) => {
                let part = (self.status == 206).then_some(body.range);
                with_body(py, self.status, &self.headers, &file_iterator(py, &path, part)?, true)
            }
        }
    }
}

/// A file or a part of it as Werkzeug hands it out: an iterator over a file object that Python has opened.
pub fn file_iterator<'py>(py: Python<'py>, path: &str, part: Option<Range<u64>>) -> PyResult<Bound<'py, PyAny>> {
    let file = py
        .import(intern!(py, "builtins"))?
        .call_method1(intern!(py, "open"), (path, intern!(py, "rb")))?;
    let wsgi = py.import(intern!(py, "werkzeug.wsgi"))?;
    let wrapped = wsgi.call_method1(intern!(py, "FileWrapper"), (file, PIECE))?;
    match part {
        Some(Range { start, end }) => wsgi.call_method1(intern!(py, "_RangeWrapper"), (wrapped, start, end - start)),
        None => Ok(wrapped),
    }
}
