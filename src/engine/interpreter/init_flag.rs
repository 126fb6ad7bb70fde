//! Whether an object's contents have been written.
//!
//! CPython tracks a new instance for garbage collection before its contents are written: making its `__dict__` may
//! start a collection that visits memory which is still all zeros. A class whose fields can't be read as zeros reads
//! this flag first; zero means "not yet".

use std::sync::atomic::{AtomicBool, Ordering};

pub struct InitFlag(AtomicBool);

impl InitFlag {
    /// For a field of contents that are complete.
    pub fn now() -> Self {
        Self(AtomicBool::new(true))
    }

    pub fn is_now(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
