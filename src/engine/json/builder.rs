//! Builds Python values while the JSON reader walks. What becomes of a finished dict is a parameter, so that the
//! session's reader can untag.

use std::vec::Drain;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString};

use super::keys;
use crate::engine::ffi;
use crate::json::reader::Builder;

pub struct PythonBuilder<'py, F> {
    py: Python<'py>,
    finish_dict: F,
}

impl<'py, F> PythonBuilder<'py, F>
where
    F: Fn(Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>>,
{
    pub fn new(py: Python<'py>, finish_dict: F) -> Self {
        Self { py, finish_dict }
    }
}

impl<'py, F> Builder for PythonBuilder<'py, F>
where
    F: Fn(Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>>,
{
    type Value = Bound<'py, PyAny>;
    type Key = Bound<'py, PyString>;
    type Dict = Bound<'py, PyDict>;
    type Error = PyErr;

    fn null(&mut self) -> PyResult<Self::Value> {
        Ok(self.py.None().into_bound(self.py))
    }

    fn boolean(&mut self, value: bool) -> PyResult<Self::Value> {
        Ok(PyBool::new(self.py, value).to_owned().into_any())
    }

    fn integer(&mut self, value: i64) -> PyResult<Self::Value> {
        Ok(value.into_pyobject(self.py)?.into_any())
    }

    fn big_integer(&mut self, digits: &str) -> PyResult<Self::Value> {
        // `int()` itself, for its limit on the number of digits.
        self.py.get_type::<PyInt>().call1((digits,))
    }

    fn float(&mut self, value: f64) -> PyResult<Self::Value> {
        Ok(PyFloat::new(self.py, value).into_any())
    }

    fn string(&mut self, text: &str) -> PyResult<Self::Value> {
        ffi::text(self.py, text).map(Bound::into_any)
    }

    fn list(&mut self, items: Drain<'_, Self::Value>) -> PyResult<Self::Value> {
        Ok(PyList::new(self.py, items)?.into_any())
    }

    fn open_dict(&mut self) -> Self::Dict {
        PyDict::new(self.py)
    }

    fn key(&mut self, text: &str) -> PyResult<Self::Key> {
        Ok(keys::kept(self.py, text))
    }

    fn put(&mut self, dict: &mut Self::Dict, key: Self::Key, value: Self::Value) -> PyResult<()> {
        dict.set_item(key, value)
    }

    fn close_dict(&mut self, dict: Self::Dict) -> PyResult<Self::Value> {
        (self.finish_dict)(dict)
    }
}
