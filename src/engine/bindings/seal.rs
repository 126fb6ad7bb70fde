//! Seals the classes whose work the core can do natively, as the last step of importing `flask`: whatever a program changes on them
//! afterwards, before or after its first request, is then seen as a change.

use pyo3::prelude::*;

use crate::engine::app::config;
use crate::engine::gateway::open_file;
use crate::engine::json::provider;
use crate::engine::response::http_error;
use crate::engine::session::default;
use crate::engine::{request, response, static_file, url_map};

/// Remembers the classes as they are now.
#[pyfunction]
pub fn seal_core_classes(py: Python<'_>) -> PyResult<()> {
    request::sealed(py)?;
    request::sealed_attributes(py)?;
    response::sealed(py)?;
    response::sealed_headers(py)?;
    http_error::sealed(py)?;
    provider::sealed(py)?;
    config::sealed(py)?;
    config::sealed_attribute(py)?;
    default::sealed(py)?;
    static_file::sealed(py)?;
    open_file::seal(py)?;
    url_map::seal(py)?;
    Ok(())
}
