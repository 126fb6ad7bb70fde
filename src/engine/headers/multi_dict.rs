//! Werkzeug's multi dicts, filled without going through their constructor.
//!
//! A multi dict is a `dict` of lists underneath; that is all this file knows of it.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyString, PyType};

use crate::engine::ffi;

/// `werkzeug.datastructures.ImmutableMultiDict`.
///
/// # Errors
/// If Werkzeug cannot be imported.
pub fn immutable_multi_dict(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "werkzeug.datastructures", "ImmutableMultiDict")
}

fn multi_dict(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "werkzeug.datastructures", "MultiDict")
}

/// Fills a multi dict pair by pair. The two Werkzeug classes are filled in place; any other class is called with the
/// pairs.
pub struct MultiDictMaker<'py> {
    storage: Storage<'py>,
}

enum Storage<'py> {
    /// A multi dict keeps a list per key.
    Lists(Bound<'py, PyDict>),
    Pairs {
        class: Bound<'py, PyAny>,
        pairs: Bound<'py, PyList>,
    },
}

impl<'py> MultiDictMaker<'py> {
    /// A maker for an instance of `class`, a type or any callable that takes an iterable of pairs.
    ///
    /// # Errors
    /// If Werkzeug cannot be imported.
    pub fn new(class: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = class.py();
        let known = class.is(immutable_multi_dict(py)?) || class.is(multi_dict(py)?);
        let storage = if known {
            // Their `__init__` would add nothing.
            let empty = ffi::bare_instance::<PyDict>(class.cast()?)?;
            Storage::Lists(empty.cast_into()?)
        } else {
            Storage::Pairs {
                class: class.clone(),
                pairs: PyList::empty(py),
            }
        };
        Ok(Self { storage })
    }

    /// Adds a pair after those with the same key.
    ///
    /// # Errors
    /// Whatever hashing the key raises.
    pub fn push(&self, key: Bound<'py, PyAny>, value: Bound<'py, PyAny>) -> PyResult<()> {
        match &self.storage {
            Storage::Lists(lists) => match lists.get_item(&key)? {
                Some(list) => list.cast_into::<PyList>()?.append(value),
                None => lists.set_item(key, PyList::new(value.py(), [value])?),
            },
            Storage::Pairs { pairs, .. } => pairs.append((key, value)),
        }
    }

    /// [`MultiDictMaker::push`] for texts.
    ///
    /// # Errors
    /// When memory is short.
    pub fn push_text(&self, py: Python<'py>, key: &str, value: &str) -> PyResult<()> {
        let key = PyString::new(py, key).into_any();
        self.push(key, PyString::new(py, value).into_any())
    }

    /// The finished object.
    ///
    /// # Errors
    /// Whatever a class of the user's raises.
    pub fn finish(self) -> PyResult<Bound<'py, PyAny>> {
        match self.storage {
            Storage::Lists(lists) => Ok(lists.into_any()),
            Storage::Pairs { class, pairs } => class.call1((pairs,)),
        }
    }
}
