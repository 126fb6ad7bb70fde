//! Flask's signals, sent as stock sends them, and not even prepared when nobody is connected.

use pyo3::exceptions::PyAttributeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString};

use super::receivers;

/// The names of `flask.signals`, live: half the price of asking the module.
static NAMES: PyOnceLock<Py<PyDict>> = PyOnceLock::new();

/// Sends `flask.signals.<name>` for the app, with one extra argument when given, if anybody listens.
pub fn send(
    app: &Bound<'_, PyAny>,
    name: &Bound<'_, PyString>,
    extra: Option<(&str, &Bound<'_, PyAny>)>,
) -> PyResult<()> {
    let Some(signal) = connected(app.py(), name)? else {
        return Ok(());
    };
    if receivers::send(&signal, app, extra)? {
        return Ok(());
    }
    let arguments = PyDict::new(app.py());
    arguments.set_item(
        intern!(app.py(), "_async_wrapper"),
        app.getattr(intern!(app.py(), "ensure_sync"))?,
    )?;
    if let Some((key, value)) = extra {
        arguments.set_item(key, value)?;
    }
    signal.call_method(intern!(app.py(), "send"), (app,), Some(&arguments))?;
    Ok(())
}

/// Whether the app's own signal of that name reaches anybody.
pub fn is_awaited(app: &Bound<'_, PyAny>, name: &Bound<'_, PyString>) -> PyResult<bool> {
    connected(app.py(), name)?.map_or(Ok(false), |signal| receivers::has_any_for(&signal, app))
}

/// The signal if it has a receiver.
fn connected<'py>(py: Python<'py>, name: &Bound<'py, PyString>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let names = NAMES.get_or_try_init(py, || py.import("flask.signals").map(|module| module.dict().unbind()))?;
    let Some(signal) = names.bind(py).get_item(name)? else {
        return Err(PyAttributeError::new_err(format!("flask.signals has no {name}")));
    };
    Ok(signal.getattr(intern!(py, "receivers"))?.is_truthy()?.then_some(signal))
}
