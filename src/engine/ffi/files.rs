//! Open files by their descriptors.
//!
//! It must not know what the files are for.

use pyo3::prelude::*;
use std::fs::File;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};

/// The number that Linux has for the kind of file system a file lies on.
pub fn file_system(file: &File) -> Option<i64> {
    let mut found = MaybeUninit::<libc::statfs>::uninit();
    // SAFETY: the descriptor is open, and the structure is filled in by a call that succeeds.
    let found = unsafe {
        if libc::fstatfs(file.as_raw_fd(), found.as_mut_ptr()) != 0 {
            return None;
        }
        found.assume_init()
    };
    #[allow(
        clippy::useless_conversion,
        reason = "the field has another type with other C libraries"
    )]
    i64::try_from(found.f_type).ok()
}

/// A descriptor of our own for the file that an open Python file object has under this number.
pub fn duplicate(_open: &Bound<'_, PyAny>, number: i32) -> Option<OwnedFd> {
    if number < 0 {
        return None;
    }
    // SAFETY: the file object that owns the number is open, and nothing can close it while this thread is attached.
    unsafe { BorrowedFd::borrow_raw(number) }.try_clone_to_owned().ok()
}
