//! The log of requests and errors: through the log object of the Python side, or as lines on standard output.
//!
//! Calls happen on the thread that ran the view, while it is attached anyway; lines are written by a thread of their
//! own.

use std::borrow::Cow;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;

use super::http1::{Fault, unix_seconds};
use crate::engine::message::raw_request::RawRequest;
use crate::http::version::Version;
use crate::text::dates;

enum Access {
    Off,
    Calls,
    Lines(Sender<String>),
}

pub struct AccessLog {
    access: Access,
    /// Has `request(peer, method, target, version, status)`, `refused(peer, status, message, line)` and
    /// `failed(error)`.
    object: Py<PyAny>,
}

/// What the log needs of a request that is about to be handed to the app.
pub struct Note {
    peer: Option<SocketAddr>,
    method: Cow<'static, str>,
    target: String,
    version: Version,
}

impl AccessLog {
    pub fn new(kind: &str, object: Py<PyAny>) -> PyResult<Self> {
        let access = match kind {
            "off" => Access::Off,
            "calls" => Access::Calls,
            "lines" => Access::Lines(start_writer()?),
            _ => {
                return Err(PyValueError::new_err(format!(
                    "access_log is 'off', 'calls' or 'lines', not {kind:?}"
                )));
            }
        };
        Ok(Self { access, object })
    }

    /// Notes what [`AccessLog::request`] will say; nothing when nobody listens.
    #[inline]
    pub fn note(&self, request: &RawRequest) -> Option<Note> {
        if matches!(self.access, Access::Off) {
            return None;
        }
        Some(Note {
            peer: request.peer,
            method: request.method.clone(),
            target: request.target.clone(),
            version: request.version,
        })
    }

    /// A request was answered with `status`.
    pub fn request(&self, py: Python<'_>, note: Note, status: u16) {
        let version = note.version.as_str();
        match &self.access {
            Access::Off => {}
            Access::Calls => {
                let said = (peer_text(note.peer), note.method, note.target, version, status);
                let called = self.object.bind(py).call_method1(intern!(py, "request"), said);
                self.swallow(py, called);
            }
            Access::Lines(lines) => {
                let peer = peer_text(note.peer).unwrap_or_else(|| "-".to_owned());
                let date = dates::http_date(unix_seconds()).unwrap_or_default();
                let target = note.target.escape_debug();
                let _ = lines.send(format!(
                    "{peer} - - [{date}] \"{} {target} {version}\" {status}\n",
                    note.method
                ));
            }
        }
    }

    /// A request was refused before the app saw it. Called without being attached.
    pub fn refused(&self, peer: Option<SocketAddr>, fault: Fault, line: String) {
        let Some(status) = fault.status() else { return };
        Python::attach(|py| {
            let said = (peer_text(peer), status, fault.to_string(), line);
            let called = self.object.bind(py).call_method1(intern!(py, "refused"), said);
            self.swallow(py, called);
        });
    }

    /// The body of an answer could not be had from the app.
    pub fn failed(&self, py: Python<'_>, error: PyErr) {
        let called = self.object.bind(py).call_method1(intern!(py, "failed"), (error,));
        self.swallow(py, called);
    }

    /// A log that fails must not take the request with it.
    fn swallow(&self, py: Python<'_>, called: PyResult<Bound<'_, PyAny>>) {
        if let Err(error) = called {
            error.write_unraisable(py, Some(self.object.bind(py)));
        }
    }
}

fn peer_text(peer: Option<SocketAddr>) -> Option<String> {
    peer.map(|address| address.ip().to_string())
}

fn start_writer() -> std::io::Result<Sender<String>> {
    let (sender, lines) = channel();
    thread::Builder::new()
        .name("ferroflask-log".to_owned())
        .spawn(move || write_lines(&lines))?;
    Ok(sender)
}

/// Writes what has gathered in one go, until the last sender is gone.
fn write_lines(lines: &Receiver<String>) {
    while let Ok(mut text) = lines.recv() {
        while text.len() < 64 * 1024 {
            let Ok(more) = lines.try_recv() else { break };
            text.push_str(&more);
        }
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}
