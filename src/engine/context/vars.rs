//! The two context variables everything hangs on: the current application context and the current request context.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::engine::ffi::contextvar::ContextVar;

static APP: PyOnceLock<ContextVar> = PyOnceLock::new();
static REQUEST: PyOnceLock<ContextVar> = PyOnceLock::new();

/// `flask.globals._cv_app`.
pub fn cv_app(py: Python<'_>) -> &'static ContextVar {
    APP.get_or_init(py, || {
        ContextVar::new(py, c"flask.app_ctx").expect("invariant: a context variable can be made")
    })
}

/// `flask.globals._cv_request`.
pub fn cv_request(py: Python<'_>) -> &'static ContextVar {
    REQUEST.get_or_init(py, || {
        ContextVar::new(py, c"flask.request_ctx").expect("invariant: a context variable can be made")
    })
}

/// `(_cv_app, _cv_request)`, for `flask.globals`.
#[pyfunction]
pub fn context_vars(py: Python<'_>) -> (Py<PyAny>, Py<PyAny>) {
    (cv_app(py).object(py), cv_request(py).object(py))
}

/// The error for work outside of a context, with the text that `flask.globals` has under this name.
pub fn outside_of_context(py: Python<'_>, text: &str) -> PyErr {
    let text = py
        .import("flask.globals")
        .and_then(|module| module.getattr(text))
        .map(|text| text.to_string());
    PyRuntimeError::new_err(text.unwrap_or_else(|_| "Working outside of context.".to_owned()))
}
