//! The one entry by which Python arms the guards: each of our modules does it as the last step of its import, so that
//! whatever a program changes afterwards, before or after its first request, is seen as a change.
//!
//! It must not know what is guarded.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::engine::app::{config, steps};
use crate::engine::gateway::open_file;
use crate::engine::json::provider;
use crate::engine::request::class;
use crate::engine::response::{base, http_error, save_session};
use crate::engine::session::default;
use crate::engine::{static_file, template, test_client, url_map};

/// Arms the guards of what a module has just defined or imported.
///
/// # Errors
/// `ValueError` for a module that has none.
#[pyfunction]
pub fn arm_guards(py: Python<'_>, module: &str) -> PyResult<()> {
    match module {
        "flask.app" => steps::arm_guards(py),
        "flask" => arm_core(py),
        "flask._jinja" => {
            template::guards::arm_guards(py)?;
            template::program::kit::Kit::arm_guards(py)
        }
        "flask.testing" => test_client::guards::arm_guards(py),
        _ => Err(PyValueError::new_err(format!("{module} has no guards"))),
    }
}

/// The guards over classes that a request meets.
fn arm_core(py: Python<'_>) -> PyResult<()> {
    class::guard(py)?;
    class::subclass_guards(py)?;
    base::guard(py)?;
    base::headers_guard(py)?;
    http_error::guards(py)?;
    save_session::guards(py)?;
    provider::guard(py)?;
    config::guard(py)?;
    config::attribute_guard(py)?;
    default::guards(py)?;
    static_file::guards::guards(py)?;
    open_file::arm_guards(py)?;
    url_map::arm_guards(py)
}
