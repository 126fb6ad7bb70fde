//! `request`, `session`, `g`, `current_app` and the two context proxies.
//!
//! They are real `werkzeug.local.LocalProxy` objects (extensions test for that): each has a type of its own below
//! `LocalProxy` whose hot slots (attribute, item, iteration, length, truth, containment) go straight from the context
//! variable to the object in Rust. Every other dunder is inherited and works through `_get_current_object`. The types go
//! by the name, the module and the documentation of `LocalProxy`, and make plain ones when called.

use std::ffi::{c_int, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

use pyo3::exceptions::{PySystemError, PyTypeError};
use pyo3::ffi as py_ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyTuple, PyType};

use crate::engine::context::AppContext;
use crate::engine::context::vars::{cv_app, cv_request, outside_of_context};
use crate::engine::request::context::RequestContext;
use crate::engine::session;

const CURRENT_APP: u8 = 0;
const G: u8 = 1;
const APP_CTX: u8 = 2;
const REQUEST: u8 = 3;
const SESSION: u8 = 4;
const REQUEST_CTX: u8 = 5;

/// The object a proxy stands for at the moment, or None outside of its context.
fn current(py: Python<'_>, kind: u8) -> PyResult<Option<Bound<'_, PyAny>>> {
    let context = if kind < REQUEST {
        cv_app(py).get(py)
    } else {
        cv_request(py).get(py)
    };
    let Some(context) = context else { return Ok(None) };
    match kind {
        APP_CTX | REQUEST_CTX => Ok(Some(context)),
        CURRENT_APP => context.getattr(intern!(py, "app")).map(Some),
        G => match context.cast_exact::<AppContext>() {
            Ok(own) => own.get().namespace(py).map(Some),
            Err(_) => context.getattr(intern!(py, "g")).map(Some),
        },
        REQUEST => match context.cast_exact::<RequestContext>() {
            Ok(own) => own.get().request(py).map(Some),
            Err(_) => context.getattr(intern!(py, "request")).map(Some),
        },
        _ => match context.cast_exact::<RequestContext>() {
            Ok(own) => session::touched(own).map(Some),
            Err(_) => context.getattr(intern!(py, "session")).map(Some),
        },
    }
}

fn bound(py: Python<'_>, kind: u8) -> PyResult<Bound<'_, PyAny>> {
    current(py, kind)?.ok_or_else(|| outside_of_context(py, if kind < REQUEST { "_no_app_msg" } else { "_no_req_msg" }))
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

/// Whether a name may belong to the proxy itself (`__class__`, `_get_current_object`, …) and not to what it stands for.
fn is_own_name(name: &Bound<'_, PyAny>) -> bool {
    name.cast::<pyo3::types::PyString>()
        .ok()
        .and_then(|n| n.to_str().ok())
        .is_some_and(|n| n.starts_with("__") || n == "_get_current_object" || n.starts_with("_LocalProxy"))
}

unsafe extern "C" fn getattro<const KIND: u8>(
    this: *mut py_ffi::PyObject,
    name: *mut py_ffi::PyObject,
) -> *mut py_ffi::PyObject {
    slot(ptr::null_mut(), |py| {
        // SAFETY: CPython passes a borrowed name; GetAttr and GenericGetAttr give a new reference or NULL with an error
        // set.
        unsafe {
            if is_own_name(&Borrowed::from_ptr(py, name)) {
                let own = py_ffi::PyObject_GenericGetAttr(this, name);
                if !own.is_null() || py_ffi::PyErr_ExceptionMatches(py_ffi::PyExc_AttributeError) == 0 {
                    return or_failed(py, own);
                }
                py_ffi::PyErr_Clear();
            }
            or_failed(py, py_ffi::PyObject_GetAttr(bound(py, KIND)?.as_ptr(), name))
        }
    })
}

unsafe extern "C" fn setattro<const KIND: u8>(
    _this: *mut py_ffi::PyObject,
    name: *mut py_ffi::PyObject,
    value: *mut py_ffi::PyObject,
) -> c_int {
    // SAFETY: name and value are borrowed from the caller; a NULL value means delete, which SetAttr takes as such.
    slot(-1, |py| unsafe {
        status_or_failed(py, py_ffi::PyObject_SetAttr(bound(py, KIND)?.as_ptr(), name, value))
    })
}

unsafe extern "C" fn subscript<const KIND: u8>(
    _this: *mut py_ffi::PyObject,
    key: *mut py_ffi::PyObject,
) -> *mut py_ffi::PyObject {
    // SAFETY: the key is borrowed; GetItem gives a new reference or NULL with an error set.
    slot(ptr::null_mut(), |py| unsafe {
        or_failed(py, py_ffi::PyObject_GetItem(bound(py, KIND)?.as_ptr(), key))
    })
}

unsafe extern "C" fn ass_subscript<const KIND: u8>(
    _this: *mut py_ffi::PyObject,
    key: *mut py_ffi::PyObject,
    value: *mut py_ffi::PyObject,
) -> c_int {
    // SAFETY: key and value are borrowed; a NULL value means delete.
    slot(-1, |py| unsafe {
        let object = bound(py, KIND)?;
        let status = if value.is_null() {
            py_ffi::PyObject_DelItem(object.as_ptr(), key)
        } else {
            py_ffi::PyObject_SetItem(object.as_ptr(), key, value)
        };
        status_or_failed(py, status)
    })
}

unsafe extern "C" fn iterator<const KIND: u8>(_this: *mut py_ffi::PyObject) -> *mut py_ffi::PyObject {
    slot(ptr::null_mut(), |py| match current(py, KIND)? {
        Some(object) => Ok(object.try_iter()?.into_ptr()),
        // What CPython makes of a `__iter__` that can't be found; it would try our `__getitem__`.
        None => Err(PyTypeError::new_err("'LocalProxy' object is not iterable")),
    })
}

unsafe extern "C" fn length<const KIND: u8>(_this: *mut py_ffi::PyObject) -> py_ffi::Py_ssize_t {
    slot(-1, |py| Ok(py_ffi::Py_ssize_t::try_from(bound(py, KIND)?.len()?)?))
}

unsafe extern "C" fn contains<const KIND: u8>(_this: *mut py_ffi::PyObject, item: *mut py_ffi::PyObject) -> c_int {
    // SAFETY: the item is borrowed from the caller.
    slot(-1, |py| unsafe {
        status_or_failed(py, py_ffi::PySequence_Contains(bound(py, KIND)?.as_ptr(), item))
    })
}

unsafe extern "C" fn truth<const KIND: u8>(_this: *mut py_ffi::PyObject) -> c_int {
    slot(-1, |py| {
        Ok(c_int::from(
            current(py, KIND)?.map_or(Ok(false), |object| object.is_truthy())?,
        ))
    })
}

/// `type(flask.request)(...)`: a plain `LocalProxy`.
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

/// Lets a type below `LocalProxy` say of itself what that says.
fn go_by_the_name_of(base: &Bound<'_, PyType>, kind: &Bound<'_, PyType>) -> PyResult<()> {
    let py = base.py();
    let of_base = base.getattr(intern!(py, "__dict__"))?;
    for name in ["__module__", "__doc__", "__annotations__"] {
        // `__doc__` as the descriptor it is.
        if let Ok(value) = of_base.get_item(name) {
            kind.setattr(name, value)?;
        }
    }
    // Messages of CPython's own have the name without the module, as with classes written in Python.
    kind.setattr(intern!(py, "__name__"), base.name()?)
}

fn make_type<'py, const KIND: u8>(base: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyType>> {
    let py = base.py();
    let entry = |slot: c_int, function: *mut c_void| py_ffi::PyType_Slot { slot, pfunc: function };
    let mut slots = [
        entry(py_ffi::Py_tp_new, new as *mut c_void),
        entry(py_ffi::Py_tp_getattro, getattro::<KIND> as *mut c_void),
        entry(py_ffi::Py_tp_setattro, setattro::<KIND> as *mut c_void),
        entry(py_ffi::Py_mp_subscript, subscript::<KIND> as *mut c_void),
        entry(py_ffi::Py_mp_ass_subscript, ass_subscript::<KIND> as *mut c_void),
        entry(py_ffi::Py_tp_iter, iterator::<KIND> as *mut c_void),
        entry(py_ffi::Py_mp_length, length::<KIND> as *mut c_void),
        entry(py_ffi::Py_sq_contains, contains::<KIND> as *mut c_void),
        entry(py_ffi::Py_nb_bool, truth::<KIND> as *mut c_void),
        entry(0, ptr::null_mut()),
    ];
    let mut spec = py_ffi::PyType_Spec {
        name: c"werkzeug.local.LocalProxy".as_ptr(),
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
    let made = made.cast_into::<PyType>()?;
    go_by_the_name_of(base, &made)?;
    Ok(made)
}

fn make_proxy<'py, const KIND: u8>(base: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
    let py = base.py();
    let kind = make_type::<KIND>(base)?;
    // SAFETY: it gives a new, empty instance of a type that is ready, or NULL with an error set.
    let proxy = unsafe { Bound::from_owned_ptr_or_err(py, py_ffi::PyType_GenericAlloc(kind.as_type_ptr(), 0))? };
    let variable = if KIND < REQUEST { cv_app(py) } else { cv_request(py) };
    let target = PyCFunction::new_closure(
        py,
        Some(c"_get_current_object"),
        None,
        |arguments: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| bound(arguments.py(), KIND).map(Bound::unbind),
    )?;
    // LocalProxy keeps these two in slots; its `__init__` can't be used, since our `__setattr__` forwards.
    base.getattr("_get_current_object")?
        .call_method1("__set__", (&proxy, target))?;
    base.getattr("_LocalProxy__wrapped")?
        .call_method1("__set__", (&proxy, variable.object(py)))?;
    Ok(proxy)
}

/// The six proxies by their names in `flask.globals`.
#[pyfunction]
pub fn make_proxies(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let base = py
        .import("werkzeug.local")?
        .getattr("LocalProxy")?
        .cast_into::<PyType>()?;
    let proxies = PyDict::new(py);
    proxies.set_item("current_app", make_proxy::<CURRENT_APP>(&base)?)?;
    proxies.set_item("g", make_proxy::<G>(&base)?)?;
    proxies.set_item("app_ctx", make_proxy::<APP_CTX>(&base)?)?;
    proxies.set_item("request", make_proxy::<REQUEST>(&base)?)?;
    proxies.set_item("session", make_proxy::<SESSION>(&base)?)?;
    proxies.set_item("request_ctx", make_proxy::<REQUEST_CTX>(&base)?)?;
    Ok(proxies)
}
