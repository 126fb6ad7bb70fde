//! `url_for` inside a request, for the plain case: a path on the same site, built over our own map without making a URL
//! adapter.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::match_request;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::request::context::RequestContext;
use crate::engine::request::native_routing;
use crate::engine::url_map::{self, BuildRequest};
use crate::routing::{BuildScope, Wanted};
use crate::text::percent::{SafeSet, quote};
use crate::text::same::same;

/// What stays readable in an anchor.
const SAFE_IN_ANCHOR: SafeSet = SafeSet::with(b"%!#$&'()*+,/:;=?@");

/// The keyword arguments of `url_for` that are no values; None in Python is None here.
pub struct UrlOptions<'py> {
    pub anchor: Option<Bound<'py, PyAny>>,
    pub method: Option<Bound<'py, PyAny>>,
    pub scheme: Option<Bound<'py, PyAny>>,
    pub external: Option<Bound<'py, PyAny>>,
}

/// The core's own `url_for`: here in the plain case, else by the URL adapter.
pub fn url_for<'py>(
    app: &Bound<'py, PyAny>,
    endpoint: &Bound<'py, PyAny>,
    values: &Bound<'py, PyDict>,
    options: UrlOptions<'py>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    if let Some(url) = plain(app, endpoint, values, &options)? {
        return Ok(PyString::new(py, &url).into_any());
    }
    let UrlOptions {
        anchor,
        method,
        scheme,
        external,
    } = options;
    app.call_method1(
        intern!(py, "_url_by_adapter"),
        (endpoint, values, anchor, method, scheme, external),
    )
}

/// The URL relative to the host, if nothing else is wanted and method and anchor are texts.
fn plain<'py>(
    app: &Bound<'py, PyAny>,
    endpoint: &Bound<'py, PyAny>,
    values: &Bound<'py, PyDict>,
    options: &UrlOptions<'py>,
) -> PyResult<Option<String>> {
    let wants_host = |external: &Bound<'py, PyAny>| external.is_truthy().unwrap_or(true);
    if options.scheme.is_some() || options.external.as_ref().is_some_and(wants_host) {
        return Ok(None);
    }
    let (Ok(method), Ok(anchor)) = (text(options.method.as_ref()), text(options.anchor.as_ref())) else {
        return Ok(None);
    };
    let Some(mut url) = build(app, endpoint, values, method)? else {
        return Ok(None);
    };
    if let Some(anchor) = anchor {
        url.push('#');
        url.push_str(&quote(anchor, &SAFE_IN_ANCHOR));
    }
    Ok(Some(url))
}

/// The text of an option that was given.
fn text<'a>(given: Option<&'a Bound<'_, PyAny>>) -> PyResult<Option<&'a str>> {
    given.map(|given| given.cast::<PyString>()?.to_str()).transpose()
}

/// The URL, or None when the adapter has to build it: no request, other host rules, URL defaults, another subdomain,
/// nothing that fits.
fn build(
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
