//! `value.name` and `value[index]` in a template: attribute before item, item before attribute, and an undefined value where
//! there is neither.

use pyo3::exceptions::{PyAttributeError, PyLookupError, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::frame::Ambient;

/// `environment.getattr(value, name)`.
pub fn attribute<'py>(
    ambient: &Ambient<'py>,
    value: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    if let Some(found) = value.getattr_opt(name)? {
        return Ok(found);
    }
    if let Ok(dict) = value.cast_exact::<PyDict>() {
        return match dict.get_item(name)? {
            Some(found) => Ok(found),
            None => undefined(ambient, value, name),
        };
    }
    match value.get_item(name) {
        Err(error) if is_absence(value.py(), &error) => undefined(ambient, value, name),
        found => found,
    }
}

/// `environment.getitem(value, index)`.
pub fn item<'py>(
    ambient: &Ambient<'py>,
    value: &Bound<'py, PyAny>,
    index: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = value.py();
    match value.get_item(index) {
        Err(error) if is_absence(py, &error) => {}
        found => return found,
    }
    if index.is_instance_of::<PyString>() {
        // The text of a subclass may be another one, and getting at it may fail.
        match index.str() {
            Ok(name) => {
                if let Some(found) = value.getattr_opt(name)? {
                    return Ok(found);
                }
            }
            Err(error) if error.is_instance_of::<pyo3::exceptions::PyException>(py) => {}
            Err(error) => return Err(error),
        }
    }
    undefined(ambient, value, index)
}

/// Whether an error says that there is no such item.
fn is_absence(py: Python<'_>, error: &PyErr) -> bool {
    error.is_instance_of::<PyTypeError>(py)
        || error.is_instance_of::<PyLookupError>(py)
        || error.is_instance_of::<PyAttributeError>(py)
}

#[cold]
fn undefined<'py>(
    ambient: &Ambient<'py>,
    value: &Bound<'py, PyAny>,
    name: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = value.py();
    let keywords = PyDict::new(py);
    keywords.set_item(intern!(py, "obj"), value)?;
    keywords.set_item(intern!(py, "name"), name)?;
    let class = ambient.environment.getattr(intern!(py, "undefined"))?;
    class.call((), Some(&keywords))
}
