//! A multipart form under construction: the decoder's events become fields and `FileStorage` objects.
//!
//! Knows nothing of where the body comes from.

use std::ops::Range;

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyInt, PyString, PyType};

use super::file_writer::FileWriter;
use super::types::{FormAndFiles, MultipartJob};
use crate::engine::headers::errors::{entity_too_large, to_py_error};
use crate::engine::headers::multi_dict::MultiDictMaker;
use crate::http::multipart::{Data, Decoder, Event, PartHead};
use crate::text::charset::Charset;

/// Where a part's data goes.
enum Sink<'py> {
    Field {
        head: PartHead,
        text: Vec<u8>,
    },
    File {
        head: PartHead,
        file: FileWriter<'py>,
        /// Data of the piece at hand that is not written yet: one write for what lies side by side.
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
    /// The piece at hand and where in the body it begins.
    piece: (u64, Bytes),
    /// The only piece is the whole body.
    pub(super) in_memory: bool,
}

impl<'a, 'py> Assembly<'a, 'py> {
    pub(super) fn new(py: Python<'py>, job: &'a MultipartJob<'a, 'py>) -> PyResult<Self> {
        Ok(Self {
            py,
            job,
            fields: MultiDictMaker::new(job.class)?,
            files: MultiDictMaker::new(job.class)?,
            sink: None,
            piece: (0, Bytes::new()),
            in_memory: false,
        })
    }

    /// Says what the data of the next events are cut from: they are written in runs, from there.
    pub(super) fn hold(&mut self, offset: u64, piece: Bytes) {
        self.piece = (offset, piece);
    }

    /// Writes what waits: another piece follows.
    pub(super) fn let_go(&mut self) -> PyResult<()> {
        let (offset, piece) = std::mem::take(&mut self.piece);
        match self.sink.as_mut() {
            Some(Sink::File { file, waiting, .. }) if !self.in_memory => write_run(file, waiting, offset, &piece),
            _ => Ok(()),
        }
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
        Ok(Sink::File {
            head,
            file: FileWriter::new(stream, self.in_memory)?,
            waiting: 0..0,
        })
    }

    fn take_data(&mut self, data: &Data) -> PyResult<()> {
        let (offset, piece) = &self.piece;
        match self.sink.as_mut() {
            None => return Ok(()),
            Some(Sink::Field { text, .. }) => {
                let length = (text.len() + data.bytes.len()) as u64;
                match self.job.limits.max_form_memory_size {
                    Some(limit) if length > limit => return Err(entity_too_large(self.py)),
                    _ => text.extend_from_slice(&data.bytes),
                }
            }
            Some(Sink::File { file, waiting, .. }) if file.takes_runs() && data.offset >= *offset => {
                let start = if waiting.is_empty() { data.offset } else { waiting.start };
                *waiting = start..data.offset + data.bytes.len() as u64;
                if data.last {
                    write_run(file, waiting, *offset, piece)?;
                }
            }
            // Data that an earlier piece ended with come before anything of this one.
            Some(Sink::File { file, .. }) => file.write(data.bytes.clone())?,
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
            Sink::File { head, file, .. } => {
                let stream = file.finish()?;
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

/// Writes the data `waiting` in `piece`, which begins at `offset` in the body.
fn write_run(file: &mut FileWriter<'_>, waiting: &mut Range<u64>, offset: u64, piece: &Bytes) -> PyResult<()> {
    let run = std::mem::replace(waiting, 0..0);
    if run.is_empty() {
        return Ok(());
    }
    let at = |place: u64| usize::try_from(place - offset).expect("invariant: the piece is in memory");
    file.write(piece.slice(at(run.start)..at(run.end)))
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
