//! A check that is made once in a process: that a library, whose release may differ from the one this was written
//! against, does what is done natively here.
//!
//! It must not know what is checked.

use pyo3::prelude::*;

use crate::engine::ffi::gil_cell::GilCell;

/// The outcome of a check that was made, or is still to be made.
pub struct SelfCheck(GilCell<Option<bool>>);

impl SelfCheck {
    pub const fn new() -> Self {
        Self(GilCell::new(None))
    }

    /// Whether the check passed; the first call makes it. While it is being made it counts as failed, for the check
    /// itself and for other threads. One that raises has failed.
    pub fn passes(&self, py: Python<'_>, check: impl FnOnce() -> PyResult<bool>) -> bool {
        if let Some(passed) = *self.0.look(py) {
            return passed;
        }
        *self.0.look(py) = Some(false);
        let passed = check().unwrap_or(false);
        *self.0.look(py) = Some(passed);
        passed
    }
}
