//! The app's JSON provider, and when its text can be written and read in Rust: while it is our default one with nothing
//! replaced.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

use super::ffi;
use super::json::{self, DumpOptions};
use super::pristine::Pristine;

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
    ] {
        if own.contains(name)? {
            return Ok(false);
        }
    }
    Ok(true)
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
    let mut options = options(&provider)?;
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
