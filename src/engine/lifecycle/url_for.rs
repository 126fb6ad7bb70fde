//! `url_for` inside a request, for the plain case: a path on the same site, built over our own map without making a URL
//! adapter.

use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::match_request;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::request::context::RequestContext;
use crate::engine::request::native_routing;
use crate::engine::url_map::{self, BuildRequest};
use crate::routing::{BuildScope, Wanted};
use crate::text::same::same;

/// The URL, or None when the adapter has to build it: no request, other host rules, URL defaults, another subdomain,
/// nothing that fits.
pub fn build(
    app: &Bound<'_, PyAny>,
    endpoint: &Bound<'_, PyAny>,
    values: &Bound<'_, PyDict>,
    method: Option<&str>,
) -> PyResult<Option<String>> {
    let py = app.py();
    let Some(context) = RequestContext::current(py)? else {
        return Ok(None);
    };
    let this = context.get();
    if !this.app(py).is(app) || !this.routes_natively(py) {
        return Ok(None);
    }
    if app_attribute(app, AppAttribute::UrlDefaultFunctions)?.is_truthy()? {
        return Ok(None);
    }
    let Some(endpoint) = absolute_endpoint(&context, endpoint)? else {
        return Ok(None);
    };
    let map = app_attribute(app, AppAttribute::UrlMap)?;
    let request = BuildRequest {
        endpoint: &endpoint,
        values,
        method,
        append_unknown: true,
    };
    let head = &this.state.head;
    let Some(built) = url_map::build(&map, &request, &head.method, None)? else {
        return Ok(None);
    };
    let subdomain = native_routing::default_subdomain(&map)?;
    let subdomain = match_request::text_of(subdomain.as_ref())?;
    if built.websocket || !same(&built.domain, subdomain) {
        return Ok(None);
    }
    let script_name = format!("{}/", head.root_path);
    let site = BuildScope {
        server_name: "",
        script_name: &script_name,
        subdomain: Some(subdomain),
        url_scheme: &head.scheme,
        host_matching: false,
    };
    Ok(Some(site.url(built, Wanted::default())))
}

/// An endpoint that starts with a dot belongs to the blueprint that serves the request. None for what is no text.
fn absolute_endpoint<'py>(
    context: &Bound<'py, RequestContext>,
    endpoint: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = context.py();
    let Ok(text) = endpoint.extract::<&str>() else {
        return Ok(None);
    };
    let Some(rest) = text.strip_prefix('.') else {
        return Ok(Some(endpoint.clone()));
    };
    let absolute = match context.get().blueprints(py)?.first() {
        Some(blueprint) => format!("{blueprint}.{rest}"),
        None => rest.to_owned(),
    };
    Ok(Some(absolute.into_pyobject(py)?.into_any()))
}
