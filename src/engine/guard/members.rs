//! A guard on a class and its subclasses: a subclass counts as ours as long as it does not define the guarded attributes
//! (law 4). `class_guard` is for the one class itself.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyType};

use crate::engine::ffi;
use crate::engine::interpreter::type_cache::ByClass;

/// Attributes as they were when they were sealed, and the classes that were found to have them.
pub struct Members {
    attributes: Vec<(Py<PyString>, Option<Py<PyAny>>)>,
    /// Every `__init__` along the bases, for classes that are filled in without it.
    initializers: Option<Py<PyList>>,
    /// Which classes have them.
    holds: ByClass<bool>,
}

impl Members {
    /// Records the named attributes of a class, also that one of them is not there.
    pub fn seal(kind: &Bound<'_, PyType>, names: &[&str]) -> PyResult<Self> {
        let attributes = names.iter().map(|name| {
            let name = PyString::intern(kind.py(), name);
            let value = kind.getattr_opt(&name)?;
            Ok((name.unbind(), value.map(Bound::unbind)))
        });
        let initializers = if names.contains(&"__init__") {
            Some(initializers(kind)?.unbind())
        } else {
            None
        };
        Ok(Self {
            attributes: attributes.collect::<PyResult<_>>()?,
            initializers,
            holds: ByClass::new(),
        })
    }

    /// Whether an object has the sealed attributes by its class, and none of its own in their place.
    pub fn kept_by(&self, object: &Bound<'_, PyAny>) -> PyResult<bool> {
        if !self.holds(&object.get_type())? {
            return Ok(false);
        }
        let own = ffi::instance_dict(object)?;
        for (name, _) in &self.attributes {
            if own.contains(name)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a class has the sealed attributes.
    pub fn holds(&self, kind: &Bound<'_, PyType>) -> PyResult<bool> {
        self.holds.of(kind, || self.compare(kind), |holds| *holds)
    }

    fn compare(&self, kind: &Bound<'_, PyType>) -> PyResult<bool> {
        for (name, value) in &self.attributes {
            let same = match (kind.getattr_opt(name)?, value) {
                (Some(now), Some(then)) => now.is(then) || now.eq(then)?,
                (None, None) => true,
                _ => false,
            };
            if !same {
                return Ok(false);
            }
        }
        match &self.initializers {
            Some(then) => initializers(kind)?.eq(then),
            None => Ok(true),
        }
    }
}

fn initializers<'py>(kind: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyList>> {
    let py = kind.py();
    let found = PyList::empty(py);
    for class in kind.mro().iter() {
        let defined = class.getattr(intern!(py, "__dict__"))?;
        if defined.contains(intern!(py, "__init__"))? {
            found.append(defined.get_item(intern!(py, "__init__"))?)?;
        }
    }
    Ok(found)
}
