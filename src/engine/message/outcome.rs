//! An answer on its way out: plain values, or a response object. Both become what a socket or a WSGI server needs.

use super::raw_response::Lines;
use bytes::Bytes;
use pyo3::prelude::*;

use super::raw_response::WireResponse;

pub enum Answer {
    Plain(Plain),
    /// A file, for our own server alone.
    File(WireResponse),
    Response(Py<PyAny>),
}

/// A finished answer in Rust.
pub struct Plain {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Bytes,
    /// What stands between Content-Type and Content-Length: what an HTTP error adds.
    pub described: Lines,
    /// What follows Content-Type and Content-Length: the session's lines.
    pub lines: Lines,
}

pub const HTML: &str = "text/html; charset=utf-8";
