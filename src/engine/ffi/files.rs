//! Open files by their descriptors.
//!
//! It must not know what the files are for.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::fs::File;
use std::io::ErrorKind;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::ptr;

/// A descriptor of our own for the file that an open Python file object has under this number.
pub fn duplicate(_open: &Bound<'_, PyAny>, number: i32) -> Option<OwnedFd> {
    if number < 0 {
        return None;
    }
    // SAFETY: the file object that owns the number is open, and nothing can close it while this thread is attached.
    unsafe { BorrowedFd::borrow_raw(number) }.try_clone_to_owned().ok()
}

/// Part of a file as `bytes`, read into them directly and without the interpreter. All of it must be there.
pub fn bytes_of_file<'py>(
    py: Python<'py>,
    file: &File,
    start: u64,
    length: usize,
) -> std::io::Result<Bound<'py, PyBytes>> {
    let size = ffi::Py_ssize_t::try_from(length).map_err(|_| ErrorKind::OutOfMemory)?;
    // SAFETY: without a source, the object is new and its content not written yet; NULL means an error is set.
    let bytes = unsafe { Bound::from_owned_ptr_or_err(py, ffi::PyBytes_FromStringAndSize(ptr::null(), size)) };
    let bytes = bytes.map_err(|_| ErrorKind::OutOfMemory)?.cast_into::<PyBytes>();
    let bytes = bytes.expect("invariant: it was made as bytes");
    // SAFETY: the pointer to the content of the object made above.
    let place = unsafe { ffi::PyBytes_AsString(bytes.as_ptr()) } as usize;
    py.detach(|| {
        let mut filled = 0;
        while filled < length {
            let offset = libc::off_t::try_from(start + filled as u64).map_err(|_| ErrorKind::InvalidInput)?;
            let target = (place + filled) as *mut libc::c_void;
            // SAFETY: `length - filled` bytes of the object are behind `target`; nobody else has seen it yet, and it
            // lives longer than this call.
            let read = unsafe { libc::pread(file.as_raw_fd(), target, length - filled, offset) };
            match usize::try_from(read) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(read) => filled += read,
                Err(_) => match std::io::Error::last_os_error() {
                    error if error.kind() == ErrorKind::Interrupted => {}
                    error => return Err(error),
                },
            }
        }
        Ok(())
    })?;
    Ok(bytes)
}
