//! The body of a plain test request: JSON, a form of texts and numbers, text or bytes.

use bytes::Bytes;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyInt, PyList, PyString};

use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::text::percent::{SafeSet, quote_plus_into};

/// A body and the content type that its kind has; None where nothing decides one.
pub struct Body {
    pub bytes: Bytes,
    pub content_type: Option<&'static str>,
    /// Whether there is a stream: an empty form or text has none.
    pub is_given: bool,
}

/// The body for the arguments `json` and `data`; None if only the builder can make it, or has to refuse it.
pub fn from_arguments(
    app: &Bound<'_, PyAny>,
    json: Option<&Bound<'_, PyAny>>,
    data: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<Body>> {
    let py = app.py();
    let Some(data) = data else {
        let Some(json) = json else {
            return Ok(Some(Body {
                bytes: Bytes::new(),
                content_type: None,
                is_given: false,
            }));
        };
        let text = app_attribute(app, AppAttribute::Json)?.call_method1(intern!(py, "dumps"), (json,))?;
        let text = text.cast_exact::<PyString>().ok().and_then(|text| text.to_str().ok());
        return Ok(text.filter(|text| !text.is_empty()).map(|text| Body {
            bytes: Bytes::copy_from_slice(text.as_bytes()),
            content_type: Some("application/json"),
            is_given: true,
        }));
    };
    Ok(if json.is_some() { None } else { from_data(data) })
}

fn from_data(data: &Bound<'_, PyAny>) -> Option<Body> {
    let bytes = if let Ok(bytes) = data.cast_exact::<PyBytes>() {
        Bytes::copy_from_slice(bytes.as_bytes())
    } else if let Ok(text) = data.cast_exact::<PyString>() {
        Bytes::copy_from_slice(text.to_str().ok()?.as_bytes())
    } else {
        let form = data.cast_exact::<PyDict>().ok()?;
        return Some(Body {
            bytes: urlencoded(form)?.into(),
            content_type: (!form.is_empty()).then_some("application/x-www-form-urlencoded"),
            is_given: !form.is_empty(),
        });
    };
    let is_given = !bytes.is_empty();
    Some(Body {
        bytes,
        content_type: None,
        is_given,
    })
}

/// Names and values as a form or a query; None for values other than text, numbers and lists of them.
pub fn urlencoded(form: &Bound<'_, PyDict>) -> Option<String> {
    let mut written = String::new();
    for (name, value) in form.iter() {
        let name = name.cast_exact::<PyString>().ok()?;
        let name = name.to_str().ok()?;
        if let Ok(values) = value.cast_exact::<PyList>() {
            for value in values.iter() {
                pair(&mut written, name, &value)?;
            }
        } else {
            pair(&mut written, name, &value)?;
        }
    }
    Some(written)
}

fn pair(written: &mut String, name: &str, value: &Bound<'_, PyAny>) -> Option<()> {
    let text = if value.is_exact_instance_of::<PyInt>() {
        value.str().ok()?
    } else {
        value.cast_exact::<PyString>().ok()?.clone()
    };
    if !written.is_empty() {
        written.push('&');
    }
    quote_plus_into(name.as_bytes(), &SafeSet::URL_QUERY, written);
    written.push('=');
    quote_plus_into(text.to_str().ok()?.as_bytes(), &SafeSet::URL_QUERY, written);
    Some(())
}
