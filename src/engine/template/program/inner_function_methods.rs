//! What Python sees of a function inside a template's function: a call, which Jinja2's macros and loops make.

use pyo3::PyTraverseError;
use pyo3::exceptions::PyTypeError;
use pyo3::gc::PyVisit;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};

use super::functions::{InnerFunction, Returned};
use super::items::FilteredItems;
use super::kit::Kit;
use crate::templates::program::FunctionKind;

#[pymethods]
impl InnerFunction {
    #[pyo3(signature = (*args, **kwargs))]
    fn __call__<'py>(
        slf: &Bound<'py, Self>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let this = slf.get();
        let arguments = this.bind(args, kwargs)?;
        let function = &this.owner.get().code.get().program.functions[this.number];
        if function.kind == FunctionKind::Items {
            return Ok(FilteredItems::new(slf, arguments)?.into_any());
        }
        let Some(kit) = Kit::get(py) else {
            return Err(PyTypeError::new_err("a template's function without Jinja2"));
        };
        match this.run(kit, py, &arguments)? {
            Returned::Value(value) => Ok(value),
            Returned::Text(text, escaping) => text.to_py(kit, py, escaping),
        }
    }

    #[getter]
    fn __name__<'py>(&self, py: Python<'py>) -> Bound<'py, PyString> {
        PyString::new(py, &self.owner.get().code.get().program.functions[self.number].name)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.owner)?;
        visit.call(&self.context)?;
        visit.call(&self.undefined)?;
        for cell in &self.cells {
            visit.call(cell)?;
        }
        Ok(())
    }
}
