//! `value.name` and `value[index]` in a template: attribute before item, item before attribute, and an undefined value where
//! there is neither.

use pyo3::exceptions::{PyAttributeError, PyException, PyLookupError, PyTypeError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::frame::Ambient;
use crate::engine::ffi::{self, while_handling};

/// `environment.getattr(value, name)`.
pub fn attribute<'py>(
    ambient: &Ambient<'py>,
    value: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    // Names with an underscore at the beginning may be the namespace's own.
    if let Some(variables) = ambient.kit.namespace(value)
        && !name.to_cow()?.starts_with('_')
        && let Some(found) = variables.get_item(name)?
    {
        return Ok(found);
    }
    if let Some(found) = ffi::attribute(value, name)? {
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
        Err(error) if is_absence(py, &error) => {
            // What is raised from here on has the first error as its context.
            while_handling(py, &error, || attribute_for_item(ambient, value, index))
        }
        found => found,
    }
}

/// The attribute that has an index for its name, or an undefined value.
#[cold]
fn attribute_for_item<'py>(
    ambient: &Ambient<'py>,
    value: &Bound<'py, PyAny>,
    index: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = value.py();
    if index.is_instance(&py.get_type::<PyString>())? {
        // The text of a subclass may be another one, and getting at it may fail.
        match index.str() {
            Ok(name) => {
                if let Some(found) = value.getattr_opt(name)? {
                    return Ok(found);
                }
            }
            Err(error) if error.is_instance_of::<PyException>(py) => {}
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
