//! The state of a loop whose `loop` is only looked at: what Jinja2's `LoopContext` would say of it.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyIterator, PyList, PyType};

use crate::engine::ffi::{bare_object, while_handling};
use crate::templates::program::LoopAttr;

pub struct LoopState<'py> {
    iterable: Bound<'py, PyAny>,
    iterator: Bound<'py, PyIterator>,
    /// How many items the body has seen.
    seen: usize,
    /// An item that was looked at before its turn; None inside: there are no more.
    ahead: Option<Bound<'py, PyAny>>,
    length: Option<usize>,
}

impl<'py> LoopState<'py> {
    pub fn new(iterable: Bound<'py, PyAny>) -> PyResult<Self> {
        Ok(Self {
            iterator: iterable.try_iter()?,
            iterable,
            seen: 0,
            ahead: None,
            length: None,
        })
    }

    /// The next item for the body.
    pub fn advance(&mut self) -> PyResult<Option<Bound<'py, PyAny>>> {
        let next = match self.ahead.take() {
            Some(item) => Some(item),
            None => self.iterator.next().transpose()?,
        };
        self.seen += usize::from(next.is_some());
        Ok(next)
    }

    /// The index of the current item, from 0.
    pub fn index0(&self) -> usize {
        self.seen.saturating_sub(1)
    }

    fn is_last(&mut self) -> PyResult<bool> {
        if self.ahead.is_none() {
            self.ahead = self.iterator.next().transpose()?;
        }
        Ok(self.ahead.is_none())
    }

    /// The number of items; those of an iterator without a size are collected for it.
    fn length(&mut self) -> PyResult<usize> {
        if let Some(length) = self.length {
            return Ok(length);
        }
        let py = self.iterable.py();
        let length = match self.iterable.len() {
            Ok(length) => length,
            Err(error) if error.is_instance_of::<PyTypeError>(py) => {
                // What is raised from here on has the first error as its context.
                let collect = || py.get_type::<PyList>().call1((&self.iterator,));
                let rest = while_handling(py, &error, collect)?;
                self.iterator = rest.try_iter()?;
                rest.len()? + self.seen + usize::from(self.ahead.is_some())
            }
            Err(error) => return Err(error),
        };
        self.length = Some(length);
        Ok(length)
    }

    /// An attribute of the loop.
    pub fn attribute(&mut self, attribute: LoopAttr) -> PyResult<Bound<'py, PyAny>> {
        let py = self.iterable.py();
        let number = match attribute {
            LoopAttr::First => return Ok(PyBool::new(py, self.seen == 1).to_owned().into_any()),
            LoopAttr::Last => return Ok(PyBool::new(py, self.is_last()?).to_owned().into_any()),
            LoopAttr::Index => self.seen.cast_signed(),
            LoopAttr::Index0 => self.seen.cast_signed() - 1,
            LoopAttr::Length => self.length()?.cast_signed(),
            LoopAttr::RevIndex => self.length()?.cast_signed() - self.seen.cast_signed() + 1,
            LoopAttr::RevIndex0 => self.length()?.cast_signed() - self.seen.cast_signed(),
            LoopAttr::Depth => 1,
            LoopAttr::Depth0 => 0,
        };
        Ok(number.into_pyobject(py)?.into_any())
    }

    /// Whether the body has had an item.
    pub fn has_begun(&self) -> bool {
        self.seen > 0
    }

    /// The loop as an object, for the variables that a traceback shows.
    pub fn to_py_loop(&self, undefined: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = self.iterable.py();
        let class = py
            .import("jinja2.runtime")?
            .getattr("LoopContext")?
            .cast_into::<PyType>()?;
        let made = bare_object(&class)?;
        made.setattr("_iterable", &self.iterable)?;
        made.setattr("_iterator", &self.iterator)?;
        made.setattr("_undefined", undefined)?;
        made.setattr("_recurse", py.None())?;
        made.setattr("depth0", 0)?;
        made.setattr("index0", self.seen.cast_signed() - 1)?;
        made.setattr("_length", self.length)?;
        if let Some(ahead) = &self.ahead {
            made.setattr("_after", ahead)?;
        }
        Ok(made)
    }

    /// Whether the current item is the first, or the last: for a condition, without an object.
    pub fn truth(&mut self, attribute: LoopAttr) -> PyResult<Option<bool>> {
        Ok(match attribute {
            LoopAttr::First => Some(self.seen == 1),
            LoopAttr::Last => Some(self.is_last()?),
            _ => None,
        })
    }
}
