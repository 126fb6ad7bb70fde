//! What form parsing takes and gives: limits, the job, the pair of fields and files.
//!
//! It must not know how bodies are read.

use pyo3::prelude::*;

/// Limits of one form; `None` is no limit.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_field_names, reason = "the names of the request's attributes")]
pub struct FormLimits {
    /// Bytes of the whole body.
    pub max_content_length: Option<u64>,
    /// Bytes of one multipart field.
    pub max_form_memory_size: Option<u64>,
    /// Multipart fields and files together.
    pub max_form_parts: Option<u64>,
}

/// What a multipart body is read by.
pub struct MultipartJob<'a, 'py> {
    /// The request's `Content-Type`, which names the boundary.
    pub content_type: &'a str,
    /// The body's announced length; it goes to the stream factory.
    pub content_length: Option<u64>,
    pub limits: FormLimits,
    /// Called as `Request._get_file_stream` with `total_content_length`, `filename`, `content_type`, `content_length`.
    pub stream_factory: &'a Bound<'py, PyAny>,
    /// The class of both results.
    pub class: &'a Bound<'py, PyAny>,
}

/// Fields and files of a body.
pub type FormAndFiles<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);
