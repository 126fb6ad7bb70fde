//! Writing an uploaded file to the stream it was given, with as few copies and calls as that stream allows.
//!
//! Knows nothing of forms.

use crate::engine::ffi::byte_view::ByteView;
use std::sync::Arc;

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyType};

use super::file_content::Content;
use super::lazy_file;
use super::temp_file_pool::Scratch;
use super::tempfile_guard::Tempfile;
use crate::engine::ffi::objects::instance_dict;
use crate::engine::guard::ClassGuard;
use crate::engine::headers::errors::os_error;

/// Writes one file to the stream that a factory gave for it.
pub(super) struct FileWriter<'py> {
    stream: Bound<'py, PyAny>,
    write: Bound<'py, PyAny>,
    /// The stream is Python's own spooled file; any other gets each piece of data as it does from Werkzeug.
    spool: Option<Spool>,
    /// The file comes in one piece that stays in memory.
    in_memory: bool,
}

/// What is to go into a spooled file that is empty so far.
struct Spool {
    /// Longer files go to disk; zero is none.
    room: usize,
    /// Data that may yet turn out to be all of the file.
    waiting: Vec<Bytes>,
    length: usize,
    /// Where it goes instead, if a file of ours can be in the place of Python's.
    scratch: Option<Scratch>,
}

impl<'py> FileWriter<'py> {
    /// A writer to `stream`, which gets its whole content by one [`FileWriter::write`] if that is `in_memory`.
    pub(super) fn new(stream: Bound<'py, PyAny>, in_memory: bool) -> PyResult<Self> {
        let py = stream.py();
        let spool = if untouched(&stream)? {
            Some(Spool {
                room: stream.getattr(intern!(py, "_max_size"))?.extract()?,
                waiting: Vec::new(),
                length: 0,
                scratch: None,
            })
        } else {
            None
        };
        Ok(Self {
            write: stream.getattr(intern!(py, "write"))?,
            stream,
            spool,
            in_memory,
        })
    }

    /// Data that lie side by side may be written at once.
    pub(super) fn takes_runs(&self) -> bool {
        self.spool.is_some()
    }

    /// Writes data behind that of the call before. A spooled file goes to disk before it is written to if it has to go
    /// there anyway, and gets its data without a copy.
    pub(super) fn write(&mut self, data: Bytes) -> PyResult<()> {
        let py = self.stream.py();
        let Some(spool) = &mut self.spool else {
            self.write.call1((PyBytes::new(py, &data),))?;
            return Ok(());
        };
        let fits = spool.length <= spool.room;
        spool.length += data.len();
        spool.waiting.push(data);
        if self.in_memory || (spool.room > 0 && spool.length <= spool.room) {
            return Ok(());
        }
        if spool.room > 0 && fits {
            spool.scratch = open_scratch(&self.stream)?;
            if spool.scratch.is_none() {
                self.stream.call_method0(intern!(py, "rollover"))?;
            }
        }
        self.write_waiting()
    }

    fn write_waiting(&mut self) -> PyResult<()> {
        let Some(spool) = &mut self.spool else { return Ok(()) };
        let py = self.stream.py();
        for data in spool.waiting.drain(..) {
            match &mut spool.scratch {
                Some(scratch) => py
                    .detach(|| scratch.append(&data))
                    .map_err(|error| os_error(py, &error))?,
                None => drop(self.write.call1((ByteView(data),))?),
            }
        }
        Ok(())
    }

    /// The stream at its start. A file that has to go to disk stays where it is until somebody could tell.
    pub(super) fn finish(mut self) -> PyResult<Bound<'py, PyAny>> {
        let py = self.stream.py();
        match self.spool.as_mut().and_then(Spool::held) {
            Some(content) => lazy_file::put(&self.stream, content)?,
            None => self.write_waiting()?,
        }
        self.stream.call_method1(intern!(py, "seek"), (0,))?;
        Ok(self.stream)
    }
}

impl Spool {
    /// All of the file, if it is where Python's own would not have it.
    fn held(&mut self) -> Option<Content> {
        if let Some(scratch) = self.scratch.take() {
            return Some(Content::Disk(Arc::new(scratch)));
        }
        match &self.waiting[..] {
            // More than there is room for waits only if it is all in memory.
            [data] if self.room > 0 && self.length > self.room => Some(Content::Memory(data.clone())),
            _ => None,
        }
    }
}

/// `tempfile.SpooledTemporaryFile` as Python has it, and what it makes files with; None if they are not what their module
/// made any more when the first file comes. `flask` is imported without `tempfile`, so they can't be sealed earlier.
fn spooled(py: Python<'_>) -> PyResult<Option<&'static (ClassGuard, Tempfile)>> {
    static SPOOLED: PyOnceLock<Option<(ClassGuard, Tempfile)>> = PyOnceLock::new();
    const WRITING: [&str; 3] = ["write", "rollover", "_check"];
    let spooled = SPOOLED.get_or_try_init(py, || {
        let module = py.import(intern!(py, "tempfile"))?;
        let class = module.getattr("SpooledTemporaryFile")?.cast_into::<PyType>()?;
        for name in WRITING {
            let scope = class.getattr(name)?.getattr_opt(intern!(py, "__globals__"))?;
            if !scope.is_some_and(|scope| scope.is(module.dict())) {
                return Ok(None);
            }
        }
        let class = ClassGuard::exact(&class, &WRITING)?;
        Ok(Tempfile::seal(&module)?.map(|tempfile| (class, tempfile)))
    });
    spooled.map(Option::as_ref)
}

/// A file of ours for a spooled file that has to go to disk, if nobody can tell it from the one that Python would make.
fn open_scratch(stream: &Bound<'_, PyAny>) -> PyResult<Option<Scratch>> {
    let py = stream.py();
    let Some((_, tempfile)) = spooled(py)? else {
        return Ok(None);
    };
    let arguments = stream.getattr(intern!(py, "_TemporaryFileArgs"))?;
    let folder = tempfile.folder(arguments.cast()?)?;
    // Where there is no such file, Python has other ways and its own words.
    Ok(folder.and_then(|folder| Scratch::open(&folder).ok()))
}

/// Whether a stream is Python's spooled file, in memory and empty, and writing to it is what Python makes of it.
fn untouched(stream: &Bound<'_, PyAny>) -> PyResult<bool> {
    static BYTES_IO: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = stream.py();
    if !spooled(py)?.is_some_and(|(class, _)| class.passes(&stream.get_type())) {
        return Ok(false);
    }
    let attributes = instance_dict(stream)?;
    if attributes.contains(intern!(py, "write"))? || attributes.contains(intern!(py, "rollover"))? {
        return Ok(false);
    }
    let file = stream.getattr(intern!(py, "_file"))?;
    Ok(file.get_type().is(BYTES_IO.import(py, "io", "BytesIO")?)
        && !file.getattr(intern!(py, "closed"))?.is_truthy()?
        && file.call_method0(intern!(py, "getvalue"))?.is_empty()?
        && file.call_method0(intern!(py, "tell"))?.eq(0)?)
}
