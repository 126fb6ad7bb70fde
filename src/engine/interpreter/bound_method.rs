//! The function behind a bound method.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// The function of a bound method; anything else itself.
pub fn without_binding<'py>(function: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    static METHOD: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = function.py();
    let method = METHOD.import(py, "types", "MethodType")?;
    let mut function = function.clone();
    while function.get_type().is(method) {
        function = function.getattr(intern!(py, "__func__"))?;
    }
    Ok(function)
}
