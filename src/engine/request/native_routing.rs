//! Whether a request's URL may be matched and built without a URL adapter.
//!
//! It must not know the matcher.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyString, PyType};

use crate::engine::app::config::Config;
use crate::engine::app::lookup::{app_attribute, is_overridden};
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::app::steps::Step;
use crate::engine::request::state::RequestState;
use crate::engine::url_map::map::MapCore;

static HTTP_EXCEPTION: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// Whether an error is one of `werkzeug.exceptions`.
pub fn is_http_exception(py: Python<'_>, error: &PyErr) -> PyResult<bool> {
    let kind = HTTP_EXCEPTION.import(py, "werkzeug.exceptions", "HTTPException")?;
    Ok(error.is_instance(py, kind))
}

/// Whether matching needs nothing but path and method: our own map, no host or subdomain rules, no host check asked
/// for or needed, a path, and no other protocol.
pub fn is_native(app: &Bound<'_, PyAny>, state: &RequestState) -> PyResult<bool> {
    let py = app.py();
    if state.head.is_pathless || matches!(&*state.head.scheme, "ws" | "wss") || !state.has_plain_host(py)? {
        return Ok(false);
    }
    if is_overridden(app, Step::CreateUrlAdapter)? || !is_own_map(&app_attribute(app, AppAttribute::UrlMap)?)? {
        return Ok(false);
    }
    if app_attribute(app, AppAttribute::SubdomainMatching)?.is_truthy()? {
        return Ok(false);
    }
    let trusted = Config::of(app)?.get_item(intern!(py, "TRUSTED_HOSTS"))?;
    Ok(trusted.is_none() && !state.wants_websocket(py)?)
}

/// Whether a map is exactly our class, without host matching.
fn is_own_map(map: &Bound<'_, PyAny>) -> PyResult<bool> {
    static OWN: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = map.py();
    let own = OWN.import(py, "ferroflask.url_map.map", "UrlMap")?;
    Ok(map.is_instance_of::<MapCore>()
        && map.get_type().is(own)
        && !map.getattr(intern!(py, "host_matching"))?.is_truthy()?)
}

/// The subdomain that rules without one have.
pub fn default_subdomain<'py>(map: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyString>>> {
    map.getattr(intern!(map.py(), "default_subdomain"))?
        .extract()
        .map_err(Into::into)
}
