//! An optional argument that distinguishes an omitted argument from `None`, as `pop()` and the teardown methods do.

use pyo3::prelude::*;

use crate::engine::ffi;

/// The `exc` argument of `pop` and of the teardown methods.
pub enum OptionalArg<'py> {
    Absent,
    Value(Option<Bound<'py, PyAny>>),
}

impl<'py> OptionalArg<'py> {
    /// The exception meant: the one given, or else the one being handled.
    pub fn or_handled(self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        match self {
            Self::Absent => ffi::handled_exception(py),
            Self::Value(value) => value,
        }
    }
}

impl<'py> FromPyObject<'_, 'py> for OptionalArg<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self::Value(if object.is_none() {
            None
        } else {
            Some(object.to_owned())
        }))
    }
}
