//! Versions of types and dicts: numbers that change with the object. With `dict_watcher` this is the one place that
//! knows how each CPython does it, and what its types and dicts look like inside.
//!
//! It must not know what is cached under a version.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};

/// CPython's version of a type: it changes whenever an attribute of the type or of one of its bases does. None when the
/// type has no valid version at the moment.
#[inline]
pub fn type_version(kind: &Bound<'_, PyType>) -> Option<u32> {
    // SAFETY: a live type object, read while attached.
    unsafe { version_of(kind.as_type_ptr()) }
}

/// # Safety
/// A live type object, read while attached.
#[inline]
unsafe fn version_of(kind: *mut ffi::PyTypeObject) -> Option<u32> {
    // SAFETY: the caller's promise.
    let kind = unsafe { &*kind };
    // A version that is no longer valid is zero from 3.13 on; before, a flag says so.
    #[cfg(not(Py_3_13))]
    if kind.tp_flags & ffi::Py_TPFLAGS_VALID_VERSION_TAG == 0 {
        return None;
    }
    (kind.tp_version_tag != 0).then_some(kind.tp_version_tag)
}

/// Two numbers that change whenever what an instance has may have changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InstanceVersions {
    class: u32,
    dict: u64,
}

/// CPython's own version of a dict's content, up to 3.13 (PEP 509): each change gives the dict another one, and no two
/// dicts ever have the same. None in 3.13 for attributes that may still lie in their object, where they are set without
/// the dict's taking notice.
///
/// # Safety
/// A live dict, read while attached.
#[cfg(not(Py_3_14))]
#[inline]
unsafe fn content_version(_py: Python<'_>, dict: *mut ffi::PyObject) -> Option<u64> {
    // SAFETY: the caller's promise.
    let dict = unsafe { &*dict.cast::<ffi::PyDictObject>() };
    #[allow(deprecated, reason = "what takes its place does not exist in all of these versions")]
    let version = dict.ma_version_tag;
    (cfg!(not(Py_3_13)) || dict.ma_values.is_null()).then_some(version)
}

#[cfg(Py_3_14)]
use super::dict_watcher::version as content_version;

/// The version of a dict's content, if there is one.
#[inline]
pub fn dict_version(dict: &Bound<'_, PyDict>) -> Option<u64> {
    // SAFETY: a live dict, read while attached.
    unsafe { content_version(dict.py(), dict.as_ptr()) }
}

/// The versions of an instance's class and of its `__dict__`. None if there are none, or the dict does not lie in the
/// open.
#[inline]
pub fn instance_versions(object: &Bound<'_, PyAny>) -> Option<InstanceVersions> {
    // SAFETY: a live object and its type. A type with a positive dict offset has a pointer to the instance's dict, or
    // NULL, that far into the instance; nothing but a dict can be put there. Read while attached.
    unsafe {
        let kind = object.get_type_ptr();
        let class = version_of(kind)?;
        let offset = (*kind).tp_dictoffset;
        if offset <= 0 {
            return None;
        }
        let dict = *object.as_ptr().byte_offset(offset).cast::<*mut ffi::PyObject>();
        if dict.is_null() {
            return None;
        }
        let dict = content_version(object.py(), dict)?;
        Some(InstanceVersions { class, dict })
    }
}
