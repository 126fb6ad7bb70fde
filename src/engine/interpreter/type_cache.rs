//! A cache of findings about classes: each is valid as long as its class has the same type version, which CPython changes
//! with every assignment to the class or a base of it and gives to no other class.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::engine::ffi;
use crate::engine::ffi::gil_cell::GilCell;

/// Classes in the cache. A test client makes a class for its responses each time: the oldest has to go.
const KEPT: usize = 64;

/// A finding about each of the latest classes.
pub struct TypeCache<T>(GilCell<Vec<CachedFinding<T>>>);

struct CachedFinding<T> {
    class: usize,
    version: u32,
    finding: T,
}

impl<T> TypeCache<T> {
    pub const fn new() -> Self {
        Self(GilCell::new(Vec::new()))
    }

    /// Reads the finding about a class as it is now with `question`, which must run no Python; `find` makes a missing one.
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
        let new = CachedFinding {
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

impl<T> CachedFinding<T> {
    fn is_about(&self, class: &Bound<'_, PyType>) -> bool {
        self.class == class.as_ptr() as usize
    }
}
