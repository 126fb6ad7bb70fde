//! From view arguments to URL text: each placeholder's `to_url`, native where it is one of the built-in ones, and query
//! strings.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt, PyList, PySet, PyString, PyTuple};

use super::werkzeug_types::{Names, keeps};
use crate::text::percent::{SafeSet, quote_into, quote_plus_into};

/// How one placeholder's value becomes text.
pub(super) enum ToUrl {
    /// `str(value)`, percent-encoded.
    Quoted,
    /// Decimal digits, padded to a width (0: as they come).
    Int { fixed: usize },
    /// `str(value)` as it is.
    Plain,
    /// Its `to_url`.
    Custom,
}

impl ToUrl {
    /// Chooses the writer for a converter object.
    pub(super) fn of(converter: &Bound<'_, PyAny>, names: &Names) -> PyResult<Self> {
        if keeps(converter, "to_url", &names.base_to_url)? {
            return Ok(Self::Quoted);
        }
        if keeps(converter, "to_url", &names.uuid_to_url)? {
            return Ok(Self::Plain);
        }
        if keeps(converter, "to_url", &names.number_to_url)? && converter.getattr("num_convert")?.is(&names.int_type) {
            let fixed = converter.getattr("fixed_digits")?.extract().ok();
            return Ok(fixed.map_or(Self::Custom, |fixed| Self::Int { fixed }));
        }
        Ok(Self::Custom)
    }

    /// Appends the text of a value. `false`: `to_url` gave no `str` that has UTF-8, which only Werkzeug's own
    /// builder answers properly.
    pub(super) fn write(
        &self,
        converter: &Bound<'_, PyAny>,
        value: &Bound<'_, PyAny>,
        out: &mut String,
    ) -> PyResult<bool> {
        match self {
            Self::Quoted => match small_int(value) {
                Some(number) => push_int(out, number, 0),
                None => quote_into(text_of(value)?.to_str()?, &SafeSet::URL_PATH, out),
            },
            Self::Plain => out.push_str(text_of(value)?.to_str()?),
            Self::Int { fixed } => match small_int(value) {
                Some(number) => push_int(out, number, *fixed),
                None => return ask(converter, value, out),
            },
            Self::Custom => return ask(converter, value, out),
        }
        Ok(true)
    }
}

fn ask(converter: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>, out: &mut String) -> PyResult<bool> {
    let text = converter.call_method1(intern!(value.py(), "to_url"), (value,))?;
    // Of a text, one with lone surrogates has no UTF-8.
    let Ok(text) = text
        .cast::<PyString>()
        .map_err(PyErr::from)
        .and_then(|text| text.to_str())
    else {
        return Ok(false);
    };
    out.push_str(text);
    Ok(true)
}

/// `str(value)`.
fn text_of<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
    match value.cast_exact::<PyString>() {
        Ok(text) => Ok(text.clone()),
        Err(_) => value.str(),
    }
}

fn small_int(value: &Bound<'_, PyAny>) -> Option<i64> {
    value
        .is_exact_instance_of::<PyInt>()
        .then(|| value.extract().ok())
        .flatten()
}

fn push_int(out: &mut String, number: i64, fixed: usize) {
    let mut buffer = itoa::Buffer::new();
    let text = buffer.format(number);
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.len() < text.len() {
        out.push('-');
    }
    out.extend(std::iter::repeat_n('0', fixed.saturating_sub(text.len())));
    out.push_str(digits);
}

/// Appends `key=value` for one query argument: a list, tuple or set once per item, `None` not at all.
pub(super) fn push_query_argument(out: &mut String, key: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
    if value.is_instance_of::<PyList>() || value.is_instance_of::<PyTuple>() || value.is_instance_of::<PySet>() {
        for item in value.try_iter()? {
            push_query_pair(out, key, &item?)?;
        }
        return Ok(());
    }
    push_query_pair(out, key, value)
}

fn push_query_pair(out: &mut String, key: &str, value: &Bound<'_, PyAny>) -> PyResult<()> {
    if value.is_none() {
        return Ok(());
    }
    if !out.is_empty() {
        out.push('&');
    }
    quote_plus_into(key.as_bytes(), &SafeSet::URL_QUERY, out);
    out.push('=');
    if let Some(number) = small_int(value) {
        push_int(out, number, 0);
    } else if let Ok(bytes) = value.cast::<PyBytes>() {
        quote_plus_into(bytes.as_bytes(), &SafeSet::URL_QUERY, out);
    } else {
        quote_plus_into(text_of(value)?.to_str()?.as_bytes(), &SafeSet::URL_QUERY, out);
    }
    Ok(())
}
