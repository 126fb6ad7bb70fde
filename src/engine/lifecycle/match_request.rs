//! Matching a request's URL, and which of three ways to do it: natively over our map, through the app's own adapter
//! when it has its say (hosts, subdomains, an overridden `create_url_adapter`), or not at all when the adapter could
//! not be made.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::request::context::RequestContext;
use crate::engine::request::native_routing::{default_subdomain, is_http_exception};
use crate::engine::request::state::RequestState;
use crate::engine::url_map::{self, Match};
use crate::routing::Query;

/// Matches the URL of a bound context. What matching raises is kept for the dispatch step, as stock keeps it.
pub fn match_request(context: &Bound<'_, RequestContext>) -> PyResult<()> {
    let py = context.py();
    let this = context.get();
    if this.routes_natively(py) && match_natively(context)? {
        return Ok(());
    }
    match this
        .adapter(py)?
        .call_method(intern!(py, "match"), (), Some(&return_rule(py)?))
    {
        Ok(matched) => {
            let (rule, view_args): (Py<PyAny>, Py<PyAny>) = matched.extract()?;
            this.set_match(py, rule, view_args)
        }
        Err(error) if is_http_exception(py, &error)? => this.set_routing_exception(py, error.into_value(py).into_any()),
        Err(error) => Err(error),
    }
}

fn return_rule(py: Python<'_>) -> PyResult<Bound<'_, pyo3::types::PyDict>> {
    let arguments = pyo3::types::PyDict::new(py);
    arguments.set_item(intern!(py, "return_rule"), true)?;
    Ok(arguments)
}

/// The text of a subdomain; empty without one.
pub fn text_of<'a>(subdomain: Option<&'a Bound<'_, PyString>>) -> PyResult<&'a str> {
    subdomain.map_or(Ok(""), |text| text.to_str())
}

fn query_of<'a>(state: &'a RequestState, domain: &'a str) -> Query<'a> {
    Query {
        domain,
        path: &state.head.path,
        method: &state.head.method,
        websocket: false,
    }
}

/// Asks the Rust matcher; false when only the adapter can answer (redirects, and what Rust is not sure of).
fn match_natively(context: &Bound<'_, RequestContext>) -> PyResult<bool> {
    let py = context.py();
    let this = context.get();
    let map = app_attribute(this.app(py), AppAttribute::UrlMap)?;
    let subdomain = default_subdomain(&map)?;
    let query = query_of(&this.state, text_of(subdomain.as_ref())?);
    let refused = match url_map::match_path(&map, query, this.state.peeked())? {
        Match::Found { rule, view_args } => {
            this.set_match(py, rule.unbind(), view_args.into_any().unbind())?;
            return Ok(true);
        }
        Match::NotFound => url_map::not_found(py),
        Match::MethodNotAllowed { allowed } => url_map::method_not_allowed(py, allowed.bind(py)),
        Match::WebsocketMismatch => url_map::websocket_mismatch(py),
        Match::Redirect { .. } | Match::Unsure => return Ok(false),
    };
    this.set_routing_exception(py, refused.into_value(py).into_any())?;
    Ok(true)
}
