//! How a block of statements ended.

use pyo3::prelude::*;

use crate::templates::program::Escaping;

/// How a block ended.
pub enum Flow<'py> {
    Next,
    Break,
    Continue,
    Return(Bound<'py, PyAny>),
    /// The text of a buffer is what the function returns.
    ReturnBuffer(u32, Escaping),
}
