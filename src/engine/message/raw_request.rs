//! What crosses the door: a request as it came off the wire, and the answer that goes back.
//!
//! Plain values shared by the engine (which reads and makes them) and the server (which frames them). This file must
//! not know about hyper, sockets or scheduling.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use crate::engine::url_map::Peeked;
use crate::http::request_headers::RequestHeaders;
use crate::http::version::Version;

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
    /// The development server: paths are as Werkzeug's has them.
    pub is_development: bool,
    /// What `SERVER_SOFTWARE` says.
    pub software: String,
    /// Entries that every environ has besides.
    pub environ: Option<Py<PyDict>>,
    /// The entries above as an environ has them, made with the first one.
    pub shared: PyOnceLock<Py<PyDict>>,
}

/// A request body, by how it can be had.
pub enum RawBody {
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
}

/// A request as it came off the wire.
pub struct RawRequest {
    /// As the client spelled it; one of the usual ones is borrowed.
    pub method: Cow<'static, str>,
    /// Request target as received: origin form (`/a%20b?x=1`), absolute form or `*`.
    pub target: String,
    pub version: Version,
    /// In the order they came.
    pub headers: RequestHeaders,
    pub body: RawBody,
    pub peer: Option<SocketAddr>,
    pub server: Arc<ServerFacts>,
    /// The rule that the door has found for it already, if any.
    pub peeked: Option<Peeked>,
}
