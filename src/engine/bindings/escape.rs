//! `markupsafe.escape` for compiled templates: one call from generated code, where `MarkupSafe` goes through two Python
//! functions for every value that a page shows.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyType};

use crate::engine::ffi;
use crate::engine::interpreter::plain_value::is_plain_value;
use crate::text::html;

/// `escape(value)`: the text of a value as `markupsafe.Markup`, with the characters that mean something in HTML replaced.
///
/// A value with an `__html__` method, and whatever else is neither text, a number nor None, is left to `MarkupSafe`.
#[pyfunction]
#[pyo3(signature = (value, /))]
pub fn escape<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    static MARKUP: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static ESCAPE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = value.py();
    let text = if let Ok(text) = value.cast_exact::<PyString>() {
        text.clone()
    } else if is_plain_value(value) {
        value.str()?
    } else {
        return ESCAPE.import(py, "markupsafe", "escape")?.call1((value,));
    };
    let markup = MARKUP.import(py, "markupsafe", "Markup")?;
    // Text with lone surrogates has no UTF-8, and is escaped by Python.
    let Ok(utf8) = text.to_str() else {
        return ESCAPE.import(py, "markupsafe", "escape")?.call1((value,));
    };
    match html::escaped(utf8) {
        Cow::Borrowed(_) => ffi::text_of_subclass(markup, &text),
        Cow::Owned(escaped) => ffi::text_of_subclass(markup, &PyString::new(py, &escaped)),
    }
}
