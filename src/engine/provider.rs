//! The app's JSON provider, and when its text can be written and read in Rust: while it is our default one with nothing
//! replaced.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyTuple, PyType};

use super::ffi;
use super::json::{self, DumpOptions};
use super::pristine::Pristine;
use super::response::{self, Arguments};

/// `DefaultJSONProvider` as we ship it; sealed by the first call.
pub fn sealed(py: Python<'_>) -> PyResult<&Pristine> {
    static CORE: PyOnceLock<Pristine> = PyOnceLock::new();
    CORE.get_or_try_init(py, || {
        let class = py
            .import("flask.json.provider")?
            .getattr("DefaultJSONProvider")?
            .cast_into::<PyType>()?;
        Pristine::seal(
            &class,
            &["dumps", "loads", "default", "response", "_prepare_response_obj"],
        )
    })
}

/// Whether a provider is the default one, with its own `dumps`, `loads` and `default`.
pub fn is_core(provider: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = provider.py();
    let core = sealed(py)?;
    if !core.holds(&provider.get_type()) {
        return Ok(false);
    }
    let own = ffi::instance_dict(provider)?;
    for name in [
        intern!(py, "default"),
        intern!(py, "dumps"),
        intern!(py, "loads"),
        intern!(py, "response"),
        intern!(py, "_prepare_response_obj"),
    ] {
        if own.contains(name)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The one value that the arguments of `response` stand for; None for both kinds of them at once.
fn given<'py>(args: &Bound<'py, PyTuple>, kwargs: &Bound<'py, PyDict>) -> PyResult<Option<Bound<'py, PyAny>>> {
    match (args.len(), kwargs.is_empty()) {
        (0, true) => Ok(Some(args.py().None().into_bound(args.py()))),
        (1, true) => args.get_item(0).map(Some),
        (_, true) => Ok(Some(args.clone().into_any())),
        (0, false) => Ok(Some(kwargs.clone().into_any())),
        _ => Ok(None),
    }
}

/// What `provider.response(*args, **kwargs)` gives. None when Python has to give it.
#[pyfunction]
pub fn json_response<'py>(
    provider: &Bound<'py, PyAny>,
    args: &Bound<'py, PyTuple>,
    kwargs: &Bound<'py, PyDict>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = provider.py();
    let app = provider.getattr(intern!(py, "_app"))?;
    let class = app.getattr(intern!(py, "response_class"))?;
    if !is_core(provider)? || !response::is_core(&class)? {
        return Ok(None);
    }
    let Some(value) = given(args, kwargs)? else {
        return Ok(None);
    };
    let Some(body) = write(provider, &app, &value)? else {
        return Ok(None);
    };
    let arguments = Arguments {
        response: Some(PyBytes::new(py, &body).into_any()),
        mimetype: Some(provider.getattr(intern!(py, "mimetype"))?).filter(|m| !m.is_none()),
        ..Arguments::default()
    };
    response::make(&class, &arguments)
}

/// How a default provider writes compact text, by its settings.
pub fn options<'a, 'py>(provider: &Bound<'py, PyAny>) -> PyResult<DumpOptions<'a, 'py>> {
    let py = provider.py();
    Ok(DumpOptions {
        ensure_ascii: provider.getattr(intern!(py, "ensure_ascii"))?.is_truthy()?,
        sort_keys: provider.getattr(intern!(py, "sort_keys"))?.is_truthy()?,
        ..DumpOptions::COMPACT
    })
}

/// The body of `app.json.response(value)`. None when Python has to write it, or the media type is not JSON's.
pub fn response_body(app: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    let py = app.py();
    let provider = app.getattr(intern!(py, "json"))?;
    if !is_core(&provider)? || !provider.getattr(intern!(py, "mimetype"))?.eq("application/json")? {
        return Ok(None);
    }
    write(&provider, app, value)
}

/// The text that a default provider puts into a response; None when Python has to write it.
fn write(provider: &Bound<'_, PyAny>, app: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    let py = app.py();
    let mut options = options(provider)?;
    let compact = provider.getattr(intern!(py, "compact"))?;
    let spread = if compact.is_none() {
        app.getattr(intern!(py, "debug"))?.is_truthy()?
    } else {
        !compact.is_truthy()?
    };
    if spread {
        options.compact = false;
        options.indent = Some(2);
    }
    let mut body = json::dumps_to_vec(value, &options)?;
    if let Some(text) = &mut body {
        text.push(b'\n');
    }
    Ok(body)
}
