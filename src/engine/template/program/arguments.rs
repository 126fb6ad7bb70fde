//! The arguments of a call, evaluated.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

/// The arguments of a call.
#[derive(Default)]
pub struct Arguments<'py> {
    pub args: Vec<Bound<'py, PyAny>>,
    pub keywords: Option<Bound<'py, PyDict>>,
}

impl<'py> Arguments<'py> {
    pub fn pass_to(self, callee: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = callee.py();
        if self.keywords.is_some() {
            return callee.call(PyTuple::new(py, self.args)?, self.keywords.as_ref());
        }
        match <[_; 1]>::try_from(self.args) {
            Ok([only]) => callee.call1((only,)),
            Err(args) if args.is_empty() => callee.call0(),
            Err(args) => match <[_; 2]>::try_from(args) {
                Ok([first, second]) => callee.call1((first, second)),
                Err(args) => callee.call1(PyTuple::new(py, args)?),
            },
        }
    }
}
