//! What the user may set: the rows of the table of settings that the server needs.
//!
//! Must not know who reads the values.

use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::http1::HeadLimits;

/// The attributes of a `dev_server.settings.ServerSettings`, which says what each is for. Times are in seconds.
#[derive(FromPyObject)]
pub struct ServerSettings {
    pub fd: i32,
    pub unix: bool,
    pub host: String,
    pub port: u16,
    pub workers: usize,
    pub threads: usize,
    /// `off`, `calls` (the log object is called) or `lines` (written to standard output).
    pub access_log: String,
    pub environ: Option<Py<PyDict>>,
    pub development: bool,
    keep_alive: f64,
    header_timeout: f64,
    body_timeout: f64,
    write_timeout: f64,
    limit_request_line: usize,
    limit_request_fields: usize,
    limit_request_head: usize,
}

/// How long a client may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// From the connection's start to the first byte of its first request, and from the first byte of a head to its last.
    pub head: Duration,
    /// Between two pieces of a body; also the grace before a body's minimum rate counts.
    pub body_idle: Duration,
    /// Without any byte of an answer being taken.
    pub write_idle: Duration,
    /// Between two requests.
    pub keep_alive: Duration,
}

impl ServerSettings {
    pub fn timeouts(&self) -> Timeouts {
        // A year stands for "never"; it also keeps odd numbers in a range that clocks can add up.
        let year = 31_536_000.0;
        let seconds = |value: f64| Duration::from_secs_f64(if value > 0.0 { value.min(year) } else { year });
        Timeouts {
            head: seconds(self.header_timeout),
            body_idle: seconds(self.body_timeout),
            write_idle: seconds(self.write_timeout),
            keep_alive: seconds(self.keep_alive),
        }
    }

    pub fn limits(&self) -> HeadLimits {
        HeadLimits {
            line: self.limit_request_line,
            fields: self.limit_request_fields,
            total: self.limit_request_head,
        }
    }
}
