//! A cell whose lock is the interpreter's: only threads that are attached to Python borrow its value, so that borrowing
//! costs no atomic operation. An application's objects are borrowed dozens of times in every request.

use std::cell::{RefCell, RefMut};

use pyo3::gc::PyVisit;
use pyo3::prelude::*;

/// A value behind the interpreter's lock.
#[derive(Default)]
pub struct GilCell<T>(RefCell<T>);

// SAFETY: nobody gets at the cell without proof of being attached, and the interpreter lets one thread at a time be
// attached: a free-threaded one too, since the module declares `gil_used` (pyo3's default says that it is not). What one
// thread wrote is seen by the next, since the lock was passed on in between. A borrow that is left open while Python runs,
// or while the thread is detached, makes the next one panic, as with any `RefCell`.
unsafe impl<T: Send> Sync for GilCell<T> {}

impl<T> GilCell<T> {
    pub const fn new(value: T) -> Self {
        Self(RefCell::new(value))
    }

    /// The value, until what this gives is dropped. No Python may run meanwhile, and the interpreter's lock must not be
    /// given away: so what comes out is dropped later, and `intern!` and `PyOnceLock`, whose first use lets other threads
    /// in, come before.
    #[inline]
    pub fn look(&self, _py: Python<'_>) -> RefMut<'_, T> {
        self.0.borrow_mut()
    }

    /// Puts a value in place of what is there, which is dropped after the look.
    pub fn put(&self, py: Python<'_>, value: T) {
        let old = std::mem::replace(&mut *self.look(py), value);
        drop(old);
    }

    /// The value for a collection, which runs on an attached thread. None while it is borrowed.
    pub fn visited(&self, _visit: &PyVisit<'_>) -> Option<RefMut<'_, T>> {
        self.0.try_borrow_mut().ok()
    }
}
