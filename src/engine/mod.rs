//! The engine: one request from the door to the answer, one file per step. This is the only layer that knows Python
//! objects; the server above it sees `door` and `exchange` alone.

mod answer;
mod app;
mod attached;
mod by_class;
mod config;
mod context;
mod default_session;
mod dispatch;
pub mod door;
mod environ;
mod escape;
pub mod exchange;
mod ffi;
mod form;
mod given;
mod globals;
mod hooks;
mod http_error;
mod input;
mod json;
mod members;
mod mro;
mod named;
mod namespace;
mod open_file;
mod outlook;
mod overrides;
mod parsers;
mod plain;
mod plain_function;
mod pristine;
mod provider;
mod proxies;
mod proxy_fix;
mod ready;
mod receivers;
mod redirecting;
mod relative_url;
mod request;
mod request_attribute;
mod request_class;
mod request_values;
mod response;
mod return_value;
mod routes;
mod sealing;
mod sent;
mod serve;
mod session;
mod session_cookie;

mod response_cookie;
mod signals;
mod slot;
mod state;
mod static_file;
mod teardown;
mod template;
mod test_client;
mod truth;
mod unseen;
mod url_map;
mod wire;
mod wsgi;

use pyo3::prelude::*;

/// Adds the engine's classes and functions to `ferroflask._core`.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<app::AppCore>()?;
    module.add_class::<context::AppContext>()?;
    module.add_class::<context::RequestContext>()?;
    context::name_classes(module.py())?;
    module.add_class::<request::RequestBase>()?;
    module.add_function(wrap_pyfunction!(request_attribute::add_request_attributes, module)?)?;
    module.add_class::<namespace::NamespaceBase>()?;
    module.add_class::<url_map::MapCore>()?;
    module.add_function(wrap_pyfunction!(escape::escape, module)?)?;
    module.add_function(wrap_pyfunction!(globals::context_vars, module)?)?;
    module.add_function(wrap_pyfunction!(overrides::seal_core_steps, module)?)?;
    module.add_function(wrap_pyfunction!(sealing::seal_core_classes, module)?)?;
    module.add_function(wrap_pyfunction!(proxies::make_proxies, module)?)?;
    module.add_function(wrap_pyfunction!(response::fill_response, module)?)?;
    module.add_function(wrap_pyfunction!(static_file::file_response, module)?)?;
    module.add_function(wrap_pyfunction!(response_cookie::set_cookie, module)?)?;
    module.add_function(wrap_pyfunction!(redirecting::redirect_response, module)?)?;
    module.add_function(wrap_pyfunction!(provider::json_response, module)?)?;
    module.add_function(wrap_pyfunction!(provider::jsonify, module)?)?;
    json::register(module)?;
    parsers::register(module)?;
    session_cookie::register(module)?;
    template::register(module)?;
    test_client::register(module)?;
    Ok(())
}
