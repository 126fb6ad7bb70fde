//! Texts between Python, WSGI and the wire: Latin-1 both ways.
//!
//! It must not know which text it is.

use bytes::Bytes;
use pyo3::PyErr;
use pyo3::prelude::*;
use pyo3::types::PyString;

/// Bytes as WSGI text: one character for each byte.
pub fn wsgi_text<'py>(py: Python<'py>, bytes: &[u8]) -> Bound<'py, PyString> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => PyString::new(py, text),
        _ => PyString::new(py, &bytes.iter().map(|&b| b as char).collect::<String>()),
    }
}

/// WSGI text back to what it stands for: its characters are bytes, those are UTF-8.
pub fn from_wsgi_text(text: &Bound<'_, PyAny>) -> PyResult<String> {
    decode_wsgi_text(text.cast::<PyString>()?.to_str()?)
}

/// The same for text from Rust.
///
/// # Errors
/// `UnicodeEncodeError` when a character is no byte.
pub fn decode_wsgi_text(text: &str) -> PyResult<String> {
    if text.is_ascii() {
        return Ok(text.to_owned());
    }
    let bytes = latin1(text)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Text whose characters are bytes, as bytes.
///
/// # Errors
/// `UnicodeEncodeError` when a character is no byte.
pub fn latin1(text: &str) -> PyResult<Vec<u8>> {
    if text.is_ascii() {
        return Ok(text.as_bytes().to_vec());
    }
    text.chars()
        .map(|c| u8::try_from(u32::from(c)))
        .collect::<Result<_, _>>()
        .map_err(|_| {
            Python::try_attach(
                |py| match PyString::new(py, text).call_method1("encode", ("latin-1",)) {
                    Err(error) => error,
                    Ok(_) => PyErr::new::<pyo3::exceptions::PyValueError, _>("text is not latin-1"),
                },
            )
            .expect("invariant: called while attached")
        })
}

/// A header's name, without a copy for those of every response.
pub fn name_on_wire(name: &str) -> PyResult<Bytes> {
    match name {
        "Content-Type" => Ok(Bytes::from_static(b"Content-Type")),
        "Content-Length" => Ok(Bytes::from_static(b"Content-Length")),
        other => latin1(other).map(Bytes::from),
    }
}
