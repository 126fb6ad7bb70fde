//! A file that a response object or a native view has open, for our own server: read here, or handed on to be read as
//! the client takes it, without an iterator of Python's.

use std::fs::File;
use std::os::unix::fs::FileExt;

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use crate::engine::ffi;
use crate::engine::guard::ClassGuard;
use crate::engine::message::raw_response::{FileBody, Payload};
use crate::engine::static_file::disk;

/// Bodies up to this many bytes are read before the answer leaves the engine.
const AT_ONCE: u64 = 64 * 1024;

struct Kinds {
    /// Werkzeug's iterator over a file, as it was.
    wrapper: ClassGuard,
    buffered: Py<PyType>,
    raw: Py<PyType>,
}

fn kinds(py: Python<'_>) -> PyResult<&'static Kinds> {
    static KINDS: PyOnceLock<Kinds> = PyOnceLock::new();
    KINDS.get_or_try_init(py, || {
        let class = |module: &str, name: &str| -> PyResult<Bound<'_, PyType>> {
            Ok(py.import(module)?.getattr(name)?.cast_into::<PyType>()?)
        };
        let wrapper = class("werkzeug.wsgi", "FileWrapper")?;
        Ok(Kinds {
            wrapper: ClassGuard::exact(&wrapper, &["__iter__", "__next__", "close"])?,
            buffered: class("io", "BufferedReader")?.unbind(),
            raw: class("io", "FileIO")?.unbind(),
        })
    })
}

/// Arms the guard over Werkzeug's class.
pub fn arm_guards(py: Python<'_>) -> PyResult<()> {
    kinds(py).map(drop)
}

/// What a body still has to give, when it is Werkzeug's wrapper over a file on disk; None for any other body. The body
/// stays open.
pub fn rest_of(body: &Bound<'_, PyAny>) -> PyResult<Option<FileBody>> {
    let py = body.py();
    let kinds = kinds(py)?;
    if !kinds.wrapper.passes(&body.get_type()) {
        return Ok(None);
    }
    let file = body.getattr(intern!(py, "file"))?;
    if !file.get_type().is(&kinds.buffered) || !file.getattr(intern!(py, "raw"))?.get_type().is(&kinds.raw) {
        return Ok(None);
    }
    if file.getattr(intern!(py, "closed"))?.is_truthy()? {
        return Ok(None);
    }
    let number: i32 = file.call_method0(intern!(py, "fileno"))?.extract()?;
    let Some(opened) = ffi::duplicate(&file, number).map(File::from) else {
        return Ok(None);
    };
    let Some(facts) = disk::facts_of(opened.metadata()) else {
        return Ok(None);
    };
    // Where Python's reader stands, which may have read ahead.
    let Ok(start) = file.call_method0(intern!(py, "tell"))?.extract::<u64>() else {
        return Ok(None);
    };
    let range = start..facts.size.max(start);
    Ok(Some(FileBody { file: opened, range }))
}

/// The bytes of a file as an answer's body.
pub fn payload(py: Python<'_>, body: FileBody) -> Payload {
    let length = body.range.end - body.range.start;
    if length == 0 {
        return Payload::Empty;
    }
    let mut bytes = match usize::try_from(length) {
        Ok(size) if length <= AT_ONCE => vec![0; size],
        _ => return Payload::File(body),
    };
    match disk::visit(py, || body.file.read_exact_at(&mut bytes, body.range.start)) {
        Ok(()) => Payload::Bytes(Bytes::from(bytes).into()),
        // It has shrunk meanwhile: the server sends what is there and ends the connection.
        Err(_) => Payload::File(body),
    }
}
