//! A request's form: its body as Werkzeug's multi dicts, files as `FileStorage` over whatever the stream factory gives.
//!
//! Binds the pure decoders; what is too large or cut short ends as Werkzeug's form parser ends it. Knows where a body
//! comes from only through [`ChunkSource`], and nothing of a running request.

use bytes::Bytes;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::body_source::{ChunkSource, STEP};
use super::multipart::Assembly;
use super::types::{FormAndFiles, MultipartJob};
use crate::engine::headers::errors::{entity_too_large, to_py_error};
use crate::engine::headers::multi_dict::MultiDictMaker;
use crate::http::multipart::{Decoder, MultipartLimits};
use crate::http::options::parse_options_header;
use crate::http::{HttpError, query};

/// An `application/x-www-form-urlencoded` body as `Request.form`, an instance of `class`. A body that is not UTF-8 is
/// an empty form.
///
/// # Errors
/// If Werkzeug cannot be imported.
pub fn parse_urlencoded<'py>(py: Python<'py>, body: &[u8], class: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let Ok(pairs) = query::parse_query(body) else {
        return class.call0();
    };
    let maker = MultiDictMaker::new(class)?;
    for (name, value) in pairs {
        maker.push_text(py, &name, &value)?;
    }
    maker.finish()
}

/// # Errors
/// `RequestEntityTooLarge` for a body past its limit.
pub fn check_length(py: Python<'_>, length: u64, limit: Option<u64>) -> PyResult<()> {
    match limit {
        Some(limit) if length > limit => Err(entity_too_large(py)),
        _ => Ok(()),
    }
}

/// A `multipart/form-data` body as `Request.form` and `Request.files`. A malformed body is two empty ones.
///
/// # Errors
/// `RequestEntityTooLarge` past a limit, and whatever the source or a file's stream raises that is no `ValueError`.
pub fn parse_multipart<'py>(
    py: Python<'py>,
    source: &mut dyn ChunkSource,
    job: &MultipartJob<'_, 'py>,
) -> PyResult<FormAndFiles<'py>> {
    match parse_multipart_strict(py, source, job) {
        Err(error) if error.is_instance_of::<PyValueError>(py) => Ok((job.class.call0()?, job.class.call0()?)),
        result => result,
    }
}

/// The pieces of a body: a single one if all of it is in memory.
struct Pieces<'a> {
    source: &'a mut dyn ChunkSource,
    whole: Option<Bytes>,
}

impl Pieces<'_> {
    fn next(&mut self, py: Python<'_>) -> PyResult<Bytes> {
        match &mut self.whole {
            Some(whole) => Ok(std::mem::take(whole)),
            None => self.source.next_chunk(py),
        }
    }
}

/// [`parse_multipart`] with `ValueError` for a malformed body.
///
/// # Errors
/// As [`parse_multipart`], and `ValueError`.
pub fn parse_multipart_strict<'py>(
    py: Python<'py>,
    source: &mut dyn ChunkSource,
    job: &MultipartJob<'_, 'py>,
) -> PyResult<FormAndFiles<'py>> {
    let refused = |error: HttpError| to_py_error(py, &error);
    check_length(py, job.content_length.unwrap_or(0), job.limits.max_content_length)?;
    let header = parse_options_header(job.content_type);
    let boundary = header.get("boundary").unwrap_or("");
    if boundary.is_empty() {
        return Err(refused(HttpError::MissingBoundary));
    }
    if !boundary.is_ascii() {
        let encoding = (intern!(py, "ascii"),);
        PyString::new(py, boundary).call_method1(intern!(py, "encode"), encoding)?;
    }
    let limits = MultipartLimits {
        memory: job.limits.max_form_memory_size,
        parts: job.limits.max_form_parts,
    };
    let mut assembly = Assembly::new(py, job)?;
    let mut decoder = Decoder::new(boundary.as_bytes(), limits);
    let whole = source.whole();
    assembly.in_memory = whole.is_some();
    let mut pieces = Pieces { source, whole };
    let mut received = 0;
    loop {
        let piece = pieces.next(py)?;
        if piece.is_empty() {
            break;
        }
        let mut left = piece.len();
        if assembly.in_memory {
            check_length(py, left as u64, job.limits.max_content_length)?;
        }
        assembly.hold(received, piece.clone());
        decoder.give(piece);
        while left > 0 {
            let step = left.min(STEP);
            received += step as u64;
            check_length(py, received, job.limits.max_content_length)?;
            decoder.reveal(step).map_err(refused)?;
            assembly.take_events(&mut decoder)?;
            left -= step;
        }
        assembly.let_go()?;
    }
    decoder.finish();
    assembly.take_events(&mut decoder)?;
    assembly.finish()
}
