//! `_core.json_dumps` and `_core.json_loads`: the native halves of the default JSON provider.
//!
//! Both either give exactly what Python's `json` gives or decline (`None` in Rust, `NotImplemented` in Python).
//! Declining is never an error: the caller then runs `json` itself, which serves the rare case or raises the message
//! users know. Nothing here knows about requests, responses or apps.

use jiter::{PythonParse, StringCacheMode};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyNotImplemented, PyString};

use super::writer::{DumpOptions, Halt, JsonWriter};

/// `obj` as `json.dumps` with flask's `default` would write it, in UTF-8; `None` when Python has to do it.
///
/// # Errors
/// Only what is not an `Exception` (`KeyboardInterrupt`, `SystemExit`): everything else becomes `None`, so that Python
/// raises it again itself.
pub fn dumps_to_vec(obj: &Bound<'_, PyAny>, options: &DumpOptions<'_, '_>) -> PyResult<Option<Vec<u8>>> {
    let mut writer = JsonWriter::new(obj.py(), options);
    let written = writer.value(obj);
    settle(obj.py(), written.map(|()| writer.into_bytes()))
}

/// The value that `json.loads(text)` gives; `None` when Python has to do it: for what is no JSON, lone surrogates, a
/// byte order mark, more than 200 levels, integers past 64 bits.
pub fn loads<'py>(py: Python<'py>, text: &[u8]) -> Option<Bound<'py, PyAny>> {
    let reader = PythonParse {
        allow_inf_nan: true,
        // The same few keys arrive again and again; values are new objects, as Python's are.
        cache_mode: StringCacheMode::Keys,
        ..PythonParse::default()
    };
    reader.python_parse(py, text).ok()
}

/// Turns a halt into "not served", unless it is one of the exceptions that mean "stop now".
pub fn settle<T>(py: Python<'_>, outcome: Result<T, Halt>) -> PyResult<Option<T>> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Halt::Raised(error)) if !error.is_instance_of::<PyException>(py) => Err(error),
        Err(_) => Ok(None),
    }
}

/// `json.dumps(obj, ensure_ascii=…, sort_keys=…, …)`, or `NotImplemented`.
///
/// `compact` means separators without blanks, `indent` is the number of blanks per level, `default` replaces flask's
/// own.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "they are Python's keyword arguments")]
#[pyo3(signature = (obj, ensure_ascii, sort_keys, compact, indent=None, default=None))]
fn json_dumps<'py>(
    obj: &Bound<'py, PyAny>,
    ensure_ascii: bool,
    sort_keys: bool,
    compact: bool,
    indent: Option<usize>,
    default: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = obj.py();
    let options = DumpOptions {
        ensure_ascii,
        sort_keys,
        compact,
        indent,
        default,
    };
    match dumps_to_vec(obj, &options)? {
        Some(text) => Ok(PyString::from_bytes(py, &text)?.into_any()),
        None => Ok(PyNotImplemented::get(py).to_owned().into_any()),
    }
}

/// `json.loads(data)` for `str` and `bytes`, or `NotImplemented`.
#[pyfunction]
fn json_loads<'py>(data: &Bound<'py, PyAny>) -> Bound<'py, PyAny> {
    let py = data.py();
    let text = match (data.cast::<PyBytes>(), data.cast::<PyString>()) {
        (Ok(bytes), _) => Some(bytes.as_bytes()),
        (_, Ok(text)) => text.to_str().ok().map(str::as_bytes),
        _ => None,
    };
    let value = text.and_then(|text| loads(py, text));
    value.unwrap_or_else(|| PyNotImplemented::get(py).to_owned().into_any())
}

/// Adds the two functions to the extension module.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(json_dumps, module)?)?;
    module.add_function(wrap_pyfunction!(json_loads, module)?)
}
