//! Open files by their descriptors.
//!
//! It must not know what the files are for.

use std::os::fd::{BorrowedFd, OwnedFd};

use pyo3::prelude::*;

/// A descriptor of our own for the file that an open Python file object has under this number.
pub fn duplicate(_open: &Bound<'_, PyAny>, number: i32) -> Option<OwnedFd> {
    if number < 0 {
        return None;
    }
    // SAFETY: the file object that owns the number is open, and nothing can close it while this thread is attached.
    unsafe { BorrowedFd::borrow_raw(number) }.try_clone_to_owned().ok()
}
