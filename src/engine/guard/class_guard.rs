//! A guard on one class: whether it is still exactly the one we ship, so that the core may do its work natively (law 4).
//!
//! The native way is taken only for the class itself, not for a subclass, and only while none of the attributes that
//! matter was replaced on it. CPython's type version answers that in a few nanoseconds.

use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyType};

use super::mro::defined;
use crate::engine::interpreter::type_cache::ByClass;

/// A class as it was when it was sealed.
pub struct Pristine {
    kind: Py<PyType>,
    attributes: Vec<(Py<PyString>, Py<PyAny>)>,
    /// Whether they are unchanged.
    unchanged: ByClass<bool>,
}

impl Pristine {
    /// Records the named attributes of a class.
    pub fn seal(kind: &Bound<'_, PyType>, names: &[&str]) -> PyResult<Self> {
        let py = kind.py();
        let mut attributes = Vec::with_capacity(names.len());
        for name in names {
            let name = PyString::intern(py, name);
            let value = defined(kind, &name)?.ok_or_else(|| PyAttributeError::new_err(name.clone().unbind()))?;
            attributes.push((name.unbind(), value.unbind()));
        }
        Ok(Self {
            kind: kind.clone().unbind(),
            attributes,
            unchanged: ByClass::new(),
        })
    }

    pub fn kind<'py>(&self, py: Python<'py>) -> &Bound<'py, PyType> {
        self.kind.bind(py)
    }

    /// Whether `kind` is the sealed class and its sealed attributes are unchanged.
    pub fn holds(&self, kind: &Bound<'_, PyType>) -> bool {
        if !kind.is(&self.kind) {
            return false;
        }
        let unchanged = self
            .unchanged
            .of(kind, || Ok(self.compare(kind)), |unchanged| *unchanged);
        unchanged.unwrap_or(false)
    }

    fn compare(&self, kind: &Bound<'_, PyType>) -> bool {
        self.attributes.iter().all(|(name, value)| {
            defined(kind, name.bind(kind.py()))
                .ok()
                .flatten()
                .is_some_and(|now| now.is(value) || now.eq(value).unwrap_or(false))
        })
    }
}
