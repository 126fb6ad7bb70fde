//! Look-up of a name along a class's bases, without `__get__` and without running code.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

/// The first that the class or one of its bases defines under this name.
pub fn defined<'py>(class: &Bound<'py, PyType>, name: &Bound<'py, PyString>) -> PyResult<Option<Bound<'py, PyAny>>> {
    for base in class.mro().iter() {
        let names = base.getattr(intern!(class.py(), "__dict__"))?;
        if names.contains(name)? {
            return names.get_item(name).map(Some);
        }
    }
    Ok(None)
}
