//! How contexts look from outside: what is in their `__dict__`, where stock's contexts have all they know, and what
//! their classes are called. It must not know what a context knows.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyType};

use crate::engine::context::app_context::AppContext;
use crate::engine::ffi;
use crate::engine::request::context::RequestContext;

/// The object's `__dict__` with these in it, as they are now; the first time before what else was put there.
pub fn with_current<'py, const N: usize>(
    object: &Bound<'py, PyAny>,
    current: [(&Bound<'py, PyString>, Bound<'py, PyAny>); N],
) -> PyResult<Bound<'py, PyDict>> {
    let shown = ffi::instance_dict(object)?;
    let others = shown.copy()?;
    let is_first = !current.iter().all(|(name, _)| others.contains(name).unwrap_or(false));
    if is_first {
        shown.clear();
    }
    for (name, value) in current {
        shown.set_item(name, value)?;
        if is_first && others.contains(name)? {
            others.del_item(name)?;
        }
    }
    if is_first {
        shown.update(others.as_mapping())?;
    }
    Ok(shown)
}

/// Has CPython's errors name the classes without their module, as they do for classes written in Python.
pub fn name_classes(py: Python<'_>) -> PyResult<()> {
    for class in [PyType::new::<AppContext>(py), PyType::new::<RequestContext>(py)] {
        class.setattr(intern!(py, "__name__"), class.name()?)?;
    }
    Ok(())
}
