//! An answer on its way out: plain values, or a response object. Both become what a socket or a WSGI server needs.

use std::sync::Arc;

use bytes::Bytes;
use pyo3::prelude::*;

use super::body_bytes::BodyBytes;
use super::raw_response::{FileBody, HeaderLines};

pub enum Outcome {
    Plain(PlainResponse),
    Response(Py<PyAny>),
}

/// A finished answer in Rust. Its header lines are those that a response object would have.
pub struct PlainResponse {
    pub status: u16,
    pub headers: HeaderLines,
    pub body: PlainBody,
}

/// The body of an answer, also of one that is sent without.
pub enum PlainBody {
    Bytes(BodyBytes),
    /// A part of a file, and the path that it was opened by.
    File(FileBody, Arc<str>),
}

pub const HTML: &str = "text/html; charset=utf-8";

impl PlainResponse {
    /// An answer of bytes: Content-Type, the lines that describe it further, Content-Length.
    pub fn of_bytes(
        status: u16,
        content_type: &'static str,
        described: HeaderLines,
        body: impl Into<BodyBytes>,
    ) -> Self {
        let body = body.into();
        let length = Bytes::copy_from_slice(itoa::Buffer::new().format(body.len()).as_bytes());
        // One more: the session may add a line.
        let mut headers = Vec::with_capacity(3 + described.len());
        headers.push((
            Bytes::from_static(b"Content-Type"),
            Bytes::from_static(content_type.as_bytes()),
        ));
        headers.extend(described);
        headers.push((Bytes::from_static(b"Content-Length"), length));
        Self {
            status,
            headers,
            body: PlainBody::Bytes(body),
        }
    }
}
