//! What was found out about classes: each finding holds for as long as its class is what it was. CPython tells by the
//! class's version, which changes with every assignment to it or to a base of it and is no other class's.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::engine::ffi;
use crate::engine::ffi::gil_cell::GilCell;

/// Classes remembered. A test client makes a class for its responses each time: the oldest has to go.
const KEPT: usize = 64;

/// A finding about each of the latest classes that were asked about.
pub struct TypeCache<T>(GilCell<Vec<Known<T>>>);

struct Known<T> {
    class: usize,
    version: u32,
    finding: T,
}

impl<T> TypeCache<T> {
    pub const fn new() -> Self {
        Self(GilCell::new(Vec::new()))
    }

    /// Asks `question` about a class as it is now; `find` finds out what is not known. The question must run no Python.
    #[inline]
    pub fn of<R>(
        &self,
        class: &Bound<'_, PyType>,
        find: impl FnOnce() -> PyResult<T>,
        question: impl Fn(&T) -> R,
    ) -> PyResult<R> {
        let mut before = ffi::type_version(class);
        if let Some(version) = before
            && let Some(known) = self.0.look(class.py()).iter().find(|known| known.is_about(class))
            && known.version == version
        {
            return Ok(question(&known.finding));
        }
        if before.is_none() {
            // Any look-up gives a class a version, if it can have one.
            class.getattr_opt(intern!(class.py(), "__init__"))?;
            before = ffi::type_version(class);
        }
        let finding = find()?;
        let answer = question(&finding);
        // Finding out may have changed the class.
        if let Some(version) = before
            && ffi::type_version(class) == before
        {
            self.remember(class, version, finding);
        }
        Ok(answer)
    }

    fn remember(&self, class: &Bound<'_, PyType>, version: u32, finding: T) {
        let new = Known {
            class: class.as_ptr() as usize,
            version,
            finding,
        };
        let mut known = self.0.look(class.py());
        let old = known.iter().position(|known| known.is_about(class));
        let old = old.or((known.len() == KEPT).then_some(0)).map(|at| known.remove(at));
        known.push(new);
        drop(known);
        // After the look, since that may run Python.
        drop(old);
    }
}

impl<T> Known<T> {
    fn is_about(&self, class: &Bound<'_, PyType>) -> bool {
        self.class == class.as_ptr() as usize
    }
}
