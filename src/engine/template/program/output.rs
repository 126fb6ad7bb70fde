//! The text that a function of a template has put out so far.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};

use super::kit::Kit;
use crate::engine::ffi;
use crate::templates::program::Escaping;
use crate::text::html;

/// Text in the making, in UTF-8. Lone surrogates, which Python's texts may have, are encoded as if they were characters.
#[derive(Default)]
pub struct Output {
    bytes: Vec<u8>,
    /// How many pieces it was made of: an error about one of them names its place.
    pieces: usize,
}

impl Output {
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
            pieces: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Text of the template itself.
    pub fn data(&mut self, text: &str) {
        self.pieces += 1;
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// A value that a template shows.
    pub fn print(&mut self, kit: &Kit, value: &Bound<'_, PyAny>, escaping: Escaping) -> PyResult<()> {
        self.pieces += 1;
        if let Ok(text) = value.cast_exact::<PyString>() {
            return self.text(text, escaping);
        }
        if value.get_type().is(kit.markup(value.py())) {
            return self.text(value.cast::<PyString>()?, Escaping::Text);
        }
        if let Ok(number) = value.cast_exact::<PyInt>() {
            if let Ok(number) = number.extract::<i64>() {
                let mut digits = itoa::Buffer::new();
                self.bytes.extend_from_slice(digits.format(number).as_bytes());
                return Ok(());
            }
            return self.text(&value.str()?, Escaping::Text);
        }
        let is_plain = value.is_exact_instance_of::<PyFloat>() || value.is_exact_instance_of::<PyBool>() || value.is_none();
        let text = match escaping {
            Escaping::Html if !is_plain => kit.escape(value)?,
            _ => value.str()?,
        };
        self.text(&text, Escaping::Text)
    }

    /// A piece that must be a text already.
    pub fn emit(&mut self, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let Ok(text) = value.cast::<PyString>() else {
            let message = format!(
                "sequence item {}: expected str instance, {} found",
                self.pieces,
                value.get_type().name()?
            );
            return Err(PyTypeError::new_err(message));
        };
        self.pieces += 1;
        self.text(text, Escaping::Text)
    }

    fn text(&mut self, text: &Bound<'_, PyString>, escaping: Escaping) -> PyResult<()> {
        let Ok(utf8) = text.to_str() else {
            let encoded = ffi::encoded_with_surrogates(text)?;
            self.push(encoded.as_bytes(), escaping);
            return Ok(());
        };
        self.push(utf8.as_bytes(), escaping);
        Ok(())
    }

    fn push(&mut self, text: &[u8], escaping: Escaping) {
        match escaping {
            Escaping::Html => html::push_escaped(text, &mut self.bytes),
            Escaping::Text => self.bytes.extend_from_slice(text),
        }
    }

    /// What was put out, as one text.
    pub fn to_py_text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        ffi::decoded_with_surrogates(py, &self.bytes)
    }
}
