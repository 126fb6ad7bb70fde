//! An optional argument of which only the truth counts, as of most flags in Python: any object will do.

use pyo3::prelude::*;

/// Whether what was given is true.
#[derive(Clone, Copy)]
pub struct Truth(pub bool);

impl<'py> FromPyObject<'_, 'py> for Truth {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        object.is_truthy().map(Self)
    }
}
