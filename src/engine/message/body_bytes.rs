//! The bytes of an answer's body: the engine's own, or those of a Python object, which are sent from where they are.
//!
//! Any number of slow clients may be on their way through the same large object: a copy for each would fill the memory.

use std::ops::Deref;

use bytes::Bytes;
use pyo3::prelude::*;
use pyo3::pybacked::{PyBackedBytes, PyBackedStr};
use pyo3::types::{PyBytes, PyString};

/// Objects of up to this many bytes are copied: that costs less than dropping a reference without the interpreter's lock.
const COPIED: usize = 16 * 1024;

/// A body in memory.
pub enum BodyBytes {
    Own(Bytes),
    /// A reference that any thread may drop: pyo3 releases it when a thread is next attached.
    Object(PyBackedBytes),
}

impl BodyBytes {
    /// The bytes of an object.
    pub fn of(object: &Bound<'_, PyBytes>) -> Self {
        let bytes = object.as_bytes();
        if bytes.len() <= COPIED {
            return Self::Own(Bytes::copy_from_slice(bytes));
        }
        Self::Object(object.clone().into())
    }

    /// The UTF-8 of a text. None for one that has none.
    pub fn of_text(object: &Bound<'_, PyString>) -> Option<Self> {
        let text = object.to_str().ok()?;
        if text.len() <= COPIED {
            return Some(Self::Own(Bytes::copy_from_slice(text.as_bytes())));
        }
        let shared = PyBackedStr::try_from(object.clone()).ok()?;
        Some(Self::Own(Bytes::from_owner(shared)))
    }

    /// The object, or a new one over a copy of the bytes.
    pub fn to_py<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        match self {
            Self::Own(bytes) => PyBytes::new(py, bytes),
            Self::Object(object) => {
                let Ok(object) = object.into_pyobject(py);
                object
            }
        }
    }
}

impl Deref for BodyBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Own(bytes) => bytes,
            Self::Object(object) => object,
        }
    }
}

impl From<Bytes> for BodyBytes {
    fn from(bytes: Bytes) -> Self {
        Self::Own(bytes)
    }
}

impl From<BodyBytes> for Bytes {
    fn from(body: BodyBytes) -> Self {
        match body {
            BodyBytes::Own(bytes) => bytes,
            BodyBytes::Object(object) => Self::from_owner(object),
        }
    }
}
