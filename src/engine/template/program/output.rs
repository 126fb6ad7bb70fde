//! The text that a function of a template has put out so far.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyList, PyString};

use super::kit::Kit;
use crate::engine::ffi;
use crate::engine::interpreter::plain_value::is_plain_value;
use crate::templates::program::Escaping;
use crate::text::html;

/// Text in the making, in UTF-8. Lone surrogates, which Python's texts may have, are encoded as if they were characters.
#[derive(Default)]
pub struct Output {
    bytes: Vec<u8>,
    /// How many pieces it was made of.
    pieces: usize,
    /// The place and the class of the first piece that is no text. Joining the pieces fails by it, which comes last.
    odd_piece: Option<(usize, String)>,
    /// Where each piece ends and what it is, for those who want them apart.
    ends: Option<Vec<(usize, OutputPiece)>>,
}

/// What a piece of text was before it was put out.
enum OutputPiece {
    Text,
    Markup,
    /// No text at all.
    Odd(Py<PyAny>),
}

impl Output {
    /// An output that knows its pieces.
    pub fn in_pieces() -> Self {
        Self {
            ends: Some(Vec::new()),
            ..Self::default()
        }
    }

    fn end_piece(&mut self, piece: impl FnOnce() -> OutputPiece) {
        self.pieces += 1;
        if let Some(ends) = &mut self.ends {
            ends.push((self.bytes.len(), piece()));
        }
    }

    /// Text of the template itself.
    pub fn data(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.end_piece(|| OutputPiece::Text);
    }

    /// A value that a template shows.
    pub fn print(&mut self, kit: &Kit, value: &Bound<'_, PyAny>, escaping: Escaping) -> PyResult<()> {
        self.print_text(kit, value, escaping)?;
        self.end_piece(|| match escaping {
            Escaping::Html => OutputPiece::Markup,
            Escaping::Text => OutputPiece::Text,
        });
        Ok(())
    }

    fn print_text(&mut self, kit: &Kit, value: &Bound<'_, PyAny>, escaping: Escaping) -> PyResult<()> {
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
        let text = match escaping {
            Escaping::Html if !is_plain_value(value) => kit.escape(value)?,
            _ => value.str()?,
        };
        self.text(&text, Escaping::Text)
    }

    /// A piece that must be a text already.
    pub fn emit(&mut self, kit: &Kit, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let Ok(text) = value.cast::<PyString>() else {
            let place = self.pieces;
            self.odd_piece.get_or_insert_with(|| (place, ffi::type_name(value)));
            self.end_piece(|| OutputPiece::Odd(value.clone().unbind()));
            return Ok(());
        };
        self.text(text, Escaping::Text)?;
        let is_markup = value.get_type().is(kit.markup(value.py()));
        self.end_piece(|| {
            if is_markup {
                OutputPiece::Markup
            } else {
                OutputPiece::Text
            }
        });
        Ok(())
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

    /// Whether the pieces can be joined.
    ///
    /// # Errors
    /// `TypeError` when a piece was no text.
    pub fn check(&self) -> PyResult<()> {
        match &self.odd_piece {
            None => Ok(()),
            Some((place, class)) => {
                let message = format!("sequence item {place}: expected str instance, {class} found");
                Err(PyTypeError::new_err(message))
            }
        }
    }

    /// What was put out, as one text.
    ///
    /// # Errors
    /// `TypeError` when a piece was no text.
    pub fn to_py_text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyString>> {
        self.check()?;
        ffi::decoded_with_surrogates(py, &self.bytes)
    }

    /// The text as it is, or as markup.
    pub fn to_py<'py>(&self, kit: &Kit, py: Python<'py>, escaping: Escaping) -> PyResult<Bound<'py, PyAny>> {
        let text = self.to_py_text(py)?;
        match escaping {
            Escaping::Text => Ok(text.into_any()),
            Escaping::Html => ffi::text_of_subclass(kit.markup(py), &text),
        }
    }

    /// The pieces of an output that knows them.
    pub fn to_py_pieces<'py>(&self, kit: &Kit, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let pieces = PyList::empty(py);
        let mut start = 0;
        for (end, piece) in self.ends.iter().flatten() {
            let text = ffi::decoded_with_surrogates(py, &self.bytes[start..*end])?;
            match piece {
                OutputPiece::Text => pieces.append(text)?,
                OutputPiece::Markup => pieces.append(ffi::text_of_subclass(kit.markup(py), &text)?)?,
                OutputPiece::Odd(value) => pieces.append(value)?,
            }
            start = *end;
        }
        Ok(pieces)
    }
}
