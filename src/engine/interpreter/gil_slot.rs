//! A settable Python reference inside a frozen class.

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

use crate::engine::ffi::gil_cell::GilCell;

/// Holds nothing or one Python object.
pub struct GilSlot<T = PyAny>(GilCell<Option<Py<T>>>);

impl<T> Default for GilSlot<T> {
    fn default() -> Self {
        Self::new(None)
    }
}

impl<T> GilSlot<T> {
    pub fn new(value: Option<Py<T>>) -> Self {
        Self(GilCell::new(value))
    }

    pub fn get<'py>(&self, py: Python<'py>) -> Option<Bound<'py, T>> {
        self.0.look(py).as_ref().map(|v| v.bind(py).clone())
    }

    pub fn is_set(&self, py: Python<'_>) -> bool {
        self.0.look(py).is_some()
    }

    /// Puts a value in; the old one is dropped after the look, since that may run Python.
    pub fn set(&self, py: Python<'_>, value: Option<Py<T>>) {
        self.0.put(py, value);
    }

    pub fn take(&self, py: Python<'_>) -> Option<Py<T>> {
        self.0.look(py).take()
    }

    /// The value, made by `make` when there is none yet. `make` may run any Python, so two racing threads may both make
    /// one; the first to finish wins.
    pub fn get_or_make<'py>(
        &self,
        py: Python<'py>,
        make: impl FnOnce() -> PyResult<Bound<'py, T>>,
    ) -> PyResult<Bound<'py, T>> {
        if let Some(value) = self.get(py) {
            return Ok(value);
        }
        let made = make()?;
        let mut held = self.0.look(py);
        if let Some(value) = held.as_ref() {
            return Ok(value.bind(py).clone());
        }
        *held = Some(made.clone().unbind());
        Ok(made)
    }

    /// For `__traverse__`. A borrowed slot is in use, so its object is no garbage and needs no visit.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.0.visited(visit) {
            Some(held) => visit.call(held.as_ref()),
            None => Ok(()),
        }
    }
}
