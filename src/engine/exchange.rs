//! What crosses the door: a request as it came off the wire, and the answer that goes back.
//!
//! Plain values shared by the engine (which reads and makes them) and the server (which frames them). This file must
//! not know about hyper, sockets or scheduling.

use std::fs::File;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderMap;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use super::url_map::Peeked;

/// Facts about the listening server that every request of it shares (they become `SERVER_NAME`, `wsgi.multithread`…).
pub struct ServerFacts {
    /// The address as the user gave it to bind (`0.0.0.0` stays `0.0.0.0`), `SERVER_NAME`.
    pub bind_host: String,
    /// The port in fact bound, `SERVER_PORT`.
    pub bind_port: u16,
    /// `http` or `https`, `wsgi.url_scheme`.
    pub scheme: &'static str,
    /// More than one thread may run the app at once, `wsgi.multithread`.
    pub multithread: bool,
    /// More than one process serves the app, `wsgi.multiprocess`.
    pub multiprocess: bool,
    /// What `SERVER_SOFTWARE` says.
    pub software: String,
    /// Entries that every environ has besides.
    pub environ: Option<Py<PyDict>>,
    /// The entries above as an environ has them, made with the first one.
    pub shared: PyOnceLock<Py<PyDict>>,
}

/// A request body, by how it can be had.
pub enum WireBody {
    /// No body was announced.
    Empty,
    /// The whole body has arrived already.
    Full(Bytes),
    /// The body is still arriving; reads block the calling (detached) thread.
    Stream(Arc<dyn BodyReader>),
}

/// A body that is still arriving. All calls come from worker threads that are detached from Python.
pub trait BodyReader: Send + Sync {
    /// The next piece; an empty piece is the end. Blocks until there are `wanted` bytes, or as many as a piece may have;
    /// gives what has arrived, which may be more. Errors when the client broke the framing or went away.
    fn next_chunk(&self, wanted: usize) -> std::io::Result<Bytes>;

    /// Where in a cache line a piece should begin, for whoever copies the pieces on: a copy between two places that lie
    /// alike takes three quarters of the time. Pieces that are here already stay where they are.
    fn align(&self, _place: usize) {}
}

/// A request as it came off the wire.
pub struct WireRequest {
    pub method: http::Method,
    /// Request target as received: origin form (`/a%20b?x=1`), absolute form or `*`.
    pub target: String,
    pub version: http::Version,
    /// In the order they came.
    pub headers: HeaderMap,
    pub body: WireBody,
    pub peer: Option<SocketAddr>,
    pub server: Arc<ServerFacts>,
    /// The rule that the door has found for it already, if any.
    pub peeked: Option<Peeked>,
}

/// Bytes of an open file that are an answer's body.
pub struct FileBody {
    pub file: File,
    pub range: Range<u64>,
}

/// An answer's body.
pub enum WirePayload {
    /// No piece at all (HEAD, 204, 304). An empty body otherwise is one empty piece, with which a WSGI server may send
    /// the head.
    Empty,
    Bytes(Bytes),
    /// A part of a file, not read yet.
    File(FileBody),
    /// A Python iterable of bytes. The thread that got it iterates it and always calls its `close()` if it has one,
    /// at the end, on error and when the client is gone.
    Iterable(Py<PyAny>),
}

/// An answer, ready to be framed.
pub struct WireResponse {
    pub status: u16,
    /// The reason phrase; None is Werkzeug's for the status, the registered one in upper case.
    pub reason: Option<String>,
    /// Names as the app spelled them, values latin-1 bytes. May contain `Content-Length`; never
    /// `Transfer-Encoding`/`Connection` set by us. Server and Date are added by the server if the app set none.
    pub headers: Vec<(Bytes, Bytes)>,
    pub payload: WirePayload,
}
