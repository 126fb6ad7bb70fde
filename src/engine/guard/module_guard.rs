//! Guards over the names of a module that functions look up while they run: whether each still stands for what it stood
//! for when the guard was armed.
//!
//! It must not know what is guarded.

use std::sync::atomic::{AtomicU64, Ordering};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyModule, PyString};

use crate::engine::ffi;

/// Names of a module, and what they stood for.
pub struct ModuleGuard {
    names: Py<PyDict>,
    values: Vec<(Py<PyString>, Py<PyAny>)>,
    /// The version of the names when the guard passed the last time.
    version: AtomicU64,
}

impl ModuleGuard {
    /// Arms a guard over the named ones of a module, as they are now; another release may do without one of them.
    pub fn arm(module: &Bound<'_, PyModule>, names: &[&str]) -> PyResult<Self> {
        let dict = module.dict();
        let mut values = Vec::with_capacity(names.len());
        for name in names {
            let name = PyString::intern(module.py(), name);
            if let Some(value) = dict.get_item(&name)? {
                values.push((name.unbind(), value.unbind()));
            }
        }
        Ok(Self {
            names: dict.unbind(),
            values,
            version: AtomicU64::new(0),
        })
    }

    /// Whether the names stand for what they stood for.
    pub fn passes(&self, py: Python<'_>) -> bool {
        let names = self.names.bind(py);
        let version = ffi::dict_version(names).unwrap_or(0);
        if version != 0 && version == self.version.load(Ordering::Relaxed) {
            return true;
        }
        let unchanged = self
            .values
            .iter()
            .all(|(name, value)| matches!(names.get_item(name), Ok(Some(now)) if now.is(value)));
        if unchanged {
            self.version.store(version, Ordering::Relaxed);
        }
        unchanged
    }
}
