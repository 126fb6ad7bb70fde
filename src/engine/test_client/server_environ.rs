//! What an app's config says of the server that test requests are sent to, as environ entries. It must not know about
//! the request.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::ffi::gil_cell::GilCell;

type Known = ([String; 3], Py<PyDict>);

/// Environs by host, root and scheme. A process has a handful of applications.
static KNOWN: GilCell<Vec<Known>> = GilCell::new(Vec::new());

/// An environ with every key that a builder's has, in order, and the values of this app's server. None for settings
/// that are no text. Callers must not change it.
pub fn server_environ<'py>(app: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyDict>>> {
    let py = app.py();
    let config = app_attribute(app, AppAttribute::Config)?;
    let host = config.call_method1(intern!(py, "get"), (intern!(py, "SERVER_NAME"),))?;
    let root = config.get_item(intern!(py, "APPLICATION_ROOT"))?;
    let scheme = config.get_item(intern!(py, "PREFERRED_URL_SCHEME"))?;
    let host = if host.is_truthy()? {
        host
    } else {
        intern!(py, "localhost").clone().into_any()
    };
    let mut parts = Vec::with_capacity(3);
    for part in [&host, &root, &scheme] {
        let Some(text) = part.cast_exact::<PyString>().ok().and_then(|text| text.to_str().ok()) else {
            return Ok(None);
        };
        parts.push(text);
    }
    let [host, root, scheme] = parts[..] else {
        return Ok(None);
    };
    let known = KNOWN
        .look(py)
        .iter()
        .find(|([h, r, s], _)| h == host && r == root && s == scheme)
        .map(|(_, environ)| environ.bind(py).clone());
    if known.is_some() {
        return Ok(known);
    }
    let arguments = PyDict::new(py);
    arguments.set_item(
        intern!(py, "base_url"),
        format!("{scheme}://{host}/{}", root.trim_start_matches('/')),
    )?;
    let environ = py
        .import(intern!(py, "werkzeug.test"))?
        .getattr(intern!(py, "EnvironBuilder"))?
        .call((), Some(&arguments))?
        .call_method0(intern!(py, "get_environ"))?
        .cast_into::<PyDict>()?;
    let mut all = KNOWN.look(py);
    // A program that keeps changing its config must not fill the memory.
    let oldest = (all.len() == 32).then(|| all.remove(0));
    all.push((
        [host.to_owned(), root.to_owned(), scheme.to_owned()],
        environ.clone().unbind(),
    ));
    drop(all);
    // After the look, since that may run Python.
    drop(oldest);
    Ok(Some(environ))
}
