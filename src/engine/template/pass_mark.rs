//! The mark on a callable by which Jinja2 passes it a context, an evaluation context or the environment first.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyFunction};

use crate::engine::ffi;
use crate::engine::interpreter::bound_method::without_binding;

/// What is known of a callable's mark.
pub enum PassMark<'py> {
    None,
    Some(Bound<'py, PyAny>),
    /// Neither a function nor a method: Jinja2 looks at its class as well.
    Unknown,
}

/// The mark of a callable.
pub fn mark_of<'py>(callable: &Bound<'py, PyAny>) -> PyResult<PassMark<'py>> {
    let py = callable.py();
    if callable.is_exact_instance_of::<PyCFunction>() {
        return Ok(PassMark::None);
    }
    let function = without_binding(callable)?;
    if !function.is_exact_instance_of::<PyFunction>() {
        return Ok(PassMark::Unknown);
    }
    let mark = ffi::instance_dict(&function)?.get_item(intern!(py, "jinja_pass_arg"))?;
    Ok(mark.map_or(PassMark::None, PassMark::Some))
}
