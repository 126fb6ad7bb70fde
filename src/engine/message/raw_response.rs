//! A response as it goes to the socket: status, header lines and one of four kinds of body.
//!
//! Plain values; it must not know how they are framed.

use std::fs::File;
use std::ops::Range;

use bytes::Bytes;
use pyo3::prelude::*;

use super::body_bytes::BodyBytes;

/// Header lines.
pub type HeaderLines = Vec<(Bytes, Bytes)>;

/// Bytes of an open file that are an answer's body.
pub struct FileBody {
    pub file: File,
    pub range: Range<u64>,
}

/// An answer's body.
pub enum Payload {
    /// No piece at all (HEAD, 204, 304). An empty body otherwise is one empty piece, with which a WSGI server may send
    /// the head.
    Empty,
    Bytes(BodyBytes),
    /// A part of a file, not read yet.
    File(FileBody),
    /// A Python iterable of bytes. The thread that got it iterates it and always calls its `close()` if it has one,
    /// at the end, on error and when the client is gone.
    Iterable(Py<PyAny>),
}

/// An answer, ready to be framed.
pub struct RawResponse {
    pub status: u16,
    /// The reason phrase; None is Werkzeug's for the status, the registered one in upper case.
    pub reason: Option<String>,
    /// Names as the app spelled them, values latin-1 bytes. May contain `Content-Length`; never
    /// `Transfer-Encoding`/`Connection` set by us. Server and Date are added by the server if the app set none.
    pub headers: Vec<(Bytes, Bytes)>,
    pub payload: Payload,
}
