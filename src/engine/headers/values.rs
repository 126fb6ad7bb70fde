//! Values of HTTP headers and queries as real Werkzeug objects, made by the pure parsers.
//!
//! Knows nothing of a running request.

use pyo3::prelude::*;

use super::errors::to_py_error;
use super::multi_dict::MultiDictMaker;
use crate::http::cookies::parse_cookies;
use crate::http::query;

/// A query string as `Request.args` gives it, an instance of `class`.
///
/// # Errors
/// `UnicodeDecodeError` if the raw query is not UTF-8 (escapes may be anything).
pub fn query_to_py<'py>(py: Python<'py>, raw: &[u8], class: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let pairs = query::parse_query(raw).map_err(|error| to_py_error(py, &error))?;
    let maker = MultiDictMaker::new(class)?;
    for (name, value) in pairs {
        maker.push_text(py, &name, &value)?;
    }
    maker.finish()
}

/// A `Cookie` header (one character per byte, several headers joined by `;`) as `Request.cookies` gives it.
///
/// # Errors
/// Whatever a class of the user's raises.
pub fn cookies_to_py<'py>(py: Python<'py>, header: &str, class: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if header.is_empty() {
        return class.call0();
    }
    let maker = MultiDictMaker::new(class)?;
    for (name, value) in parse_cookies(header) {
        maker.push_text(py, name, &value)?;
    }
    maker.finish()
}
