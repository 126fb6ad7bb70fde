//! The WSGI environ: made from a wire request in the form Werkzeug's server gives it, and read as Werkzeug's `Request`
//! reads it. It must not know about the application.

use std::borrow::Cow;
use std::collections::HashMap;

use bytes::Bytes;
use foldhash::fast::FixedState;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyString};

use super::head::{Ends, Head, rooted};
use super::wsgi_input::WireInput;
use crate::engine::ffi::gil_cell::GilCell;
use crate::engine::headers::text::{from_wsgi_text, latin1, wsgi_text};
use crate::engine::message::raw_request::{RawBody, RawRequest, ServerFacts};
use crate::http::header_name::HeaderName;
use crate::http::request_target::absolute_parts;
use crate::http::version::Version;
use crate::text::charset::Charset;
use crate::text::percent::{Undecodable, unquote, unquote_to_bytes};

/// Path and query of a request target; an absolute target loses scheme and host.
pub fn split_target(target: &str) -> (&str, &str) {
    let local = absolute_parts(target).map_or(target, |(_, rest)| rest);
    local.split_once('?').unwrap_or((local, ""))
}

/// The host (and port) of an absolute target.
fn target_host(target: &str) -> Option<&str> {
    absolute_parts(target).map(|(host, _)| host)
}

/// The host (and port) that a client asked for: its target's, else its header's.
pub fn host_of(wire: &RawRequest) -> Option<Cow<'_, str>> {
    if let Some(host) = target_host(&wire.target) {
        return Some(Cow::Borrowed(host));
    }
    wire.headers.text(HeaderName::Host)
}

/// Whether Python's IDNA encodes a host (and port) as it is: ASCII, of labels that are neither empty nor too long. The
/// last one may be empty.
pub fn is_plain_host(host: &[u8]) -> bool {
    const LONGEST: usize = 63;
    let mut label = 0;
    for &byte in host {
        let before = label;
        label = if byte == b'.' { 0 } else { label + 1 };
        if !byte.is_ascii() || label > LONGEST || (before, byte) == (0, b'.') {
            return false;
        }
    }
    true
}

/// Percent-decodes a path; bytes that are not UTF-8 become U+FFFD, a broken escape stays as it is.
pub fn decode_path(path: &str) -> Cow<'_, str> {
    unquote(path, Undecodable::Replace(Charset::Utf8))
}

/// The root path for a `SCRIPT_NAME`.
pub fn mount_point(script_name: &str) -> String {
    script_name.trim_end_matches('/').to_owned()
}

/// The environ key of a header.
pub fn key_of(name: &[u8]) -> String {
    let mut key = String::with_capacity(name.len() + 5);
    if !matches!(
        HeaderName::find(name),
        Some(HeaderName::ContentType | HeaderName::ContentLength)
    ) {
        key.push_str("HTTP_");
    }
    key.extend(name.iter().map(|&byte| match byte {
        b'-' => '_',
        _ => char::from(byte.to_ascii_uppercase()),
    }));
    key
}

/// Environ keys by header name. Their number is bounded, so that nobody gains by names of one hash.
type KeyTable = HashMap<Box<[u8]>, Py<PyString>, FixedState>;

/// The environ key of a header as a Python string. Header names come from a small set: their keys are made once.
pub fn python_key<'py>(py: Python<'py>, name: &[u8]) -> Bound<'py, PyString> {
    // Clients choose the names and their spelling, so the table is bounded.
    const MOST: usize = 512;
    const LONGEST: usize = 64;
    static KEYS: GilCell<KeyTable> = GilCell::new(KeyTable::with_hasher(FixedState::with_seed(0)));
    if let Some(key) = KEYS.look(py).get(name) {
        return key.bind(py).clone();
    }
    let key = PyString::new(py, &key_of(name));
    let mut keys = KEYS.look(py);
    if keys.len() < MOST && name.len() <= LONGEST {
        keys.insert(name.into(), key.clone().unbind());
    }
    key
}

/// Enough keys to make a dict of the shared entries grow.
const ROOM: [&str; 4] = ["1", "2", "3", "4"];

/// The entries that all environs of a server have, with room in their places for those of a request: keys in the order
/// Werkzeug's server has them.
fn of_server(py: Python<'_>, facts: &ServerFacts) -> PyResult<Py<PyDict>> {
    let shared = PyDict::new(py);
    let later = py.None();
    shared.set_item(intern!(py, "wsgi.version"), (1, 0))?;
    shared.set_item(intern!(py, "wsgi.url_scheme"), PyString::intern(py, facts.scheme))?;
    shared.set_item(intern!(py, "wsgi.input"), &later)?;
    shared.set_item(intern!(py, "wsgi.errors"), &later)?;
    shared.set_item(intern!(py, "wsgi.multithread"), facts.multithread)?;
    shared.set_item(intern!(py, "wsgi.multiprocess"), facts.multiprocess)?;
    shared.set_item(intern!(py, "wsgi.run_once"), false)?;
    shared.set_item(intern!(py, "SERVER_SOFTWARE"), &facts.software)?;
    shared.set_item(intern!(py, "REQUEST_METHOD"), &later)?;
    shared.set_item(intern!(py, "SCRIPT_NAME"), intern!(py, ""))?;
    shared.set_item(intern!(py, "PATH_INFO"), &later)?;
    shared.set_item(intern!(py, "QUERY_STRING"), intern!(py, ""))?;
    shared.set_item(intern!(py, "REQUEST_URI"), &later)?;
    shared.set_item(intern!(py, "RAW_URI"), &later)?;
    shared.set_item(intern!(py, "REMOTE_ADDR"), intern!(py, "<local>"))?;
    shared.set_item(intern!(py, "REMOTE_PORT"), 0)?;
    shared.set_item(intern!(py, "SERVER_NAME"), &facts.bind_host)?;
    shared.set_item(intern!(py, "SERVER_PORT"), facts.bind_port.to_string())?;
    shared.set_item(intern!(py, "SERVER_PROTOCOL"), Version::Http11.as_str())?;
    // A dict's copy has its size: one that has grown once has room for the headers, and need not grow for each request.
    for key in ROOM {
        shared.set_item(key, &later)?;
    }
    for key in ROOM {
        shared.del_item(key)?;
    }
    Ok(shared.unbind())
}

/// The environ of a wire request, headers in the client's order.
pub fn from_wire<'py>(py: Python<'py>, wire: &RawRequest, head: &Head, body: RawBody) -> PyResult<Bound<'py, PyDict>> {
    static SYS: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let shared = wire.server.shared.get_or_try_init(py, || of_server(py, &wire.server))?;
    let environ = shared.bind(py).copy()?;
    let sys = SYS.get_or_try_init(py, || py.import("sys").map(Bound::unbind))?;
    let (path, _) = split_target(&wire.target);
    environ.set_item(intern!(py, "wsgi.input"), input(py, body)?)?;
    environ.set_item(intern!(py, "wsgi.errors"), sys.bind(py).getattr(intern!(py, "stderr"))?)?;
    environ.set_item(intern!(py, "REQUEST_METHOD"), PyString::new(py, &wire.method))?;
    environ.set_item(intern!(py, "PATH_INFO"), path_info(py, path, &wire.server))?;
    if !head.query.is_empty() {
        environ.set_item(intern!(py, "QUERY_STRING"), wsgi_text(py, &head.query))?;
    }
    let target = wsgi_text(py, wire.target.as_bytes());
    environ.set_item(intern!(py, "REQUEST_URI"), &target)?;
    environ.set_item(intern!(py, "RAW_URI"), &target)?;
    if let Some(peer) = wire.peer {
        environ.set_item(intern!(py, "REMOTE_ADDR"), peer.ip().to_string())?;
        environ.set_item(intern!(py, "REMOTE_PORT"), peer.port())?;
    }
    if wire.version != Version::Http11 {
        environ.set_item(intern!(py, "SERVER_PROTOCOL"), wire.version.as_str())?;
    }
    set_headers(&environ, wire)?;
    if let Some(besides) = &wire.server.environ {
        environ.update(besides.bind(py).as_mapping())?;
    }
    Ok(environ)
}

/// `PATH_INFO`: the bytes of the path, as PEP 3333 has it; Werkzeug's development server replaces what is not UTF-8.
fn path_info<'py>(py: Python<'py>, path: &str, facts: &ServerFacts) -> Bound<'py, PyString> {
    if facts.is_development {
        wsgi_text(py, decode_path(path).as_bytes())
    } else {
        wsgi_text(py, &unquote_to_bytes(path))
    }
}

fn set_headers(environ: &Bound<'_, PyDict>, wire: &RawRequest) -> PyResult<()> {
    let py = environ.py();
    for (name, value) in wire.headers.iter() {
        let key = python_key(py, name);
        let before = environ.len();
        environ.set_item(&key, wsgi_text(py, value))?;
        // The key was there: the name is repeated.
        if environ.len() == before {
            environ.set_item(key, wire.headers.text_by(name))?;
        }
    }
    if wire.headers.contains(HeaderName::TransferEncoding) {
        environ.set_item(intern!(py, "wsgi.input_terminated"), true)?;
    }
    if let Some(host) = target_host(&wire.target) {
        environ.set_item(intern!(py, "HTTP_HOST"), host)?;
    }
    Ok(())
}

/// `wsgi.input` over a body.
fn input(py: Python<'_>, body: RawBody) -> PyResult<Bound<'_, PyAny>> {
    static BYTES_IO: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let in_memory = |bytes: &Bytes| BYTES_IO.import(py, "io", "BytesIO")?.call1((PyBytes::new(py, bytes),));
    match body {
        RawBody::Empty => in_memory(&Bytes::new()),
        RawBody::Full(bytes) => in_memory(&bytes),
        RawBody::Stream(reader) => Ok(Bound::new(py, WireInput::new(reader))?.into_any()),
    }
}

/// What Werkzeug's `Request` reads from an environ when it is made.
pub fn read_head(environ: &Bound<'_, PyDict>) -> PyResult<(Head, Ends)> {
    let py = environ.py();
    let text = |key: &Bound<'_, PyString>, default: &str| -> PyResult<String> {
        match environ.get_item(key)? {
            Some(value) if !value.is_none() => from_wsgi_text(&value),
            _ => Ok(default.to_owned()),
        }
    };
    let query = match environ.get_item(intern!(py, "QUERY_STRING"))? {
        Some(value) => latin1(value.cast::<PyString>()?.to_str()?)?,
        None => Vec::new(),
    };
    let plain = |key: &Bound<'_, PyString>, default: &str| -> PyResult<String> {
        environ
            .get_item(key)?
            .map_or_else(|| Ok(default.to_owned()), |value| value.extract())
    };
    let server = match environ.get_item(intern!(py, "SERVER_NAME"))? {
        Some(name) if !name.is_none() => Some((name.extract()?, server_port(environ)?)),
        _ => None,
    };
    let path = text(intern!(py, "PATH_INFO"), "")?;
    let head = Head {
        method: Cow::Owned(plain(intern!(py, "REQUEST_METHOD"), "GET")?.to_uppercase()),
        scheme: Cow::Owned(plain(intern!(py, "wsgi.url_scheme"), "http")?),
        root_path: mount_point(&text(intern!(py, "SCRIPT_NAME"), "")?),
        is_pathless: path.is_empty(),
        path: rooted(&path),
        query: query.into(),
    };
    let remote_addr = environ
        .get_item(intern!(py, "REMOTE_ADDR"))?
        .map(|v| v.extract())
        .transpose()?;
    Ok((head, Ends { remote_addr, server }))
}

/// The port as a number; None for a Unix socket, whose port is no number.
fn server_port(environ: &Bound<'_, PyDict>) -> PyResult<Option<i64>> {
    let Some(port) = environ.get_item(intern!(environ.py(), "SERVER_PORT"))? else {
        return Ok(None);
    };
    Ok(port_number(port.str()?.to_str()?))
}

/// `SERVER_PORT` as a number.
pub fn port_number(port: &str) -> Option<i64> {
    port.trim().parse().ok()
}

pub fn is_head(environ: &Bound<'_, PyDict>) -> PyResult<bool> {
    let method = environ.get_item(intern!(environ.py(), "REQUEST_METHOD"))?;
    Ok(method.is_some_and(|m| {
        m.cast::<PyString>()
            .is_ok_and(|m| m.to_str().is_ok_and(|m| m == "HEAD"))
    }))
}
