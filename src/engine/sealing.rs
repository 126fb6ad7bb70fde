//! Seals the classes whose work the core can do natively, as the last step of importing `flask`: whatever a program changes on them
//! afterwards, before or after its first request, is then seen as a change.

use pyo3::prelude::*;

use super::{config, default_session, http_error, open_file, provider, request_class, response, static_file, url_map};

/// Remembers the classes as they are now.
#[pyfunction]
pub fn seal_core_classes(py: Python<'_>) -> PyResult<()> {
    request_class::sealed(py)?;
    request_class::sealed_attributes(py)?;
    response::sealed(py)?;
    response::sealed_headers(py)?;
    http_error::sealed(py)?;
    provider::sealed(py)?;
    config::sealed(py)?;
    config::sealed_attribute(py)?;
    default_session::sealed(py)?;
    static_file::sealed(py)?;
    open_file::seal(py)?;
    url_map::seal(py)?;
    Ok(())
}
