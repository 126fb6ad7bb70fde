//! The form parsers as Python functions, for tests that compare them with Werkzeug's.
//!
//! Arguments become a job, and nothing more: the engine calls the Rust functions.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::engine::form::body_source::{ChunkSource, MemorySource, StreamSource, shared_bytes};
use crate::engine::form::parse::parse_multipart;
use crate::engine::form::parse::parse_multipart_strict;
use crate::engine::form::parse::parse_urlencoded;
use crate::engine::form::types::FormAndFiles;
use crate::engine::form::types::FormLimits;
use crate::engine::form::types::MultipartJob;
use crate::engine::form::lazy_file;
use crate::engine::headers::multi_dict::storage_class;

/// The fields of an urlencoded body.
#[pyfunction]
#[pyo3(signature = (body, cls=None))]
fn parse_form<'py>(py: Python<'py>, body: &[u8], cls: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
    parse_urlencoded(py, body, &storage_class(py, cls)?)
}

/// The fields and files of a multipart body: `bytes`, or an object with `read(size)`.
#[pyfunction(name = "parse_multipart")]
#[pyo3(signature = (source, content_type, content_length=None, *, stream_factory=None, max_content_length=None,
    max_form_memory_size=None, max_form_parts=None, cls=None, silent=true))]
#[expect(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
fn parse_multipart_py<'py>(
    py: Python<'py>,
    source: &Bound<'py, PyAny>,
    content_type: &str,
    content_length: Option<u64>,
    stream_factory: Option<Bound<'py, PyAny>>,
    max_content_length: Option<u64>,
    max_form_memory_size: Option<u64>,
    max_form_parts: Option<u64>,
    cls: Option<Bound<'py, PyAny>>,
    silent: bool,
) -> PyResult<FormAndFiles<'py>> {
    let stream_factory = match stream_factory {
        Some(factory) => factory,
        None => py
            .import(intern!(py, "werkzeug.formparser"))?
            .getattr(intern!(py, "default_stream_factory"))?,
    };
    let job = MultipartJob {
        content_type,
        content_length,
        limits: FormLimits {
            max_content_length,
            max_form_memory_size,
            max_form_parts,
        },
        stream_factory: &stream_factory,
        class: &storage_class(py, cls)?,
    };
    let mut source: Box<dyn ChunkSource> = match source.cast::<PyBytes>() {
        Ok(body) => Box::new(MemorySource(shared_bytes(body))),
        Err(_) => Box::new(StreamSource::new(source)?),
    };
    if silent {
        parse_multipart(py, source.as_mut(), &job)
    } else {
        parse_multipart_strict(py, source.as_mut(), &job)
    }
}

/// Adds the functions of this file to the extension module.
///
/// # Errors
/// Only if the module cannot be written to.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(parse_form, module)?)?;
    module.add_function(wrap_pyfunction!(parse_multipart_py, module)?)?;
    lazy_file::register(module)
}
