//! A settable Python reference inside a frozen class. The lock is held only to copy or swap the pointer, never while
//! Python runs.

use parking_lot::Mutex;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

/// Holds nothing or one Python object.
#[derive(Default)]
pub struct Slot(Mutex<Option<Py<PyAny>>>);

impl Slot {
    pub fn new(value: Option<Py<PyAny>>) -> Self {
        Self(Mutex::new(value))
    }

    pub fn get<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        self.0.lock().as_ref().map(|v| v.bind(py).clone())
    }

    pub fn is_set(&self) -> bool {
        self.0.lock().is_some()
    }

    /// Puts a value in; the old one is dropped after the lock is released, since that may run Python.
    pub fn set(&self, value: Option<Py<PyAny>>) {
        let old = std::mem::replace(&mut *self.0.lock(), value);
        drop(old);
    }

    pub fn take(&self) -> Option<Py<PyAny>> {
        self.0.lock().take()
    }

    /// The value, made by `make` when there is none yet. `make` may run any Python, so two racing threads may both make
    /// one; the first to finish wins.
    pub fn get_or_make<'py>(
        &self,
        py: Python<'py>,
        make: impl FnOnce() -> PyResult<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        if let Some(value) = self.get(py) {
            return Ok(value);
        }
        let made = make()?;
        let mut held = self.0.lock();
        if let Some(value) = held.as_ref() {
            return Ok(value.bind(py).clone());
        }
        *held = Some(made.clone().unbind());
        Ok(made)
    }

    /// For `__traverse__`. A slot that is locked is in use, so its object is no garbage and needs no visit.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        match self.0.try_lock() {
            Some(held) => visit.call(held.as_ref()),
            None => Ok(()),
        }
    }
}
