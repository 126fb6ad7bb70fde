//! The version numbers that CPython gives types and dicts: the one place that knows their layout.
//!
//! It must not know what is cached under a version.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};

/// CPython's version of a type: it changes whenever an attribute of the type or of one of its bases does. None when the
/// type has no valid version at the moment.
#[inline]
pub fn type_version(kind: &Bound<'_, PyType>) -> Option<u32> {
    // SAFETY: a live type object, read while attached.
    unsafe { version_of(kind.py(), kind.as_type_ptr()) }
}

/// # Safety
/// A live type object.
#[inline]
unsafe fn version_of(py: Python<'_>, kind: *mut ffi::PyTypeObject) -> Option<u32> {
    // SAFETY: the caller's promise; read while attached.
    let (flags, version) = unsafe { ((*kind).tp_flags, (*kind).tp_version_tag) };
    // From 3.13 on a version that is no longer valid is zero, and the flag is not used any more.
    let is_valid = flags & ffi::Py_TPFLAGS_VALID_VERSION_TAG != 0 || minor(py) >= 13;
    (is_valid && version != 0).then_some(version)
}

/// Which Python 3 this is.
#[inline]
fn minor(py: Python<'_>) -> u8 {
    static MINOR: PyOnceLock<u8> = PyOnceLock::new();
    *MINOR.get_or_init(py, || py.version_info().minor)
}

/// Two numbers that change whenever what an instance has may have changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InstanceVersions {
    class: u32,
    dict: u64,
}

/// The beginning of a dict, as CPython 3.10 to 3.13 lay it out. pyo3 leaves the version out where it is deprecated.
#[repr(C)]
struct DictHead {
    base: ffi::PyObject,
    used: ffi::Py_ssize_t,
    version: u64,
    keys: *mut ffi::PyObject,
    values: *mut ffi::PyObject,
}

impl DictHead {
    /// CPython's version of the content (PEP 509): each change gives the dict another one, and no two dicts ever have the
    /// same. None where there is none to go by: in 3.14 and later, and in 3.13 for attributes that may still lie in their
    /// object, where they are set without the dict's taking notice.
    #[inline]
    fn version(&self, py: Python<'_>) -> Option<u64> {
        let minor = minor(py);
        (minor < 13 || minor == 13 && self.values.is_null()).then_some(self.version)
    }
}

/// The version of a dict's content, if there is one.
#[inline]
pub fn dict_version(dict: &Bound<'_, PyDict>) -> Option<u64> {
    // SAFETY: a live dict begins like that in the versions that look at it; read while attached.
    unsafe { &*dict.as_ptr().cast::<DictHead>() }.version(dict.py())
}

/// The versions of an instance's class and of its `__dict__`. None if there are none, or the dict does not lie in the
/// open.
#[inline]
pub fn instance_versions(object: &Bound<'_, PyAny>) -> Option<InstanceVersions> {
    // SAFETY: a live object and its type. A type with a positive dict offset has a pointer to the instance's dict, or
    // NULL, that far into the instance; nothing but a dict can be put there. Read while attached.
    let (class, dict) = unsafe {
        let kind = object.get_type_ptr();
        let class = version_of(object.py(), kind)?;
        let offset = (*kind).tp_dictoffset;
        if offset <= 0 {
            return None;
        }
        let dict = *object.as_ptr().byte_offset(offset).cast::<*const DictHead>();
        (class, dict.as_ref()?.version(object.py())?)
    };
    Some(InstanceVersions { class, dict })
}
