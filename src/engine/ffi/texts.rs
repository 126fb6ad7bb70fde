//! Python's texts as bytes and back, lone surrogates included, which UTF-8 proper has no form for.

use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// The bytes of a text with lone surrogates.
pub fn encoded_with_surrogates<'py>(text: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyBytes>> {
    let encoded = text.call_method1(intern!(text.py(), "encode"), ("utf-8", "surrogatepass"))?;
    Ok(encoded.cast_into()?)
}

/// The text of such bytes.
pub fn decoded_with_surrogates<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyString>> {
    // SAFETY: attached; the bytes live through the call, which copies them; NULL means an error is set.
    let text = unsafe {
        let length = bytes.len().cast_signed();
        let made = ffi::PyUnicode_DecodeUTF8(bytes.as_ptr().cast(), length, c"surrogatepass".as_ptr());
        Bound::from_owned_ptr_or_err(py, made)?
    };
    Ok(text.cast_into()?)
}
