//! Types whose slots forward to another object, found at each use: what is under Flask's proxies.
//!
//! It must not know which objects these are.

use std::ffi::{CStr, c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use pyo3::exceptions::{PySystemError, PyTypeError};
use pyo3::ffi as py_ffi;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyType};

/// What a forwarding type stands for.
pub trait Forward: 'static {
    /// The message of the `TypeError` for iterating while there is no object.
    const NOT_ITERABLE: &'static str;

    /// The object at the moment, if there is one.
    fn current(py: Python<'_>) -> PyResult<Option<Bound<'_, PyAny>>>;

    /// The error for using it while there is none.
    fn missing(py: Python<'_>) -> PyErr;

    /// Whether an attribute may belong to the forwarding instance itself and not to its object.
    fn keeps(name: &Bound<'_, PyAny>) -> bool;
}

/// The object that `T` stands for.
///
/// # Errors
/// `T::missing` while there is none.
pub fn object<T: Forward>(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    T::current(py)?.ok_or_else(|| T::missing(py))
}

/// Runs a slot's body and turns its error, or a panic, into CPython's failure value.
fn slot<R>(failed: R, body: impl FnOnce(Python<'_>) -> PyResult<R>) -> R {
    // SAFETY: CPython calls slots on attached threads only.
    let py = unsafe { Python::assume_attached() };
    match catch_unwind(AssertUnwindSafe(|| body(py))) {
        Ok(Ok(value)) => value,
        Ok(Err(error)) => {
            error.restore(py);
            failed
        }
        Err(_) => {
            PySystemError::new_err("a proxy panicked; this is a bug in ferroflask").restore(py);
            failed
        }
    }
}

fn or_failed(py: Python<'_>, object: *mut py_ffi::PyObject) -> PyResult<*mut py_ffi::PyObject> {
    if object.is_null() {
        Err(PyErr::fetch(py))
    } else {
        Ok(object)
    }
}

fn status_or_failed(py: Python<'_>, status: c_int) -> PyResult<c_int> {
    if status < 0 { Err(PyErr::fetch(py)) } else { Ok(status) }
}

unsafe extern "C" fn getattro<T: Forward>(
    this: *mut py_ffi::PyObject,
    name: *mut py_ffi::PyObject,
) -> *mut py_ffi::PyObject {
    slot(ptr::null_mut(), |py| {
        // SAFETY: CPython passes a borrowed name; GetAttr and GenericGetAttr give a new reference or NULL with an error
        // set.
        unsafe {
            if T::keeps(&Borrowed::from_ptr(py, name)) {
                let own = py_ffi::PyObject_GenericGetAttr(this, name);
                if !own.is_null() || py_ffi::PyErr_ExceptionMatches(py_ffi::PyExc_AttributeError) == 0 {
                    return or_failed(py, own);
                }
                py_ffi::PyErr_Clear();
            }
            or_failed(py, py_ffi::PyObject_GetAttr(object::<T>(py)?.as_ptr(), name))
        }
    })
}

unsafe extern "C" fn setattro<T: Forward>(
    _this: *mut py_ffi::PyObject,
    name: *mut py_ffi::PyObject,
    value: *mut py_ffi::PyObject,
) -> c_int {
    // SAFETY: name and value are borrowed from the caller; a NULL value means delete, which SetAttr takes as such.
    slot(-1, |py| unsafe {
        status_or_failed(py, py_ffi::PyObject_SetAttr(object::<T>(py)?.as_ptr(), name, value))
    })
}

unsafe extern "C" fn subscript<T: Forward>(
    _this: *mut py_ffi::PyObject,
    key: *mut py_ffi::PyObject,
) -> *mut py_ffi::PyObject {
    // SAFETY: the key is borrowed; GetItem gives a new reference or NULL with an error set.
    slot(ptr::null_mut(), |py| unsafe {
        or_failed(py, py_ffi::PyObject_GetItem(object::<T>(py)?.as_ptr(), key))
    })
}

unsafe extern "C" fn ass_subscript<T: Forward>(
    _this: *mut py_ffi::PyObject,
    key: *mut py_ffi::PyObject,
    value: *mut py_ffi::PyObject,
) -> c_int {
    // SAFETY: key and value are borrowed; a NULL value means delete.
    slot(-1, |py| unsafe {
        let object = object::<T>(py)?;
        let status = if value.is_null() {
            py_ffi::PyObject_DelItem(object.as_ptr(), key)
        } else {
            py_ffi::PyObject_SetItem(object.as_ptr(), key, value)
        };
        status_or_failed(py, status)
    })
}

unsafe extern "C" fn iterator<T: Forward>(_this: *mut py_ffi::PyObject) -> *mut py_ffi::PyObject {
    slot(ptr::null_mut(), |py| match T::current(py)? {
        Some(object) => Ok(object.try_iter()?.into_ptr()),
        None if cfg!(Py_3_14) => Err(T::missing(py)),
        // What CPython made of a `__iter__` that can't be found; it would try our `__getitem__`.
        None => Err(PyTypeError::new_err(T::NOT_ITERABLE)),
    })
}

unsafe extern "C" fn length<T: Forward>(_this: *mut py_ffi::PyObject) -> py_ffi::Py_ssize_t {
    slot(-1, |py| Ok(py_ffi::Py_ssize_t::try_from(object::<T>(py)?.len()?)?))
}

unsafe extern "C" fn contains<T: Forward>(_this: *mut py_ffi::PyObject, item: *mut py_ffi::PyObject) -> c_int {
    // SAFETY: the item is borrowed from the caller.
    slot(-1, |py| unsafe {
        status_or_failed(py, py_ffi::PySequence_Contains(object::<T>(py)?.as_ptr(), item))
    })
}

unsafe extern "C" fn truth<T: Forward>(_this: *mut py_ffi::PyObject) -> c_int {
    slot(-1, |py| {
        Ok(c_int::from(
            T::current(py)?.map_or(Ok(false), |object| object.is_truthy())?,
        ))
    })
}

/// Calling the type makes an instance of its base.
unsafe extern "C" fn new(
    kind: *mut py_ffi::PyTypeObject,
    arguments: *mut py_ffi::PyObject,
    named: *mut py_ffi::PyObject,
) -> *mut py_ffi::PyObject {
    // SAFETY: CPython passes the type, a tuple and a dict or NULL; the base of our type lives as long as the type does.
    slot(ptr::null_mut(), |py| unsafe {
        or_failed(py, py_ffi::PyObject_Call((*kind).tp_base.cast(), arguments, named))
    })
}

/// A type below `base` under a name of its own, whose attributes, items, iteration, length, truth and containment are
/// those of the object that `T` gives.
pub fn forwarding_type<'py, T: Forward>(base: &Bound<'py, PyType>, name: &CStr) -> PyResult<Bound<'py, PyType>> {
    let py = base.py();
    let entry = |slot: c_int, function: *mut c_void| py_ffi::PyType_Slot { slot, pfunc: function };
    let mut slots = [
        entry(py_ffi::Py_tp_new, new as *mut c_void),
        entry(py_ffi::Py_tp_getattro, getattro::<T> as *mut c_void),
        entry(py_ffi::Py_tp_setattro, setattro::<T> as *mut c_void),
        entry(py_ffi::Py_mp_subscript, subscript::<T> as *mut c_void),
        entry(py_ffi::Py_mp_ass_subscript, ass_subscript::<T> as *mut c_void),
        entry(py_ffi::Py_tp_iter, iterator::<T> as *mut c_void),
        entry(py_ffi::Py_mp_length, length::<T> as *mut c_void),
        entry(py_ffi::Py_sq_contains, contains::<T> as *mut c_void),
        entry(py_ffi::Py_nb_bool, truth::<T> as *mut c_void),
        entry(0, ptr::null_mut()),
    ];
    let mut spec = py_ffi::PyType_Spec {
        name: name.as_ptr(),
        basicsize: 0,
        itemsize: 0,
        flags: u32::try_from(py_ffi::Py_TPFLAGS_DEFAULT)?,
        slots: slots.as_mut_ptr(),
    };
    let bases = PyTuple::new(py, [base])?;
    // SAFETY: spec and slots live through the call, which copies them; every function has the signature its slot wants.
    // Size 0 inherits the base's layout, and no slot touches instance memory.
    let made =
        unsafe { Bound::from_owned_ptr_or_err(py, py_ffi::PyType_FromSpecWithBases(&raw mut spec, bases.as_ptr()))? };
    Ok(made.cast_into::<PyType>()?)
}

/// A new, empty instance of such a type; nothing is called.
pub fn empty_instance<'py>(kind: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
    // SAFETY: it gives a new, empty instance of a type that is ready, or NULL with an error set.
    unsafe { Bound::from_owned_ptr_or_err(kind.py(), py_ffi::PyType_GenericAlloc(kind.as_type_ptr(), 0)) }
}
