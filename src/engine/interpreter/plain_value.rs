//! Values whose text is Python's own, and has nothing in it that HTML escapes.

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt};

/// Whether a value is a number, a truth value or None, and of no subclass.
pub fn is_plain_value(value: &Bound<'_, PyAny>) -> bool {
    value.is_exact_instance_of::<PyInt>()
        || value.is_exact_instance_of::<PyFloat>()
        || value.is_exact_instance_of::<PyBool>()
        || value.is_none()
}
