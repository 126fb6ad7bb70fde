//! The table of everything that the engine adds to `ferroflask._core`.
//!
//! It must not know what any of it does.

use pyo3::prelude::*;

use super::{arm_guards, context_dict, escape, proxies, request_attribute};
use crate::engine::app::core::AppCore;
use crate::engine::context::app_context::AppContext;
use crate::engine::context::namespace::NamespaceBase;
use crate::engine::context::vars;
use crate::engine::form::lazy_file;
use crate::engine::interpreter::gil::require_gil;
use crate::engine::json::functions;
use crate::engine::request::base::RequestBase;
use crate::engine::request::context::RequestContext;
use crate::engine::response::{base, json, redirect, set_cookie};
use crate::engine::static_file::send_file;
use crate::engine::template::context_processors;
use crate::engine::test_client::client;
use crate::engine::test_client::request::RequestOnTouch;
use crate::engine::url_map::map::MapCore;

/// Adds the engine's classes and functions to `ferroflask._core`.
///
/// # Errors
/// `ImportError` in a Python that runs without its lock.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    require_gil(module.py())?;
    module.add_class::<AppCore>()?;
    module.add_class::<AppContext>()?;
    module.add_class::<RequestContext>()?;
    context_dict::name_classes(module.py())?;
    module.add_class::<RequestBase>()?;
    module.add_function(wrap_pyfunction!(request_attribute::add_request_attributes, module)?)?;
    module.add_class::<NamespaceBase>()?;
    module.add_class::<MapCore>()?;
    module.add_function(wrap_pyfunction!(escape::escape, module)?)?;
    module.add_function(wrap_pyfunction!(vars::context_vars, module)?)?;
    module.add_function(wrap_pyfunction!(arm_guards::arm_guards, module)?)?;
    module.add_function(wrap_pyfunction!(proxies::make_proxies, module)?)?;
    module.add_function(wrap_pyfunction!(base::fill_response, module)?)?;
    module.add_function(wrap_pyfunction!(send_file::file_response, module)?)?;
    module.add_function(wrap_pyfunction!(set_cookie::set_cookie, module)?)?;
    module.add_function(wrap_pyfunction!(redirect::redirect_response, module)?)?;
    module.add_function(wrap_pyfunction!(json::json_response, module)?)?;
    module.add_function(wrap_pyfunction!(json::jsonify, module)?)?;
    functions::register(module)?;
    lazy_file::register(module)?;
    context_processors::register(module)?;
    module.add_class::<RequestOnTouch>()?;
    module.add_function(wrap_pyfunction!(client::send_plain_request, module)?)?;
    module.add_function(wrap_pyfunction!(client::plain_environ, module)?)?;
    #[cfg(feature = "testing")]
    super::testing::register(module)?;
    Ok(())
}
