//! A multipart form under construction: the decoder's events become fields and `FileStorage` objects.
//!
//! Knows nothing of where the body comes from.

use std::ops::Range;

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyInt, PyString, PyType};

use super::file_stream::write_whole;
use super::{FormAndFiles, MultipartJob};
use crate::engine::parsers::{MultiDictMaker, entity_too_large, to_py_error};
use crate::http::Charset;
use crate::http::multipart::{Data, Decoder, Event, PartHead};

/// Where a part's data goes.
enum Sink<'py> {
    Field {
        head: PartHead,
        text: Vec<u8>,
    },
    File {
        head: PartHead,
        stream: Bound<'py, PyAny>,
        write: Bound<'py, PyAny>,
        /// Data of a body in memory that is not written yet: it is written once, when all of it is known.
        waiting: Range<u64>,
    },
}

/// The form under construction.
pub(super) struct Assembly<'a, 'py> {
    py: Python<'py>,
    job: &'a MultipartJob<'a, 'py>,
    fields: MultiDictMaker<'py>,
    files: MultiDictMaker<'py>,
    sink: Option<Sink<'py>>,
    /// The whole body, if it is in memory.
    body: Option<Bytes>,
}

impl<'a, 'py> Assembly<'a, 'py> {
    pub(super) fn new(py: Python<'py>, job: &'a MultipartJob<'a, 'py>) -> PyResult<Self> {
        Ok(Self {
            py,
            job,
            fields: MultiDictMaker::new(job.class)?,
            files: MultiDictMaker::new(job.class)?,
            sink: None,
            body: None,
        })
    }

    /// Says that the whole body is in memory: files are then written at once, from it.
    pub(super) fn hold(&mut self, body: Bytes) {
        self.body = Some(body);
    }

    /// The finished form and files.
    pub(super) fn finish(self) -> PyResult<FormAndFiles<'py>> {
        Ok((self.fields.finish()?, self.files.finish()?))
    }

    /// Takes what the decoder has, until it needs more of the body.
    pub(super) fn take_events(&mut self, decoder: &mut Decoder) -> PyResult<()> {
        loop {
            let event = decoder.next_event().map_err(|error| to_py_error(self.py, &error))?;
            match event {
                Event::NeedData | Event::End => return Ok(()),
                Event::Part(head) => self.sink = Some(self.open(head)?),
                Event::Data(data) => self.take_data(&data)?,
            }
        }
    }

    fn open(&self, head: PartHead) -> PyResult<Sink<'py>> {
        if head.filename.is_none() {
            return Ok(Sink::Field { head, text: Vec::new() });
        }
        let py = self.py;
        let arguments = PyDict::new(py);
        arguments.set_item(intern!(py, "total_content_length"), self.job.content_length)?;
        arguments.set_item(intern!(py, "filename"), head.filename.as_deref())?;
        arguments.set_item(intern!(py, "content_type"), head.header("content-type"))?;
        arguments.set_item(intern!(py, "content_length"), part_length(py, &head)?)?;
        let stream = self.job.stream_factory.call((), Some(&arguments))?;
        let write = stream.getattr(intern!(py, "write"))?;
        Ok(Sink::File {
            head,
            stream,
            write,
            waiting: 0..0,
        })
    }

    fn take_data(&mut self, data: &Data) -> PyResult<()> {
        let whole = self.body.as_ref();
        match self.sink.as_mut() {
            None => return Ok(()),
            Some(Sink::Field { text, .. }) => {
                let length = (text.len() + data.bytes.len()) as u64;
                match self.job.limits.max_form_memory_size {
                    Some(limit) if length > limit => return Err(entity_too_large(self.py)),
                    _ => text.extend_from_slice(&data.bytes),
                }
            }
            Some(Sink::File {
                stream, write, waiting, ..
            }) => {
                let end = data.offset + data.bytes.len() as u64;
                match whole {
                    None => drop(write.call1((PyBytes::new(self.py, &data.bytes),))?),
                    Some(_) if !data.last => {
                        let start = if waiting.is_empty() { data.offset } else { waiting.start };
                        *waiting = start..end;
                    }
                    Some(_) if waiting.is_empty() => write_whole(stream, write, &data.bytes)?,
                    Some(body) => {
                        let range = position(waiting.start)..position(end);
                        write_whole(stream, write, &body.slice(range))?;
                    }
                }
            }
        }
        if data.last
            && let Some(sink) = self.sink.take()
        {
            self.close(sink)?;
        }
        Ok(())
    }

    fn close(&self, sink: Sink<'py>) -> PyResult<()> {
        let py = self.py;
        match sink {
            Sink::Field { head, text } => {
                let value = match (head.charset(), std::str::from_utf8(&text)) {
                    (Charset::Utf8, Ok(text)) => PyString::new(py, text),
                    (charset, _) => PyString::new(py, &charset.decode(&text)),
                };
                self.fields.push(name_of(py, &head), value.into_any())
            }
            Sink::File { head, stream, .. } => {
                stream.call_method1(intern!(py, "seek"), (0,))?;
                let name = name_of(py, &head);
                let storage = file_storage(py)?.call1((
                    stream,
                    head.filename.as_deref(),
                    &name,
                    py.None(),
                    py.None(),
                    headers(py)?.call1((head.headers,))?,
                ))?;
                self.files.push(name, storage)
            }
        }
    }
}

/// An offset in a body that is in memory.
fn position(offset: u64) -> usize {
    usize::try_from(offset).expect("invariant: the body is in memory")
}

fn name_of<'py>(py: Python<'py>, head: &PartHead) -> Bound<'py, PyAny> {
    match &head.name {
        Some(name) => PyString::new(py, name).into_any(),
        None => py.None().into_bound(py),
    }
}

/// A part's own `Content-Length`, zero if it is no plain number.
fn part_length<'py>(py: Python<'py>, head: &PartHead) -> PyResult<Bound<'py, PyAny>> {
    let text = head.header("content-length").unwrap_or("").trim_matches([' ', '\t']);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !plain {
        return Ok(0_i64.into_pyobject(py)?.into_any());
    }
    if let Ok(number) = text.parse::<i64>() {
        return Ok(number.into_pyobject(py)?.into_any());
    }
    let number = py.get_type::<PyInt>().call1((text,));
    // Python refuses to read thousands of digits.
    number.or_else(|_| Ok(0_i64.into_pyobject(py)?.into_any()))
}

fn file_storage(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "werkzeug.datastructures", "FileStorage")
}

fn headers(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "werkzeug.datastructures", "Headers")
}
