//! What the user may set, as the Python side hands it over.
//!
//! Must not know who reads the values.

use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::http1::HeadLimits;

/// The keys of the `settings` mapping of `_core.Server`. Times are in seconds.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Settings {
    /// File descriptor of a bound and listening socket.
    pub fd: i32,
    /// That socket is a Unix one.
    pub unix: bool,
    /// `SERVER_NAME` and `SERVER_PORT`.
    pub host: String,
    pub port: u16,
    /// Most Python threads, streams not counted. 1 runs one request at a time.
    pub threads: usize,
    /// Threads of the I/O runtime.
    pub io_threads: usize,
    pub multiprocess: bool,
    /// `SERVER_SOFTWARE`.
    pub software: String,
    /// `Server` header for answers without one.
    pub server_header: Option<String>,
    /// `off`, `calls` (the log object is called) or `lines` (written to standard output).
    pub access_log: String,
    /// Entries that every WSGI environ gets besides.
    pub environ: Option<Py<PyDict>>,
    pub timeouts: TimeoutSettings,
    pub limits: LimitSettings,
}

/// How long a client may take, in seconds.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct TimeoutSettings {
    pub first_byte: f64,
    pub head: f64,
    pub body_idle: f64,
    pub write_idle: f64,
    pub keep_alive: f64,
}

/// How large a request head may be.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct LimitSettings {
    pub request_line: usize,
    pub header_fields: usize,
    pub head_bytes: usize,
}

/// [`TimeoutSettings`], ready for use.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// From the connection's start to the first byte of its first request.
    pub first_byte: Duration,
    /// From the first byte of a head to its last.
    pub head: Duration,
    /// Between two pieces of a body; also the grace before a body's minimum rate counts.
    pub body_idle: Duration,
    /// Without any byte of an answer being taken.
    pub write_idle: Duration,
    /// Between two requests.
    pub keep_alive: Duration,
}

impl From<&TimeoutSettings> for Timeouts {
    fn from(given: &TimeoutSettings) -> Self {
        // A year stands for "never"; it also keeps odd numbers in a range that clocks can add up.
        let seconds = |value: f64| {
            Duration::from_secs_f64(if value > 0.0 {
                value.min(31_536_000.0)
            } else {
                31_536_000.0
            })
        };
        Self {
            first_byte: seconds(given.first_byte),
            head: seconds(given.head),
            body_idle: seconds(given.body_idle),
            write_idle: seconds(given.write_idle),
            keep_alive: seconds(given.keep_alive),
        }
    }
}

impl From<&LimitSettings> for HeadLimits {
    fn from(given: &LimitSettings) -> Self {
        Self {
            line: given.request_line,
            fields: given.header_fields,
            total: given.head_bytes,
        }
    }
}
