//! An answer for our own server: plain values go out as they are; a response object is taken apart natively when it is
//! the core's own class with its body in memory, else it is run as the WSGI application it is.

use std::borrow::Cow;

use bytes::{Bytes, BytesMut};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};

use super::{call_wsgi, open_file};
use crate::engine::headers::status::split_status;
use crate::engine::headers::text::{latin1, name_on_wire};
use crate::engine::message::body_bytes::BodyBytes;
use crate::engine::message::outcome::{Outcome, PlainBody, PlainResponse};
use crate::engine::message::raw_response::{Payload, RawResponse};
use crate::engine::request::state::RequestState;
use crate::engine::response::redirect;
use crate::engine::{ffi, response as response_class};
use crate::http::file_answer;

/// The wire form of an answer.
pub fn from_answer(py: Python<'_>, answer: Outcome, state: &RequestState) -> PyResult<RawResponse> {
    let is_head = state.answers_head(py)?;
    match answer {
        Outcome::Plain(plain) => Ok(from_plain(py, plain, is_head)),
        Outcome::Response(response) => {
            let response = response.into_bound(py);
            if let Some(held) = Held::by(&response)? {
                if let Some(ready) = from_memory(&held, is_head)? {
                    return Ok(ready);
                }
                if let Some(ready) = from_open_file(&held, is_head)? {
                    return Ok(ready);
                }
            }
            call_wsgi::call(&response, &state.environ(py)?)
        }
    }
}

/// The wire form of a plain answer.
fn from_plain(py: Python<'_>, plain: PlainResponse, is_head: bool) -> RawResponse {
    let PlainResponse {
        status,
        mut headers,
        body,
    } = plain;
    let is_not_modified = status == 304;
    if is_not_modified {
        file_answer::drop_description(&mut headers);
    }
    let payload = match body {
        _ if is_head || is_not_modified => Payload::Empty,
        PlainBody::Bytes(body) => Payload::Bytes(body),
        PlainBody::File(body, _) => open_file::payload(py, body),
    };
    RawResponse {
        status,
        reason: None,
        headers,
        payload,
    }
}

/// An answer for a server that takes what is in memory.
pub enum InMemory<'py> {
    Whole(RawResponse),
    /// A response object that has to run as the WSGI application it is.
    Runs(Bound<'py, PyAny>),
}

impl<'py> InMemory<'py> {
    /// Takes an answer apart, if its body is in memory and Werkzeug's own code has nothing to decide.
    pub fn of(py: Python<'py>, answer: Outcome, is_head: bool) -> PyResult<Self> {
        let response = match answer {
            Outcome::Plain(plain) if matches!(plain.body, PlainBody::Bytes(_)) => {
                return Ok(Self::Whole(from_plain(py, plain, is_head)));
            }
            other => other.into_response(py)?,
        };
        let whole = Held::by(&response)?.map_or(Ok(None), |held| from_memory(&held, is_head))?;
        Ok(whole.map_or(Self::Runs(response), Self::Whole))
    }
}

fn content_length(length: usize) -> Bytes {
    Bytes::copy_from_slice(itoa::Buffer::new().format(length).as_bytes())
}

/// What an untouched `flask.Response` holds.
struct Held<'py> {
    status: u16,
    line: Bound<'py, PyString>,
    headers: Bound<'py, PyList>,
    body: Bound<'py, PyAny>,
    passed_through: bool,
}

impl<'py> Held<'py> {
    /// None when Werkzeug's own code has something to decide: statuses without a body, functions to call on close,
    /// attributes that stand before the class's.
    fn by(response: &Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        let py = response.py();
        if !response_class::is_core(&response.get_type().into_any())? {
            return Ok(None);
        }
        let attributes = ffi::instance_dict(response)?;
        if response_class::is_shadowed(&attributes)? {
            return Ok(None);
        }
        let held = |name| attributes.get_item(name);
        let (Some(code), Some(line), Some(body), Some(headers)) = (
            held(intern!(py, "_status_code"))?,
            held(intern!(py, "_status"))?,
            held(intern!(py, "response"))?,
            held(intern!(py, "headers"))?,
        ) else {
            return Ok(None);
        };
        let (Ok(status), Ok(line)) = (code.extract::<u16>(), line.cast_into::<PyString>()) else {
            return Ok(None);
        };
        let is_set = |name| held(name)?.map_or(Ok(false), |value| value.is_truthy());
        if status < 200 || matches!(status, 204 | 304) || is_set(intern!(py, "_on_close"))? {
            return Ok(None);
        }
        // Werkzeug makes headers of whatever else was put there.
        if !response_class::headers_guard(py)?.passes(&headers.get_type()) {
            return Ok(None);
        }
        Ok(Some(Self {
            status,
            line,
            headers: headers.getattr(intern!(py, "_list"))?.cast_into()?,
            body,
            passed_through: is_set(intern!(py, "direct_passthrough"))?,
        }))
    }

    /// The reason phrase of a status line that says the status.
    fn reason(&self) -> Option<Cow<'static, str>> {
        let line = self.line.to_str().ok()?;
        if self.status == 200 && line == "200 OK" {
            return Some(Cow::Borrowed("OK"));
        }
        let (status, reason) = split_status(line).ok()?;
        (status == self.status).then_some(Cow::Owned(reason))
    }

    /// Whether the body is a list without a chunk, as that of `Response()`.
    fn has_no_chunk(&self) -> bool {
        self.body.cast_exact::<PyList>().is_ok_and(PyListMethods::is_empty)
    }

    /// The whole body, if it is in memory.
    fn in_memory(&self) -> Option<BodyBytes> {
        let chunks = self.body.cast_exact::<PyList>().ok().filter(|_| !self.passed_through)?;
        join(chunks)
    }
}

/// Takes a response apart whose body is in memory. None when Werkzeug's own code has something to decide.
fn from_memory(held: &Held<'_>, is_head: bool) -> PyResult<Option<RawResponse>> {
    let (Some(reason), Some(whole)) = (held.reason(), held.in_memory()) else {
        return Ok(None);
    };
    let Some((mut headers, has_length)) = read_headers(&held.headers)? else {
        return Ok(None);
    };
    if !has_length {
        headers.push((Bytes::from_static(b"Content-Length"), content_length(whole.len())));
    }
    let payload = if is_head || held.has_no_chunk() {
        Payload::Empty
    } else {
        Payload::Bytes(whole)
    };
    Ok(Some(RawResponse {
        status: held.status,
        reason: (held.status != 200 || reason != "OK").then(|| reason.into_owned()),
        headers,
        payload,
    }))
}

/// The headers that hold a URL, as Werkzeug spells them.
const LOCATIONS: [&str; 2] = ["Location", "Content-Location"];

/// All chunks of a body in memory as one; None when one is no text or bytes.
fn join(chunks: &Bound<'_, PyList>) -> Option<BodyBytes> {
    let piece = |chunk: &Bound<'_, PyAny>| match chunk.cast::<PyBytes>() {
        Ok(bytes) => Some(BodyBytes::of(bytes)),
        Err(_) => BodyBytes::of_text(chunk.cast::<PyString>().ok()?),
    };
    if chunks.len() == 1 {
        return piece(&chunks.get_item(0).ok()?);
    }
    let mut whole = BytesMut::new();
    for chunk in chunks.iter() {
        whole.extend_from_slice(&piece(&chunk)?);
    }
    Some(whole.freeze().into())
}

/// Takes a file over that a response passes through, if it says how long it is, and closes the response's own.
fn from_open_file(held: &Held<'_>, is_head: bool) -> PyResult<Option<RawResponse>> {
    if !held.passed_through || held.status != 200 || held.reason().as_deref() != Some("OK") {
        return Ok(None);
    }
    let Some((headers, true)) = read_headers(&held.headers)? else {
        return Ok(None);
    };
    let Some(body) = open_file::rest_of(&held.body)? else {
        return Ok(None);
    };
    let payload = if is_head {
        Payload::Empty
    } else {
        open_file::payload(held.body.py(), body)
    };
    call_wsgi::close(&held.body)?;
    Ok(Some(RawResponse {
        status: 200,
        reason: None,
        headers,
        payload,
    }))
}

type Headers = Vec<(Bytes, Bytes)>;

/// The header list with locations escaped, and whether it has a Content-Length. None for what only Werkzeug can send.
fn read_headers(listed: &Bound<'_, PyList>) -> PyResult<Option<(Headers, bool)>> {
    let mut headers = Vec::with_capacity(listed.len() + 1);
    let mut has_length = false;
    let mut has_location = [false; 2];
    for item in listed.iter() {
        let pair = item.cast_into::<PyTuple>()?;
        let (name, value) = (pair.get_item(0)?, pair.get_item(1)?);
        let value = value.cast_into::<PyString>()?;
        let (Ok(name), Ok(text)) = (
            name.cast::<PyString>()?.to_str().and_then(name_on_wire),
            value.to_str().and_then(latin1),
        ) else {
            return Ok(None);
        };
        if let Some(which) = LOCATIONS.iter().position(|l| name.eq_ignore_ascii_case(l.as_bytes())) {
            // Werkzeug makes one of several.
            if std::mem::replace(&mut has_location[which], true) {
                return Ok(None);
            }
            let Some(uri) = redirect::as_uri(&value)? else {
                return Ok(None);
            };
            headers.push((Bytes::from_static(LOCATIONS[which].as_bytes()), uri));
            continue;
        }
        has_length |= name.eq_ignore_ascii_case(b"content-length");
        headers.push((name, text.into()));
    }
    Ok(Some((headers, has_length)))
}
