//! The native base of the class behind `g`: attributes are entries of the instance's dict, whatever its class
//! defines. It must not know about contexts.

use pyo3::exceptions::{PyAttributeError, PyKeyError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyIterator, PyTuple};

use crate::engine::ffi;
use crate::engine::interpreter::optional_arg::OptionalArg;

/// Base of the class behind `g`: attributes are set in the instance's `__dict__`, whatever its class says.
#[pyclass(subclass, frozen, module = "ferroflask._core")]
pub struct NamespaceBase;

fn missing(name: Bound<'_, PyAny>) -> PyErr {
    PyAttributeError::new_err((name.unbind(),))
}

#[pymethods]
impl NamespaceBase {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs))]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self
    }

    fn __setattr__(slf: &Bound<'_, Self>, name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        ffi::instance_dict(slf.as_any())?.set_item(name, value)
    }

    fn __delattr__(slf: &Bound<'_, Self>, name: Bound<'_, PyAny>) -> PyResult<()> {
        let held = ffi::instance_dict(slf.as_any())?;
        if !held.contains(&name)? {
            return Err(missing(name));
        }
        held.del_item(name)
    }

    fn __contains__(slf: &Bound<'_, Self>, item: &Bound<'_, PyAny>) -> PyResult<bool> {
        ffi::instance_dict(slf.as_any())?.contains(item)
    }

    fn __iter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyIterator>> {
        ffi::instance_dict(slf.as_any())?.try_iter()
    }

    /// Return an attribute, or another value where it was never set, like `dict.get`.
    ///
    /// Args:
    ///     name: the attribute's name.
    ///     default: what to return for a missing one, None unless given.
    #[pyo3(signature = (name, default=None))]
    fn get<'py>(
        slf: &Bound<'py, Self>,
        name: &Bound<'py, PyAny>,
        default: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        Ok(ffi::instance_dict(slf.as_any())?.get_item(name)?.or(default))
    }

    /// Remove an attribute and return it, like `dict.pop`.
    ///
    /// Args:
    ///     name: the attribute's name.
    ///     default: what to return for a missing one. Without it a missing one raises `KeyError`.
    #[pyo3(signature = (name, default=OptionalArg::Absent))]
    fn pop<'py>(
        slf: &Bound<'py, Self>,
        name: Bound<'py, PyAny>,
        default: OptionalArg<'py>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let held = ffi::instance_dict(slf.as_any())?;
        match (held.get_item(&name)?, default) {
            (Some(value), _) => {
                held.del_item(name)?;
                Ok(Some(value))
            }
            (None, OptionalArg::Value(default)) => Ok(default),
            (None, OptionalArg::Absent) => Err(PyKeyError::new_err((name.unbind(),))),
        }
    }

    /// Return an attribute, setting it first where it was never set, like `dict.setdefault`.
    ///
    /// Args:
    ///     name: the attribute's name.
    ///     default: the value to set, None unless given.
    #[pyo3(signature = (name, default=None))]
    fn setdefault<'py>(
        slf: &Bound<'py, Self>,
        name: &Bound<'py, PyAny>,
        default: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        ffi::instance_dict(slf.as_any())?.call_method1(intern!(slf.py(), "setdefault"), (name, default))
    }
}
