//! A variable of a function that its inner functions see too, as CPython's cells are.

use pyo3::PyTraverseError;
use pyo3::gc::PyVisit;
use pyo3::prelude::*;

/// A variable that inner functions see too.
#[pyclass(module = "ferroflask._core")]
#[derive(Default)]
pub struct VariableCell {
    pub value: Option<Py<PyAny>>,
}

#[pymethods]
impl VariableCell {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.value)
    }

    fn __clear__(&mut self) {
        self.value = None;
    }
}
