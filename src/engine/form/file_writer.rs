//! Writing an uploaded file to the stream it was given, with as few copies and calls as that stream allows.
//!
//! Knows nothing of forms.

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyType};

use super::lazy_file;
use crate::engine::ffi::byte_view::ByteView;
use crate::engine::guard::{ClassGuard, is_as_shipped};

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
            self.stream.call_method0(intern!(py, "rollover"))?;
        }
        self.write_waiting()
    }

    fn write_waiting(&mut self) -> PyResult<()> {
        for data in self.spool.iter_mut().flat_map(|spool| spool.waiting.drain(..)) {
            self.write.call1((ByteView(data),))?;
        }
        Ok(())
    }

    /// The stream at its start. A file in memory that belongs on disk stays where it is until somebody could tell.
    pub(super) fn finish(mut self) -> PyResult<Bound<'py, PyAny>> {
        match &self.spool {
            Some(Spool { room, waiting, length }) if *room > 0 && length > room && waiting.len() == 1 => {
                lazy_file::put(&self.stream, waiting[0].clone())?;
            }
            _ => self.write_waiting()?,
        }
        self.stream.call_method1(intern!(self.stream.py(), "seek"), (0,))?;
        Ok(self.stream)
    }
}

/// The guard over `tempfile.SpooledTemporaryFile`; None if it is not what its module made any more when the first file
/// comes. `flask` is imported without `tempfile`, so it can't be armed earlier.
fn spooled(py: Python<'_>) -> PyResult<Option<&'static ClassGuard>> {
    static SPOOLED: PyOnceLock<Option<ClassGuard>> = PyOnceLock::new();
    const WRITING: [&str; 3] = ["write", "rollover", "_check"];
    let spooled = SPOOLED.get_or_try_init(py, || {
        let class = py
            .import(intern!(py, "tempfile"))?
            .getattr("SpooledTemporaryFile")?
            .cast_into::<PyType>()?;
        if !is_as_shipped(&class, &WRITING)? {
            return Ok(None);
        }
        ClassGuard::exact(&class, &WRITING).map(Some)
    });
    spooled.map(Option::as_ref)
}

/// Whether a stream is Python's spooled file, in memory and empty, and writing to it is what Python makes of it.
fn untouched(stream: &Bound<'_, PyAny>) -> PyResult<bool> {
    static BYTES_IO: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = stream.py();
    if !spooled(py)?.is_some_and(|guard| guard.passes_for(stream)) {
        return Ok(false);
    }
    let file = stream.getattr(intern!(py, "_file"))?;
    Ok(file.get_type().is(BYTES_IO.import(py, "io", "BytesIO")?)
        && !file.getattr(intern!(py, "closed"))?.is_truthy()?
        && file.call_method0(intern!(py, "getvalue"))?.is_empty()?
        && file.call_method0(intern!(py, "tell"))?.eq(0)?)
}
