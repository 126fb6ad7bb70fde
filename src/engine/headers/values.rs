//! Values of HTTP headers and queries as real Werkzeug objects, made by the pure parsers.
//!
//! The request and response types use them, and tests call the same functions under their Werkzeug names. What the pure
//! parsers leave open (old date forms, odd arguments) goes to Werkzeug itself. Knows nothing of a running request.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::errors::to_py_error;
use super::multi_dict::{MultiDictMaker, storage_class};
use crate::http::cookies::parse_cookies;
use crate::http::{options, query};

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

/// A header's value and the dictionary of its parameters, as `werkzeug.http.parse_options_header` gives them.
///
/// # Errors
/// When memory is short.
pub fn options_to_py<'py>(py: Python<'py>, header: &str) -> PyResult<(Bound<'py, PyString>, Bound<'py, PyDict>)> {
    let parsed = options::parse_options_header(header);
    let params = PyDict::new(py);
    for (name, text) in &parsed.params {
        params.set_item(name, text)?;
    }
    Ok((PyString::new(py, parsed.value), params))
}

/// The pairs of a query string.
#[pyfunction]
#[pyo3(signature = (raw, cls=None))]
fn parse_query<'py>(py: Python<'py>, raw: &[u8], cls: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    query_to_py(py, raw, &storage_class(py, cls)?)
}

/// A query string of pairs of texts, without the `?`.
#[pyfunction]
fn urlencode(pairs: Vec<(String, String)>) -> String {
    query::urlencode(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// The cookies of a `Cookie` header.
#[pyfunction]
#[pyo3(signature = (cookie=None, cls=None))]
fn parse_cookie<'py>(
    py: Python<'py>,
    cookie: Option<&str>,
    cls: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    cookies_to_py(py, cookie.unwrap_or(""), &storage_class(py, cls)?)
}

/// A header's value and its parameters.
#[pyfunction]
#[pyo3(signature = (value))]
fn parse_options_header<'py>(
    py: Python<'py>,
    value: Option<&str>,
) -> PyResult<(Bound<'py, PyString>, Bound<'py, PyDict>)> {
    options_to_py(py, value.unwrap_or(""))
}

/// Adds the functions of this file and of [`form`] to the extension module.
///
/// # Errors
/// Only if the module cannot be written to.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(parse_query, module)?)?;
    module.add_function(wrap_pyfunction!(urlencode, module)?)?;
    module.add_function(wrap_pyfunction!(parse_cookie, module)?)?;
    module.add_function(wrap_pyfunction!(parse_options_header, module)?)?;
    module.add_function(wrap_pyfunction!(super::dates::http_date, module)?)?;
    module.add_function(wrap_pyfunction!(super::dates::parse_date, module)?)?;
    module.add_function(wrap_pyfunction!(super::set_cookie::dump_cookie, module)?)?;
    Ok(())
}
