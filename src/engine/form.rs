//! A request's form: its body as Werkzeug's multi dicts, files as `FileStorage` over whatever the stream factory gives.
//!
//! Binds the pure decoders; what is too large or cut short ends as Werkzeug's form parser ends it. Knows where a body comes
//! from only through [`ChunkSource`], and nothing of a running request.

use std::ffi::c_int;
use std::ops::Range;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use pyo3::exceptions::PyValueError;
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyString, PyType};

use crate::engine::exchange::BodyReader;
use crate::engine::parsers::{MultiDictMaker, entity_too_large, storage_class, to_py_error};
use crate::http::multipart::{Data, Decoder, Event, MultipartLimits, PartHead};
use crate::http::options::parse_options_header;
use crate::http::{Charset, HttpError, query};

/// The step in which a body is read and limits are checked: Werkzeug's, so that the same bodies are too large.
const STEP: usize = 64 * 1024;

/// Limits of one form; `None` is no limit.
#[derive(Debug, Clone, Copy, Default)]
pub struct FormLimits {
    /// Bytes of the whole body.
    pub max_content_length: Option<u64>,
    /// Bytes of one multipart field.
    pub max_form_memory_size: Option<u64>,
    /// Multipart fields and files together.
    pub max_form_parts: Option<u64>,
}

/// Where a body comes from, piece by piece.
pub trait ChunkSource {
    /// The next piece, about 64 KiB; an empty one is the end.
    fn next_chunk(&mut self, py: Python<'_>) -> PyResult<Bytes>;

    /// The rest of the body, if all of it is in memory: it is then read without copying.
    fn whole(&mut self) -> Option<Bytes> {
        None
    }
}

/// A body in memory.
pub struct MemorySource(pub Bytes);

impl ChunkSource for MemorySource {
    fn next_chunk(&mut self, _py: Python<'_>) -> PyResult<Bytes> {
        let step = self.0.len().min(STEP);
        Ok(self.0.split_to(step))
    }

    fn whole(&mut self) -> Option<Bytes> {
        Some(std::mem::take(&mut self.0))
    }
}

/// A Python stream, `wsgi.input` or what wraps it. It enforces its own limits.
pub struct StreamSource {
    read: Py<PyAny>,
}

impl StreamSource {
    /// Reads from `stream.read`.
    pub fn new(stream: &Bound<'_, PyAny>) -> PyResult<Self> {
        let read = stream.getattr(intern!(stream.py(), "read"))?.unbind();
        Ok(Self { read })
    }
}

impl ChunkSource for StreamSource {
    fn next_chunk(&mut self, py: Python<'_>) -> PyResult<Bytes> {
        let piece = self.read.bind(py).call1((STEP,))?;
        if let Ok(bytes) = piece.cast::<PyBytes>() {
            return Ok(Bytes::copy_from_slice(bytes.as_bytes()));
        }
        if !piece.is_truthy()? {
            return Ok(Bytes::new());
        }
        Ok(Bytes::from(piece.extract::<Vec<u8>>()?))
    }
}

/// A body that is still arriving from the socket. Waiting is done without the interpreter.
pub struct WireSource {
    reader: Arc<dyn BodyReader>,
    pending: Bytes,
}

impl WireSource {
    #[must_use]
    pub fn new(reader: Arc<dyn BodyReader>) -> Self {
        Self {
            reader,
            pending: Bytes::new(),
        }
    }

    /// A full step, or what is left at the end.
    fn fill(&mut self) -> std::io::Result<Bytes> {
        let mut gathered = BytesMut::new();
        loop {
            let piece = match std::mem::take(&mut self.pending) {
                empty if empty.is_empty() => self.reader.next_chunk()?,
                left => left,
            };
            if piece.is_empty() {
                return Ok(gathered.freeze());
            }
            let mut piece = piece;
            if gathered.is_empty() && piece.len() >= STEP {
                self.pending = piece.split_off(STEP);
                return Ok(piece);
            }
            self.pending = piece.split_off(piece.len().min(STEP - gathered.len()));
            gathered.extend_from_slice(&piece);
            if gathered.len() == STEP {
                return Ok(gathered.freeze());
            }
        }
    }
}

impl ChunkSource for WireSource {
    fn next_chunk(&mut self, py: Python<'_>) -> PyResult<Bytes> {
        py.detach(|| self.fill())
            .map_err(|_| client_disconnected(py))
    }
}

#[cold]
fn client_disconnected(py: Python<'_>) -> PyErr {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS
        .import(py, "werkzeug.exceptions", "ClientDisconnected")
        .and_then(|class| class.call0())
        .map_or_else(|error| error, PyErr::from_value)
}

/// An `application/x-www-form-urlencoded` body as `Request.form`, an instance of `class`. A body that is not UTF-8 is an
/// empty form.
///
/// # Errors
/// `RequestEntityTooLarge` past `max_content_length`; the other limits do not apply to this form.
pub fn parse_urlencoded<'py>(
    py: Python<'py>,
    body: &[u8],
    limits: &FormLimits,
    class: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    check_length(py, body.len() as u64, limits)?;
    let Ok(pairs) = query::parse_query(body) else {
        return class.call0();
    };
    let maker = MultiDictMaker::new(class)?;
    for (name, value) in pairs {
        maker.push_text(py, &name, &value)?;
    }
    maker.finish()
}

fn check_length(py: Python<'_>, length: u64, limits: &FormLimits) -> PyResult<()> {
    match limits.max_content_length {
        Some(limit) if length > limit => Err(entity_too_large(py)),
        _ => Ok(()),
    }
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
        Err(error) if error.is_instance_of::<PyValueError>(py) => {
            Ok((job.class.call0()?, job.class.call0()?))
        }
        result => result,
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
    check_length(py, job.content_length.unwrap_or(0), &job.limits)?;
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
    let mut decoder = if let Some(body) = source.whole() {
        check_length(py, body.len() as u64, &job.limits)?;
        assembly.body = Some(body.clone());
        let mut decoder = Decoder::over(boundary.as_bytes(), limits, body);
        while decoder.reveal(STEP).map_err(refused)? {
            assembly.take_events(&mut decoder)?;
        }
        decoder
    } else {
        let mut decoder = Decoder::new(boundary.as_bytes(), limits);
        let mut received = 0;
        loop {
            let piece = source.next_chunk(py)?;
            if piece.is_empty() {
                break decoder;
            }
            received += piece.len() as u64;
            check_length(py, received, &job.limits)?;
            decoder.feed(&piece).map_err(refused)?;
            assembly.take_events(&mut decoder)?;
        }
    };
    decoder.finish();
    assembly.take_events(&mut decoder)?;
    Ok((assembly.fields.finish()?, assembly.files.finish()?))
}

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
struct Assembly<'a, 'py> {
    py: Python<'py>,
    job: &'a MultipartJob<'a, 'py>,
    fields: MultiDictMaker<'py>,
    files: MultiDictMaker<'py>,
    sink: Option<Sink<'py>>,
    /// The whole body, if it is in memory.
    body: Option<Bytes>,
}

impl<'a, 'py> Assembly<'a, 'py> {
    fn new(py: Python<'py>, job: &'a MultipartJob<'a, 'py>) -> PyResult<Self> {
        Ok(Self {
            py,
            job,
            fields: MultiDictMaker::new(job.class)?,
            files: MultiDictMaker::new(job.class)?,
            sink: None,
            body: None,
        })
    }

    fn take_events(&mut self, decoder: &mut Decoder) -> PyResult<()> {
        loop {
            let event = decoder
                .next_event()
                .map_err(|error| to_py_error(self.py, &error))?;
            match event {
                Event::NeedData | Event::End => return Ok(()),
                Event::Part(head) => self.sink = Some(self.open(head)?),
                Event::Data(data) => self.take_data(&data)?,
            }
        }
    }

    fn open(&self, head: PartHead) -> PyResult<Sink<'py>> {
        if head.filename.is_none() {
            return Ok(Sink::Field {
                head,
                text: Vec::new(),
            });
        }
        let py = self.py;
        let arguments = PyDict::new(py);
        arguments.set_item(
            intern!(py, "total_content_length"),
            self.job.content_length,
        )?;
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
                stream,
                write,
                waiting,
                ..
            }) => {
                let end = data.offset + data.bytes.len() as u64;
                match whole {
                    None => drop(write.call1((PyBytes::new(self.py, &data.bytes),))?),
                    Some(_) if !data.last => {
                        let start = if waiting.is_empty() {
                            data.offset
                        } else {
                            waiting.start
                        };
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
    let text = head
        .header("content-length")
        .unwrap_or("")
        .trim_matches([' ', '\t']);
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !plain {
        return Ok(0_i64.into_pyobject(py)?.into_any());
    }
    if let Ok(number) = text.parse::<i64>() {
        return Ok(number.into_pyobject(py)?.into_any());
    }
    let number = py.get_type::<pyo3::types::PyInt>().call1((text,));
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

/// Writes a file's whole content to its stream. Python's own spooled file gets it without a copy, and goes to disk first if
/// it has to go there anyway; a stream of unknown making gets `bytes` in steps, as it does from Werkzeug.
fn write_whole(stream: &Bound<'_, PyAny>, write: &Bound<'_, PyAny>, data: &Bytes) -> PyResult<()> {
    static SPOOLED: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = stream.py();
    let spooled = SPOOLED.import(py, "tempfile", "SpooledTemporaryFile")?;
    if data.len() > STEP && stream.get_type().is(spooled) {
        let room: usize = stream.getattr(intern!(py, "_max_size"))?.extract()?;
        if room > 0 && data.len() > room {
            stream.call_method0(intern!(py, "rollover"))?;
        }
        write.call1((ByteView(data.clone()),))?;
        return Ok(());
    }
    if data.is_empty() {
        write.call1((PyBytes::new(py, data),))?;
    }
    for piece in data.chunks(STEP) {
        write.call1((PyBytes::new(py, piece),))?;
    }
    Ok(())
}

/// Bytes of ours that Python may read through the buffer protocol.
#[pyclass(frozen, module = "ferroflask._core")]
struct ByteView(Bytes);

#[pymethods]
impl ByteView {
    // SAFETY: Python calls this with a `view` it owns; `PyBuffer_FillInfo` fills it or sets an exception. The view keeps the
    // object alive, and its bytes never move or change. They are given read-only: asking for a writable view is an error.
    unsafe fn __getbuffer__(
        slf: Bound<'_, Self>,
        view: *mut ffi::Py_buffer,
        flags: c_int,
    ) -> PyResult<()> {
        let bytes = &slf.get().0;
        let length = ffi::Py_ssize_t::try_from(bytes.len())?;
        let start = bytes.as_ptr().cast_mut().cast();
        // SAFETY: see above; `start` and `length` name bytes that live as long as `slf`.
        match unsafe { ffi::PyBuffer_FillInfo(view, slf.as_ptr(), start, length, 1, flags) } {
            0 => Ok(()),
            _ => Err(PyErr::fetch(slf.py())),
        }
    }
}

/// The fields of an urlencoded body.
#[pyfunction]
#[pyo3(signature = (body, cls=None))]
fn parse_form<'py>(
    py: Python<'py>,
    body: &[u8],
    cls: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    parse_urlencoded(py, body, &FormLimits::default(), &storage_class(py, cls)?)
}

/// The fields and files of a multipart body: `bytes`, or an object with `read(size)`.
#[pyfunction(name = "parse_multipart")]
#[pyo3(signature = (source, content_type, content_length=None, *, stream_factory=None, max_content_length=None,
    max_form_memory_size=None, max_form_parts=None, cls=None, silent=true))]
// Named arguments of a Python function.
#[allow(clippy::too_many_arguments)]
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
        Ok(body) => Box::new(MemorySource(Bytes::copy_from_slice(body.as_bytes()))),
        Err(_) => Box::new(StreamSource::new(source)?),
    };
    if silent {
        parse_multipart(py, source.as_mut(), &job)
    } else {
        parse_multipart_strict(py, source.as_mut(), &job)
    }
}

/// Adds the functions of this file to the extension module.
pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(parse_form, module)?)?;
    module.add_function(wrap_pyfunction!(parse_multipart_py, module)?)
}
