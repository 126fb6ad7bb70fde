//! The default session interface's cookie: tagged JSON, signed with a time, exchangeable with stock Flask in both
//! directions.
//!
//! [`open`] and [`seal`] do in one step what `URLSafeTimedSerializer` does with the tagging serializer. Whether a
//! session is permanent, when its cookie is sent and what it is called is the business of the session interface. The
//! clock is Python's `time.time`, so that tests may freeze it.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict};

use super::keys::SessionKeys;
use crate::engine::json::functions::settle;
use crate::engine::json::{DumpOptions, Halt, JsonWriter, loads};
use crate::engine::request::session_memo::SessionMemo;
use crate::signing::{DEFAULT_INFLATE_LIMIT, SigningError, decode_payload, encode_payload};

/// What was in a cookie.
pub struct OpenedSession<'py> {
    pub session: Bound<'py, PyDict>,
    /// `None` where Python had to read it.
    pub packed: Option<SessionMemo>,
}

/// What is in `cookie`; `None` when its signature is bad, its time is malformed, or it is older than `max_age` seconds
/// (or from the future).
///
/// # Errors
/// A payload that can't be read under a good signature: `itsdangerous.BadPayload`, as Python's serializer raises it.
pub fn open<'py>(
    py: Python<'py>,
    keys: &SessionKeys,
    cookie: &str,
    max_age: Option<i64>,
) -> PyResult<Option<OpenedSession<'py>>> {
    let payload = match keys
        .signer()
        .unsign(cookie.as_bytes(), max_age, seconds_since_1970(py)?)
    {
        Ok(stamped) => stamped.value,
        Err(refused) => {
            debug_assert!(refused.refuses_signature(), "{refused}");
            return Ok(None);
        }
    };
    let json = match decode_payload(payload, DEFAULT_INFLATE_LIMIT) {
        Ok(json) => Some(json),
        Err(error @ SigningError::PayloadTooLarge { .. }) => return Err(bad_payload(py, &error)?),
        Err(_) => None,
    };
    let read = match json.as_deref().and_then(|json| loads(py, json)) {
        Some(tagged) => settle(py, super::tags::untag(tagged).map_err(Halt::Raised))?,
        None => None,
    };
    let (session, packed) = match (read, json) {
        (Some(session), Some(json)) => (session, Some(SessionMemo::new(json, payload))),
        _ => (load_with_python(py, payload)?, None),
    };
    let session = to_py_dict(session)?;
    Ok(Some(OpenedSession { session, packed }))
}

/// `session` as a cookie's text; `None` when a value needs the Python serializer. The JSON is written as the app's
/// provider is set to (`ensure_ascii`, `sort_keys`, `default`); `options` should be compact. `packed` is what came in.
///
/// # Errors
/// Only what is not an `Exception`: everything else becomes `None`, so that Python raises it again itself.
pub fn seal<'py>(
    py: Python<'py>,
    keys: &SessionKeys,
    session: &Bound<'py, PyDict>,
    packed: Option<&SessionMemo>,
    options: &DumpOptions<'_, 'py>,
) -> PyResult<Option<String>> {
    let mut writer = JsonWriter::new(py, options);
    let Some(()) = settle(py, super::tags::write_session(&mut writer, session))? else {
        return Ok(None);
    };
    let json = writer.into_bytes();
    let known = packed.and_then(|packed| packed.payload_of(&json));
    let mut text = known.map_or_else(|| encode_payload(&json), <[u8]>::to_vec);
    keys.signer().sign_in_place(&mut text, seconds_since_1970(py)?);
    Ok(Some(
        String::from_utf8(text).expect("invariant: base64 and dots are ASCII"),
    ))
}

/// `int(time.time())`, looked up each time.
fn seconds_since_1970(py: Python<'_>) -> PyResult<u64> {
    static TIME: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let module = TIME
        .get_or_try_init(py, || py.import("time").map(Bound::unbind))?
        .bind(py);
    let now: f64 = module.call_method0(intern!(py, "time"))?.extract()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast saturates: before 1970 is 1970"
    )]
    Ok(now as u64)
}

/// The slow reading: Python's own serializer on the payload, for its result or its error.
fn load_with_python<'py>(py: Python<'py>, payload: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    let tagging = py
        .import("flask.sessions")?
        .getattr(intern!(py, "session_json_serializer"))?;
    let arguments = PyDict::new(py);
    arguments.set_item(intern!(py, "serializer"), tagging)?;
    let serializer = py
        .import("itsdangerous")?
        .getattr(intern!(py, "URLSafeSerializer"))?
        .call((c"",), Some(&arguments))?;
    serializer.call_method1(intern!(py, "load_payload"), (PyBytes::new(py, payload),))
}

fn bad_payload(py: Python<'_>, error: &SigningError) -> PyResult<PyErr> {
    let kind = py.import("itsdangerous")?.getattr(intern!(py, "BadPayload"))?;
    Ok(PyErr::from_value(kind.call1((error.to_string(),))?))
}

/// What a session object would make of the loaded value: nothing of `None`, else what `dict()` makes of it.
fn to_py_dict(loaded: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyDict>> {
    if loaded.is_none() {
        return Ok(PyDict::new(loaded.py()));
    }
    match loaded.cast_into::<PyDict>() {
        Ok(dict) => Ok(dict),
        Err(other) => {
            let other = other.into_inner();
            Ok(other.py().get_type::<PyDict>().call1((other,))?.cast_into()?)
        }
    }
}
