//! An answer for our own server: plain values go out as they are; a response object is taken apart natively when it is
//! the core's own class with its body in memory, else it is run as the WSGI application it is.

use bytes::{Bytes, BytesMut};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyString, PyTuple};

use super::answer::{Answer, split_status};
use super::environ::latin1;
use super::exchange::{WirePayload, WireResponse};
use super::open_file;
use super::plain::Plain;
use super::response as response_class;
use super::state::RequestState;
use super::wsgi;

/// The wire form of an answer.
pub fn from_answer(py: Python<'_>, answer: Answer, state: &RequestState) -> PyResult<WireResponse> {
    let is_head = state.head.method == "HEAD";
    match answer {
        Answer::Plain(plain) => Ok(from_plain(plain, is_head)),
        Answer::File(ready) => Ok(ready),
        Answer::Response(response) => {
            let response = response.into_bound(py);
            if let Some(ready) = from_core_response(&response, is_head)? {
                return Ok(ready);
            }
            wsgi::call(&response, &state.environ(py)?)
        }
    }
}

fn from_plain(plain: Plain, is_head: bool) -> WireResponse {
    let mut headers = vec![
        (
            Bytes::from_static(b"Content-Type"),
            Bytes::from_static(plain.content_type.as_bytes()),
        ),
        (Bytes::from_static(b"Content-Length"), content_length(plain.body.len())),
    ];
    headers.extend(plain.lines);
    let payload = if is_head || plain.body.is_empty() {
        WirePayload::Empty
    } else {
        WirePayload::Bytes(plain.body)
    };
    WireResponse {
        status: plain.status,
        reason: None,
        headers,
        payload,
    }
}

fn content_length(length: usize) -> Bytes {
    Bytes::copy_from_slice(itoa::Buffer::new().format(length).as_bytes())
}

/// Takes an untouched `flask.Response` with a body in memory apart. None when Werkzeug's own code has something to
/// decide: streams, redirects, statuses without a body, functions to call on close.
fn from_core_response(response: &Bound<'_, PyAny>, is_head: bool) -> PyResult<Option<WireResponse>> {
    let py = response.py();
    if !response_class::is_core(&response.get_type().into_any())? {
        return Ok(None);
    }
    let status: u16 = response.getattr(intern!(py, "_status_code"))?.extract()?;
    let body = response.getattr(intern!(py, "response"))?;
    let Ok(chunks) = body.cast_exact::<PyList>() else {
        return from_open_file(response, status, &body, is_head);
    };
    let unusual = status < 200
        || matches!(status, 204 | 304)
        || response.getattr(intern!(py, "direct_passthrough"))?.is_truthy()?
        || response.getattr(intern!(py, "_on_close"))?.is_truthy()?;
    if unusual {
        return Ok(None);
    }
    let Some(whole) = join(chunks) else { return Ok(None) };
    let listed = response
        .getattr(intern!(py, "headers"))?
        .getattr(intern!(py, "_list"))?;
    let Some((mut headers, has_length)) = read_headers(listed.cast::<PyList>()?)? else {
        return Ok(None);
    };
    if !has_length {
        headers.push((Bytes::from_static(b"Content-Length"), content_length(whole.len())));
    }
    let (_, reason) = split_status(response.getattr(intern!(py, "_status"))?.cast::<PyString>()?.to_str()?)?;
    let payload = if is_head || whole.is_empty() {
        WirePayload::Empty
    } else {
        WirePayload::Bytes(whole)
    };
    Ok(Some(WireResponse {
        status,
        reason: (status != 200 || reason != "OK").then_some(reason),
        headers,
        payload,
    }))
}

/// All chunks of a body in memory as one; None when one is no text or bytes.
fn join(chunks: &Bound<'_, PyList>) -> Option<Bytes> {
    let piece = |chunk: &Bound<'_, PyAny>| -> Option<Bytes> {
        if let Ok(bytes) = chunk.cast::<PyBytes>() {
            return Some(Bytes::copy_from_slice(bytes.as_bytes()));
        }
        chunk
            .cast::<PyString>()
            .ok()?
            .to_str()
            .ok()
            .map(|t| Bytes::copy_from_slice(t.as_bytes()))
    };
    if chunks.len() == 1 {
        return piece(&chunks.get_item(0).ok()?);
    }
    let mut whole = BytesMut::new();
    for chunk in chunks.iter() {
        whole.extend_from_slice(&piece(&chunk)?);
    }
    Some(whole.freeze())
}

/// Takes a file over that a `flask.Response` passes through, if it says how long it is, and closes the response's own.
fn from_open_file(
    response: &Bound<'_, PyAny>,
    status: u16,
    body: &Bound<'_, PyAny>,
    is_head: bool,
) -> PyResult<Option<WireResponse>> {
    let py = response.py();
    let usual = status == 200
        && response.getattr(intern!(py, "direct_passthrough"))?.is_truthy()?
        && !response.getattr(intern!(py, "_on_close"))?.is_truthy()?
        && response.getattr(intern!(py, "_status"))?.eq(intern!(py, "200 OK"))?;
    if !usual {
        return Ok(None);
    }
    let listed = response
        .getattr(intern!(py, "headers"))?
        .getattr(intern!(py, "_list"))?;
    let Some((headers, true)) = read_headers(listed.cast::<PyList>()?)? else {
        return Ok(None);
    };
    let Some(payload) = open_file::rest_of(body)? else {
        return Ok(None);
    };
    wsgi::close(body)?;
    Ok(Some(WireResponse {
        status,
        reason: None,
        headers,
        payload: if is_head { WirePayload::Empty } else { payload },
    }))
}

type Headers = Vec<(Bytes, Bytes)>;

/// The header list, and whether it has a Content-Length. None for a location, which Werkzeug rewrites.
fn read_headers(listed: &Bound<'_, PyList>) -> PyResult<Option<(Headers, bool)>> {
    let mut headers = Vec::with_capacity(listed.len() + 1);
    let mut has_length = false;
    for item in listed.iter() {
        let pair = item.cast_into::<PyTuple>()?;
        let (name, value) = (pair.get_item(0)?, pair.get_item(1)?);
        let name = latin1(name.cast::<PyString>()?.to_str()?)?;
        if name.eq_ignore_ascii_case(b"location") || name.eq_ignore_ascii_case(b"content-location") {
            return Ok(None);
        }
        has_length |= name.eq_ignore_ascii_case(b"content-length");
        headers.push((name.into(), latin1(value.cast::<PyString>()?.to_str()?)?.into()));
    }
    Ok(Some((headers, has_length)))
}
