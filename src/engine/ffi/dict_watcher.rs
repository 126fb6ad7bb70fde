//! Versions of dicts for Python 3.14 and later, which has none of its own any more (PEP 699): a dict watcher, CPython's
//! public way, takes a dict's version away before the dict changes, and the next look-up gives it another.
//!
//! It must not know what is cached under a version.

use std::collections::HashMap;
use std::ffi::c_int;

use foldhash::fast::FixedState;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use super::gil_cell::GilCell;

/// CPython's `PyDict_WatchEvent`: which kind of change it is. All kinds are one to us.
type WatchEvent = c_int;

type WatchCallback =
    unsafe extern "C" fn(WatchEvent, *mut ffi::PyObject, *mut ffi::PyObject, *mut ffi::PyObject) -> c_int;

unsafe extern "C" {
    /// pyo3 has `PyDict_Watch` and `PyDict_Unwatch`, and not this.
    fn PyDict_AddWatcher(callback: WatchCallback) -> c_int;
}

/// The watched dicts by their addresses, each with its version: a dict that changes or dies leaves the table.
struct WatchedDicts {
    versions: HashMap<usize, u64, FixedState>,
    latest: u64,
}

static WATCHED: GilCell<WatchedDicts> = GilCell::new(WatchedDicts {
    versions: HashMap::with_hasher(FixedState::with_seed(0)),
    latest: 0,
});

/// Our number among the interpreter's eight dict watchers; None when others have them all.
static WATCHER: PyOnceLock<Option<c_int>> = PyOnceLock::new();

/// The version of a dict's content: another one after each change, and no two dicts ever have the same. None if there
/// can't be one.
///
/// # Safety
/// A live dict.
#[inline]
pub unsafe fn version(py: Python<'_>, dict: *mut ffi::PyObject) -> Option<u64> {
    if let Some(version) = WATCHED.look(py).versions.get(&(dict as usize)) {
        return Some(*version);
    }
    // SAFETY: the caller's promise.
    unsafe { watch(py, dict) }
}

/// # Safety
/// A live dict.
#[cold]
unsafe fn watch(py: Python<'_>, dict: *mut ffi::PyObject) -> Option<u64> {
    let watcher = (*WATCHER.get_or_init(py, || {
        // SAFETY: the callback has the signature that the watcher wants, and lives as long as the process.
        let number = unsafe { PyDict_AddWatcher(before_change) };
        if number < 0 {
            drop(PyErr::take(py));
        }
        (number >= 0).then_some(number)
    }))?;
    // SAFETY: a live dict by the caller's promise.
    unsafe {
        // The values of a split dict may lie in an instance, where attributes are set without the dict's taking notice.
        // A dict that is not split never becomes it.
        if !(*dict.cast::<ffi::PyDictObject>()).ma_values.is_null() {
            return None;
        }
        if ffi::PyDict_Watch(watcher, dict) < 0 {
            drop(PyErr::take(py));
            return None;
        }
    }
    let mut watched = WATCHED.look(py);
    watched.latest += 1;
    let version = watched.latest;
    watched.versions.insert(dict as usize, version);
    Some(version)
}

/// Takes a dict's version away. CPython calls this in the midst of an operation on the dict, before the change: no
/// Python may run, and nothing be raised. A dict is watched no longer than it has a version.
unsafe extern "C" fn before_change(
    _event: WatchEvent,
    dict: *mut ffi::PyObject,
    _key: *mut ffi::PyObject,
    _value: *mut ffi::PyObject,
) -> c_int {
    // SAFETY: CPython calls this on the attached thread that changes the dict.
    let py = unsafe { Python::assume_attached() };
    WATCHED.look(py).versions.remove(&(dict as usize));
    if let Some(Some(watcher)) = WATCHER.get(py) {
        // SAFETY: our own number, and a dict; it clears a bit in that, and fails for nothing else.
        unsafe { ffi::PyDict_Unwatch(*watcher, dict) };
    }
    0
}
