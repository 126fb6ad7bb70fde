//! Guards over classes: whether attributes of a class are still what they were when the guard was armed, for the class
//! alone or for its subclasses too. A native step runs only while its guards pass (law 4).
//!
//! CPython's type version answers for a class that was looked at before in a few nanoseconds. It must not know what is
//! guarded.

use pyo3::exceptions::PyAttributeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFunction, PyList, PyString, PyType};

use super::mro::defined;
use crate::engine::ffi;
use crate::engine::interpreter::type_cache::TypeCache;

/// Which classes a guard may pass.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// The guarded class.
    Exact,
    /// Any class that has the guarded attributes, as a subclass does that leaves them alone.
    WithSubclasses,
}

/// Attributes of a class as they were when the guard was armed.
pub struct ClassGuard {
    class: Py<PyType>,
    scope: Scope,
    /// None: the class has no attribute of this name.
    attributes: Vec<(Py<PyString>, Option<Py<PyAny>>)>,
    /// Every `__init__` along the bases, where subclasses are filled in without calling it.
    initializers: Option<Py<PyList>>,
    verdicts: TypeCache<bool>,
}

impl ClassGuard {
    /// A guard that passes the class itself, while the named attributes are as they are now.
    ///
    /// # Errors
    /// `AttributeError` when the class lacks one of them.
    pub fn exact(class: &Bound<'_, PyType>, names: &[&str]) -> PyResult<Self> {
        let guard = Self::arm(class, names, Scope::Exact)?;
        match guard.attributes.iter().find(|(_, value)| value.is_none()) {
            Some((name, _)) => Err(PyAttributeError::new_err(name.clone_ref(class.py()))),
            None => Ok(guard),
        }
    }

    /// A guard that passes also the subclasses that leave the named attributes alone; one that is not there must stay
    /// away.
    pub fn with_subclasses(class: &Bound<'_, PyType>, names: &[&str]) -> PyResult<Self> {
        Self::arm(class, names, Scope::WithSubclasses)
    }

    fn arm(class: &Bound<'_, PyType>, names: &[&str], scope: Scope) -> PyResult<Self> {
        let attributes = names.iter().map(|name| {
            let name = PyString::intern(class.py(), name);
            let value = defined(class, &name)?;
            Ok((name.unbind(), value.map(Bound::unbind)))
        });
        let initializers = (scope == Scope::WithSubclasses && names.contains(&"__init__"))
            .then(|| initializers(class).map(Bound::unbind));
        Ok(Self {
            class: class.clone().unbind(),
            scope,
            attributes: attributes.collect::<PyResult<_>>()?,
            initializers: initializers.transpose()?,
            verdicts: TypeCache::new(),
        })
    }

    /// The class that the guard was armed with.
    pub fn class<'py>(&self, py: Python<'py>) -> &Bound<'py, PyType> {
        self.class.bind(py)
    }

    /// Whether a class has the guarded attributes, unchanged. A comparison that fails is a change.
    pub fn passes(&self, class: &Bound<'_, PyType>) -> bool {
        if self.scope == Scope::Exact && !class.is(&self.class) {
            return false;
        }
        self.verdicts
            .of(class, || self.compare(class), |verdict| *verdict)
            .unwrap_or(false)
    }

    /// Whether an object has them by its class, and none of its own in their place.
    pub fn passes_for(&self, object: &Bound<'_, PyAny>) -> bool {
        self.passes(&object.get_type())
            && ffi::instance_dict(object).is_ok_and(|own| own.is_empty() || !self.is_shadowed_in(&own, None))
    }

    /// Whether the attributes of an instance have something in place of a guarded one; `besides` is the interned name of
    /// one that every instance has.
    pub fn is_shadowed_in(&self, own: &Bound<'_, PyDict>, besides: Option<&Bound<'_, PyString>>) -> bool {
        self.attributes
            .iter()
            .filter(|(name, _)| !besides.is_some_and(|besides| besides.is(name)))
            .any(|(name, _)| own.contains(name).unwrap_or(true))
    }

    fn compare(&self, class: &Bound<'_, PyType>) -> PyResult<bool> {
        for (name, value) in &self.attributes {
            let same = match (defined(class, name.bind(class.py()))?, value) {
                (Some(now), Some(then)) => now.is(then) || now.eq(then)?,
                (None, None) => true,
                _ => false,
            };
            if !same {
                return Ok(false);
            }
        }
        match &self.initializers {
            Some(then) => initializers(class)?.eq(then),
            None => Ok(true),
        }
    }
}

/// Whether the named methods of a class are the functions that its own module defines under these names: as shipped, for
/// a class that a program may have patched before the guard is armed.
pub fn is_as_shipped(class: &Bound<'_, PyType>, names: &[&str]) -> PyResult<bool> {
    let py = class.py();
    let module = py.import(class.module()?)?.dict();
    for name in names {
        let function = class.getattr(*name)?;
        // A wrapper can take over every attribute but these two.
        let own = function.is_exact_instance_of::<PyFunction>()
            && function.getattr(intern!(py, "__globals__"))?.is(&module)
            && function
                .getattr(intern!(py, "__code__"))?
                .getattr(intern!(py, "co_name"))?
                .eq(*name)?;
        if !own {
            return Ok(false);
        }
    }
    Ok(true)
}

fn initializers<'py>(class: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyList>> {
    let py = class.py();
    let found = PyList::empty(py);
    for base in class.mro().iter() {
        let defined = base.getattr(intern!(py, "__dict__"))?;
        if defined.contains(intern!(py, "__init__"))? {
            found.append(defined.get_item(intern!(py, "__init__"))?)?;
        }
    }
    Ok(found)
}
