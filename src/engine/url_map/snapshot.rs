//! The compiled url map: the matcher over rule ids and, beside it, the Python objects those ids stand for.
//!
//! Immutable once made; matches and builds only read it.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::python_regex::Pattern;
use super::to_python::ToPython;
use super::to_url::ToUrl;
use crate::routing::{Matcher, Template};

/// Rule objects by id. A rule keeps its id for the life of its map, however often the map is compiled.
#[derive(Default)]
pub(super) struct RuleIds {
    ids: HashMap<usize, u32>,
    rules: Vec<Py<PyAny>>,
}

impl RuleIds {
    /// The id of a rule object, given when it is first seen.
    pub(super) fn id(&mut self, rule: &Bound<'_, PyAny>) -> u32 {
        let next = u32::try_from(self.rules.len()).expect("invariant: fewer than 2^32 rules");
        let id = *self.ids.entry(rule.as_ptr() as usize).or_insert(next);
        if id == next {
            self.rules.push(rule.clone().unbind());
        }
        id
    }

    /// Every rule ever seen, in id order.
    pub(super) fn rules<'py>(&self, py: Python<'py>) -> Vec<Bound<'py, PyAny>> {
        self.rules.iter().map(|rule| rule.bind(py).clone()).collect()
    }

    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.rules.iter().try_for_each(|rule| visit.call(rule))
    }
}

/// One placeholder of a rule.
pub(super) struct Argument {
    pub name: Py<PyString>,
    pub converter: Py<PyAny>,
    pub reader: ToPython,
    pub writer: ToUrl,
}

/// How a rule builds URLs natively.
pub(super) struct BuildPlan {
    pub template: Template,
    /// Names a caller must give: arguments without a default.
    pub required: Vec<Py<PyString>>,
    /// Names that don't go to the query, placeholders and defaults.
    pub consumed: Vec<Box<str>>,
    /// Somebody overrides `_encode_query_vars`.
    pub custom_query: bool,
}

/// A rule as the binding needs it.
pub(super) struct RuleFacts {
    pub rule: Py<PyAny>,
    pub endpoint: Py<PyAny>,
    /// The set object itself, or `None`: its iteration order is what a 405 lists.
    pub methods: Py<PyAny>,
    /// Non-empty defaults.
    pub defaults: Option<Py<PyAny>>,
    /// In the order of the captured values.
    pub arguments: Vec<Argument>,
    pub alias: bool,
    /// It redirects elsewhere, or a subclass decides about defaults: Werkzeug answers.
    pub unsure: bool,
    /// Rules of the endpoint whose defaults this one may have to redirect to, best first.
    pub default_rules: Vec<u32>,
    /// `None`: a subclass builds, or its converters want Werkzeug's builder.
    pub build: Option<BuildPlan>,
    pub fingerprint: u64,
}

/// The compiled map.
pub(super) struct Snapshot {
    pub matcher: Arc<Matcher>,
    pub patterns: Vec<Pattern>,
    /// By rule id.
    pub rules: Vec<RuleFacts>,
    /// Endpoint to position in `groups`.
    pub endpoints: Py<PyDict>,
    /// Ids of an endpoint's rules, in building order.
    pub groups: Vec<Vec<u32>>,
    /// `default_subdomain`, for peeking.
    pub default_domain: Arc<str>,
    /// A subclass of the map has its own `update`, which Werkzeug would call before every match.
    pub calls_update: bool,
}

impl Snapshot {
    /// Whether every rule still has the attributes that were read from it.
    pub(super) fn still_true(&self, py: Python<'_>) -> bool {
        self.rules
            .iter()
            .all(|facts| fingerprint(facts.rule.bind(py)).is_ok_and(|now| now == facts.fingerprint))
    }

    /// Position of an endpoint's group. An endpoint that can't be hashed is Python's error to raise.
    pub(super) fn group(&self, endpoint: &Bound<'_, PyAny>) -> PyResult<Option<&[u32]>> {
        let position = self.endpoints.bind(endpoint.py()).get_item(endpoint)?;
        let position: Option<usize> = position.map(|position| position.extract()).transpose()?;
        Ok(position
            .and_then(|position| self.groups.get(position))
            .map(Vec::as_slice))
    }

    pub(super) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.endpoints)?;
        for facts in &self.rules {
            visit.call(&facts.rule)?;
            visit.call(&facts.endpoint)?;
            visit.call(&facts.methods)?;
            visit.call(&facts.defaults)?;
            for argument in &facts.arguments {
                visit.call(&argument.converter)?;
            }
        }
        Ok(())
    }
}

/// Identities of the attributes that a compiled rule depends on.
pub(super) fn fingerprint(rule: &Bound<'_, PyAny>) -> PyResult<u64> {
    let py = rule.py();
    let mut hasher = DefaultHasher::new();
    let methods = rule.getattr(intern!(py, "methods"))?;
    if !methods.is_none() {
        methods.len()?.hash(&mut hasher);
    }
    let others = [
        intern!(py, "endpoint"),
        intern!(py, "websocket"),
        intern!(py, "strict_slashes"),
        intern!(py, "merge_slashes"),
        intern!(py, "defaults"),
        intern!(py, "alias"),
        intern!(py, "redirect_to"),
        intern!(py, "build_only"),
    ];
    (methods.as_ptr() as usize).hash(&mut hasher);
    for name in others {
        (rule.getattr(name)?.as_ptr() as usize).hash(&mut hasher);
    }
    Ok(hasher.finish())
}
