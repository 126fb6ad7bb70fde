//! The tags by which a session keeps what JSON has no form for: `{" t": […]}` is a tuple, and so on for bytes,
//! Markup, UUID and datetime.
//!
//! A dict that happens to look like a tag is itself tagged ` di`, with `__` put behind its key. Checks run in stock's
//! order; subclasses that stock would read through their own methods are left to it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBytes, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};

use crate::engine::json::{Halt, JsonWriter, Replacement, Written, html_text, http_date_of, uuid};

const TAGS: [&str; 6] = [" t", " b", " m", " u", " d", " di"];

/// Writes the session's own dict; what class it is of doesn't matter, only what it holds.
pub fn write_session<'py>(writer: &mut JsonWriter<'_, 'py>, session: &Bound<'py, PyDict>) -> Written {
    if session.is_exact_instance_of::<PyDict>() {
        return write_dict(writer, session);
    }
    write_dict(writer, &session.copy()?)
}

fn write<'py>(writer: &mut JsonWriter<'_, 'py>, obj: &Bound<'py, PyAny>) -> Written {
    if let Ok(text) = obj.cast_exact::<PyString>() {
        writer.text(text.to_str()?);
        Ok(())
    } else if obj.is_exact_instance_of::<PyInt>()
        || obj.is_exact_instance_of::<PyBool>()
        || obj.is_exact_instance_of::<PyFloat>()
        || obj.is_none()
    {
        writer.value(obj)
    } else if let Ok(dict) = obj.cast_exact::<PyDict>() {
        write_dict(writer, dict)
    } else if let Ok(tuple) = obj.cast_exact::<PyTuple>() {
        wrapped(writer, " t", |writer| writer.items(tuple.iter(), write))
    } else if let Ok(list) = obj.cast_exact::<PyList>() {
        writer.items(list.iter(), write)
    } else if obj.is_instance_of::<PyDict>() || obj.is_instance_of::<PyTuple>() || obj.is_instance_of::<PyList>() {
        Err(Halt::Unserved)
    } else if let Ok(bytes) = obj.cast::<PyBytes>() {
        wrapped_text(writer, " b", &STANDARD.encode(bytes.as_bytes()))
    } else {
        write_other(writer, obj)
    }
}

fn write_dict<'py>(writer: &mut JsonWriter<'_, 'py>, dict: &Bound<'py, PyDict>) -> Written {
    let Some((tag, value)) = looks_like_tag(dict) else {
        return writer.dict(dict, write);
    };
    writer.raw(b"{\" di\":{\"");
    writer.raw(tag.as_bytes());
    writer.raw(b"__\":");
    write(writer, &value)?;
    writer.raw(b"}}");
    Ok(())
}

/// The tag that is the only key of `dict`, and the value under it.
#[inline(never)]
fn looks_like_tag<'py>(dict: &Bound<'py, PyDict>) -> Option<(&'static str, Bound<'py, PyAny>)> {
    if dict.len() != 1 {
        return None;
    }
    let (key, value) = dict.iter().next()?;
    let key = key.cast::<PyString>().ok()?.to_str().ok()?;
    TAGS.into_iter().find(|tag| *tag == key).map(|tag| (tag, value))
}

/// Objects with `__html__` before UUIDs and datetimes; what no tag is for goes to JSON as it is.
#[inline(never)]
fn write_other<'py>(writer: &mut JsonWriter<'_, 'py>, obj: &Bound<'py, PyAny>) -> Written {
    let py = obj.py();
    if let Some(method) = obj
        .getattr_opt(intern!(py, "__html__"))?
        .filter(PyAnyMethods::is_callable)
    {
        return wrapped_text(writer, " m", html_text(&method)?.to_str()?);
    }
    if obj.is_instance(uuid(py)?)? {
        let hex = obj.getattr(intern!(py, "hex"))?;
        return wrapped(writer, " u", |writer| writer.value(&hex));
    }
    if obj.is_instance_of::<PyDateTime>() {
        return match http_date_of(obj.cast::<PyDate>().map_err(PyErr::from)?)? {
            Replacement::Text(text) => wrapped_text(writer, " d", &text),
            Replacement::Object(object) => wrapped(writer, " d", |writer| writer.value(&object)),
        };
    }
    writer.value(obj)
}

fn wrapped<'a, 'py>(
    writer: &mut JsonWriter<'a, 'py>,
    tag: &str,
    inside: impl FnOnce(&mut JsonWriter<'a, 'py>) -> Written,
) -> Written {
    writer.raw(b"{\"");
    writer.raw(tag.as_bytes());
    writer.raw(b"\":");
    inside(writer)?;
    writer.raw(b"}");
    Ok(())
}

fn wrapped_text(writer: &mut JsonWriter<'_, '_>, tag: &str, text: &str) -> Written {
    wrapped(writer, tag, |writer| {
        writer.text(text);
        Ok(())
    })
}

/// What a payload stands for, which is nobody else's yet: its dicts and lists are changed in place, the innermost
/// first. An error means "let Python read the whole payload", which then raises its own.
pub fn untag(value: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyAny>> {
    let value = match value.cast_into_exact::<PyDict>() {
        Ok(dict) => {
            for (key, member) in dict.iter() {
                if is_container(&member) {
                    dict.set_item(key, untag(member)?)?;
                }
            }
            return untag_dict(dict);
        }
        Err(other) => other.into_inner(),
    };
    if let Ok(list) = value.cast_exact::<PyList>() {
        for at in 0..list.len() {
            let item = list.get_item(at)?;
            if is_container(&item) {
                list.set_item(at, untag(item)?)?;
            }
        }
    }
    Ok(value)
}

fn is_container(value: &Bound<'_, PyAny>) -> bool {
    value.is_exact_instance_of::<PyDict>() || value.is_exact_instance_of::<PyList>()
}

/// What a dict stands for, whose member has been untagged.
fn untag_dict(dict: Bound<'_, PyDict>) -> PyResult<Bound<'_, PyAny>> {
    let py = dict.py();
    if dict.len() != 1 {
        return Ok(dict.into_any());
    }
    let Some((key, value)) = dict.iter().next() else {
        return Ok(dict.into_any());
    };
    match key.cast::<PyString>().map_err(PyErr::from)?.to_str()? {
        " t" => Ok(value.cast::<PyList>().map_err(PyErr::from)?.to_tuple().into_any()),
        " b" => {
            let bytes = STANDARD.decode(value.cast::<PyString>().map_err(PyErr::from)?.to_str()?);
            Ok(PyBytes::new(py, &bytes.map_err(|error| PyValueError::new_err(error.to_string()))?).into_any())
        }
        " m" => {
            static MARKUP: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
            MARKUP.import(py, "markupsafe", "Markup")?.call1((value,))
        }
        " u" => uuid(py)?.call1((value,)),
        " d" => {
            static PARSE_DATE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
            PARSE_DATE.import(py, "werkzeug.http", "parse_date")?.call1((value,))
        }
        " di" => unescape(&value),
        _ => Ok(dict.clone().into_any()),
    }
}

/// Takes the `__` off the key again.
fn unescape<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let inner = value.cast::<PyDict>().map_err(PyErr::from)?;
    let (key, member) = inner
        .iter()
        .next()
        .ok_or_else(|| PyValueError::new_err("an empty dict has no key"))?;
    let key = key.cast::<PyString>().map_err(PyErr::from)?.to_str()?;
    let kept = key.char_indices().rev().nth(1).map_or("", |(end, _)| &key[..end]);
    let dict = PyDict::new(value.py());
    dict.set_item(kept, member)?;
    Ok(dict.into_any())
}
