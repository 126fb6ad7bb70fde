//! Calls on objects and types that pyo3 has no safe form for: instance dictionaries, code objects, instances without a
//! constructor, short strings. Nothing here knows about requests.

use std::ffi::CStr;
use std::ptr;

use pyo3::exceptions::PySystemError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple, PyType};
use pyo3::{PyTypeInfo, ffi};

/// Whether an attribute of the class's instances is looked up as `object` does it: nobody has defined `__getattribute__`
/// or `__getattr__`.
pub fn has_generic_getattr(class: &Bound<'_, PyType>) -> bool {
    // SAFETY: a live type object, read while attached; two function pointers are compared.
    unsafe {
        (*class.as_type_ptr())
            .tp_getattro
            .is_some_and(|look| look as usize == ffi::PyObject_GenericGetAttr as *const () as usize)
    }
}

/// Whether an object is iterated as instances of `base`, one of its classes, are.
pub fn has_iterator_of(object: &Bound<'_, PyAny>, base: &Bound<'_, PyType>) -> bool {
    // SAFETY: two live type objects, read while attached; two function pointers are compared.
    unsafe {
        let own = (*object.get_type_ptr()).tp_iter.map(|iterate| iterate as usize);
        own == (*base.as_type_ptr()).tp_iter.map(|iterate| iterate as usize)
    }
}

/// The instance's `__dict__` itself (not a copy), without a Python-level attribute look-up.
pub fn instance_dict<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    // SAFETY: GenericGetDict gives a new reference to the instance's dict or NULL with AttributeError set.
    let dict = unsafe {
        Bound::from_owned_ptr_or_err(
            object.py(),
            ffi::PyObject_GenericGetDict(object.as_ptr(), ptr::null_mut()),
        )?
    };
    dict.cast_into::<PyDict>()
        .map_err(|_| PySystemError::new_err("an instance __dict__ is not a dict"))
}

#[cfg(not(Py_3_13))]
unsafe extern "C" {
    /// What became `PyObject_GetOptionalAttr` in CPython 3.13: 1 with a new reference, 0 without one, -1 with an error set.
    fn _PyObject_LookupAttr(
        object: *mut ffi::PyObject,
        name: *mut ffi::PyObject,
        found: *mut *mut ffi::PyObject,
    ) -> std::ffi::c_int;
}

/// An attribute, or None when looking it up raises `AttributeError`, which isn't even made where CPython looks it up by
/// itself.
pub fn attribute<'py>(object: &Bound<'py, PyAny>, name: &Bound<'py, PyString>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = object.py();
    let mut found = ptr::null_mut();
    #[cfg(Py_3_13)]
    // SAFETY: two live objects and a place for a new reference.
    let status = unsafe { ffi::PyObject_GetOptionalAttr(object.as_ptr(), name.as_ptr(), &raw mut found) };
    #[cfg(not(Py_3_13))]
    // SAFETY: two live objects and a place for a new reference.
    let status = unsafe { _PyObject_LookupAttr(object.as_ptr(), name.as_ptr(), &raw mut found) };
    if status < 0 {
        return Err(PyErr::fetch(py));
    }
    // SAFETY: a new reference, or NULL where there is no such attribute.
    Ok(unsafe { Bound::from_owned_ptr_or_opt(py, found) })
}

/// Whether this is the only reference to an object, so that a change of it can't be observed.
pub fn is_unshared(object: &Bound<'_, PyAny>) -> bool {
    // SAFETY: a live object, looked at while attached.
    unsafe { ffi::Py_REFCNT(object.as_ptr()) == 1 }
}

/// The name of an object's class as CPython's own error messages have it: with its module for classes written in C.
pub fn type_name(object: &Bound<'_, PyAny>) -> String {
    // SAFETY: the name of a live type is a C string that lives as long as the type.
    let name = unsafe { CStr::from_ptr((*object.get_type_ptr()).tp_name) };
    name.to_string_lossy().into_owned()
}

/// What calling an object runs.
pub enum Runs<'py> {
    /// C, and no coroutine.
    BuiltIn,
    /// This code object of a Python function.
    Code(Bound<'py, PyAny>),
    Unknown,
}

pub fn what_runs<'py>(callable: &Bound<'py, PyAny>) -> Runs<'py> {
    // SAFETY: two type pointers are compared; the code object is a borrowed reference of a live function.
    unsafe {
        if ffi::PyCFunction_CheckExact(callable.as_ptr()) != 0 {
            return Runs::BuiltIn;
        }
        if ffi::Py_TYPE(callable.as_ptr()) != &raw mut ffi::PyFunction_Type {
            return Runs::Unknown;
        }
        Runs::Code(Borrowed::from_ptr(callable.py(), ffi::PyFunction_GetCode(callable.as_ptr())).to_owned())
    }
}

/// A method descriptor bound to an object, as looking it up on that would give it.
pub fn bound_method<'py>(descriptor: &Bound<'py, PyAny>, object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: both are live objects and the type is the object's own; NULL means an error is set.
    unsafe {
        let bind = (*ffi::Py_TYPE(descriptor.as_ptr()))
            .tp_descr_get
            .ok_or_else(|| PySystemError::new_err("not a descriptor"))?;
        let kind = ffi::Py_TYPE(object.as_ptr()).cast();
        Bound::from_owned_ptr_or_err(object.py(), bind(descriptor.as_ptr(), object.as_ptr(), kind))
    }
}

/// Makes an instance of an ordinary Python class without calling any `__new__` or `__init__` of it.
pub fn bare_object<'py>(kind: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
    bare_instance::<PyAny>(kind)
}

/// Makes an instance of `kind`, a Python subclass of the pyclass `T` (or of nothing but `object`), without calling any
/// `__init__`.
pub fn bare_instance<'py, T: PyTypeInfo>(kind: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
    let py = kind.py();
    let empty = PyTuple::empty(py);
    let base = T::type_object(py);
    // SAFETY: tp_new of a pyclass, and of object, accepts a subtype, an empty tuple and no keywords; NULL means an error
    // is set.
    unsafe {
        let make = (*base.as_type_ptr())
            .tp_new
            .ok_or_else(|| PySystemError::new_err("the core type can't be instantiated"))?;
        Bound::from_owned_ptr_or_err(py, make(kind.as_type_ptr(), empty.as_ptr(), ptr::null_mut()))
    }
}

/// `text` as an instance of `kind`, a subclass of `str` without a constructor to run: `str.__new__(kind, text)`.
pub fn text_of_subclass<'py>(kind: &Bound<'py, PyType>, text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
    let py = kind.py();
    if !kind.is_subclass_of::<PyString>()? {
        return Err(PySystemError::new_err("not a subclass of str"));
    }
    let arguments = PyTuple::new(py, [text])?;
    // SAFETY: `str`'s tp_new accepts a subtype of it, a tuple and no keywords; NULL means an error is set.
    unsafe {
        let make = ffi::PyUnicode_Type
            .tp_new
            .ok_or_else(|| PySystemError::new_err("str can't be instantiated"))?;
        Bound::from_owned_ptr_or_err(py, make(kind.as_type_ptr(), arguments.as_ptr(), ptr::null_mut()))
    }
}
