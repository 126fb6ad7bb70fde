//! The attributes of a request that Werkzeug's `__init__` sets, and those that matching sets.
//!
//! Names and order alone; it must not know where the values are.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::state::RequestState;
use crate::engine::interpreter::gil_slot::GilSlot;

/// What Werkzeug's `__init__` sets, in its order, and the JSON module that the context sets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Initial {
    Method,
    Scheme,
    Server,
    RootPath,
    Path,
    QueryString,
    Headers,
    RemoteAddr,
    Environ,
    Shallow,
    JsonModule,
}

impl Initial {
    pub const ALL: [Self; 11] = [
        Self::Method,
        Self::Scheme,
        Self::Server,
        Self::RootPath,
        Self::Path,
        Self::QueryString,
        Self::Headers,
        Self::RemoteAddr,
        Self::Environ,
        Self::Shallow,
        Self::JsonModule,
    ];

    pub fn name(self, py: Python<'_>) -> &Bound<'_, PyString> {
        match self {
            Self::Method => intern!(py, "method"),
            Self::Scheme => intern!(py, "scheme"),
            Self::Server => intern!(py, "server"),
            Self::RootPath => intern!(py, "root_path"),
            Self::Path => intern!(py, "path"),
            Self::QueryString => intern!(py, "query_string"),
            Self::Headers => intern!(py, "headers"),
            Self::RemoteAddr => intern!(py, "remote_addr"),
            Self::Environ => intern!(py, "environ"),
            Self::Shallow => intern!(py, "shallow"),
            Self::JsonModule => intern!(py, "json_module"),
        }
    }

    /// Whether what the core parses depends on it.
    pub fn is_parsed(self) -> bool {
        matches!(self, Self::QueryString | Self::Headers | Self::Environ | Self::Shallow)
    }
}

/// What matching a URL sets.
#[derive(Clone, Copy)]
pub enum Matched {
    UrlRule,
    ViewArgs,
    RoutingException,
}

impl Matched {
    pub const ALL: [Self; 3] = [Self::UrlRule, Self::ViewArgs, Self::RoutingException];

    pub fn name(self, py: Python<'_>) -> &Bound<'_, PyString> {
        match self {
            Self::UrlRule => intern!(py, "url_rule"),
            Self::ViewArgs => intern!(py, "view_args"),
            Self::RoutingException => intern!(py, "routing_exception"),
        }
    }

    pub fn slot(self, state: &RequestState) -> &GilSlot {
        match self {
            Self::UrlRule => &state.url_rule,
            Self::ViewArgs => &state.view_args,
            Self::RoutingException => &state.routing_exception,
        }
    }
}
