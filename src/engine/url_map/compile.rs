//! Takes a [`Snapshot`] of a map that Werkzeug has just sorted: walks its state tree, reads its rules.
//!
//! Runs once per change of the map. `None` or an error means that something in the map is not what Werkzeug makes; the
//! caller then leaves the whole map to Werkzeug.

use std::sync::{Arc, Mutex, PoisonError};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyList, PyString};

use super::build_plan::build_plan;
use super::python_regex::Pattern;
use super::snapshot::{Argument, RuleFacts, RuleIds, Snapshot, fingerprint};
use super::to_python::ToPython;
use super::to_url::ToUrl;
use super::werkzeug_types::{Names, names, overrides};
use crate::routing::{RuleTraits, StateId, Tree};

/// Methods of a rule that matching does natively; a subclass that overrides one is asked instead.
const MATCH_METHODS: [&str; 3] = ["provides_defaults_for", "suitable_for", "__eq__"];

/// Compiles `map`, whose `update` has run.
pub(super) fn snapshot(map: &Bound<'_, PyAny>, registry: &Mutex<RuleIds>) -> PyResult<Option<Snapshot>> {
    let py = map.py();
    let names = names(py)?;
    let machine = map.getattr(intern!(py, "_matcher"))?;
    if !machine.get_type().is(&names.state_machine) {
        return Ok(None);
    }
    let endings = Endings::read(&machine.getattr("_root")?)?;
    let (endpoints, listed) = endpoint_groups(map)?;

    // No Python runs while the registry is locked.
    let (rules, groups, endings) = {
        let mut registry = registry.lock().unwrap_or_else(PoisonError::into_inner);
        let groups: Vec<Vec<u32>> = listed
            .iter()
            .map(|rules| rules.iter().map(|rule| registry.id(rule)).collect())
            .collect();
        let endings = endings.number(&mut registry);
        (registry.rules(py), groups, endings)
    };

    let mut facts = Vec::with_capacity(rules.len());
    let mut traits = Vec::with_capacity(rules.len());
    for rule in &rules {
        traits.push(rule_traits(rule)?);
        facts.push(rule_facts(rule, names)?);
    }
    for (position, group) in groups.iter().enumerate() {
        find_default_rules(&rules, group, &mut facts)?;
        for id in group {
            // An endpoint changed after adding: Werkzeug looks in another group, or in none.
            let own = &mut facts[*id as usize];
            let known = endpoints.bind(py).get_item(&own.endpoint)?;
            own.unsure |= known.is_none_or(|known| known.extract::<usize>().ok() != Some(position));
        }
    }
    let (tree, patterns) = endings.plant();
    Ok(Some(Snapshot {
        matcher: Arc::new(tree.finish(traits)),
        patterns,
        rules: facts,
        endpoints,
        groups,
        default_domain: map.getattr("default_subdomain")?.extract::<String>()?.into(),
        calls_update: !map.get_type().getattr("update")?.is(&names.map_update),
    }))
}

/// Werkzeug's `_rules_by_endpoint`: a dict from endpoint to position, and the rules at each position.
#[expect(clippy::type_complexity, reason = "a pair used once")]
fn endpoint_groups<'py>(map: &Bound<'py, PyAny>) -> PyResult<(Py<PyDict>, Vec<Vec<Bound<'py, PyAny>>>)> {
    let py = map.py();
    let (endpoints, mut groups) = (PyDict::new(py), Vec::new());
    for entry in map
        .getattr(intern!(py, "_rules_by_endpoint"))?
        .cast::<PyDict>()?
        .items()
    {
        let (endpoint, rules): (Bound<'py, PyAny>, Vec<Bound<'py, PyAny>>) = entry.extract()?;
        endpoints.set_item(endpoint, groups.len())?;
        groups.push(rules);
    }
    Ok((endpoints.unbind(), groups))
}

/// A state of Werkzeug's tree, copied; `R` is a rule object, later its id.
struct Endings<R> {
    fixed: Vec<(String, Endings<R>)>,
    moving: Vec<(Part, Endings<R>)>,
    rules: Vec<R>,
}

struct Part {
    content: String,
    takes_rest: bool,
    suffixed: bool,
}

impl<'py> Endings<Bound<'py, PyAny>> {
    fn read(state: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = state.py();
        let mut fixed = Vec::new();
        for entry in state.getattr(intern!(py, "static"))?.cast::<PyDict>()?.items() {
            let (text, next): (String, Bound<'py, PyAny>) = entry.extract()?;
            fixed.push((text, Self::read(&next)?));
        }
        let mut moving = Vec::new();
        for entry in state.getattr(intern!(py, "dynamic"))?.cast::<PyList>()?.to_tuple() {
            let (part, next): (Bound<'py, PyAny>, Bound<'py, PyAny>) = entry.extract()?;
            let part = Part {
                content: part.getattr(intern!(py, "content"))?.extract()?,
                takes_rest: part.getattr(intern!(py, "final"))?.is_truthy()?,
                suffixed: part.getattr(intern!(py, "suffixed"))?.is_truthy()?,
            };
            moving.push((part, Self::read(&next)?));
        }
        let rules = state.getattr(intern!(py, "rules"))?.extract()?;
        Ok(Self { fixed, moving, rules })
    }

    fn number(self, registry: &mut RuleIds) -> Endings<u32> {
        Endings {
            fixed: self
                .fixed
                .into_iter()
                .map(|(text, next)| (text, next.number(registry)))
                .collect(),
            moving: self
                .moving
                .into_iter()
                .map(|(part, next)| (part, next.number(registry)))
                .collect(),
            rules: self.rules.iter().map(|rule| registry.id(rule)).collect(),
        }
    }
}

impl Endings<u32> {
    fn plant(self) -> (Tree, Vec<Pattern>) {
        let (mut tree, mut patterns) = (Tree::default(), Vec::new());
        self.plant_at(Tree::ROOT, &mut tree, &mut patterns);
        (tree, patterns)
    }

    fn plant_at(self, at: StateId, tree: &mut Tree, patterns: &mut Vec<Pattern>) {
        for rule in self.rules {
            tree.end(at, rule);
        }
        for (text, next) in self.fixed {
            let to = tree.fixed(at, &text);
            next.plant_at(to, tree, patterns);
        }
        for (part, next) in self.moving {
            let (to, _) = tree.branch(at, &part.content, part.takes_rest, part.suffixed);
            // Pushed when the tree counts, so that a test's number is its position.
            patterns.push(Pattern::new(&part.content, part.suffixed));
            next.plant_at(to, tree, patterns);
        }
    }
}

fn rule_traits(rule: &Bound<'_, PyAny>) -> PyResult<RuleTraits> {
    let py = rule.py();
    let methods = rule.getattr(intern!(py, "methods"))?;
    let methods = if methods.is_none() {
        None
    } else {
        let mut names = Vec::new();
        for name in methods.try_iter()? {
            names.push(name?.cast::<PyString>()?.to_str()?.into());
        }
        Some(names.into_boxed_slice())
    };
    Ok(RuleTraits {
        methods,
        // Werkzeug compares this one with `==`, so only a real bool means the same here.
        websocket: rule.getattr(intern!(py, "websocket"))?.cast::<PyBool>()?.is_true(),
        strict_slashes: rule.getattr(intern!(py, "strict_slashes"))?.is_truthy()?,
        // ... and this one with `is False`.
        merge_slashes: !rule.getattr(intern!(py, "merge_slashes"))?.is(PyBool::new(py, false)),
    })
}

fn rule_facts(rule: &Bound<'_, PyAny>, names: &Names) -> PyResult<RuleFacts> {
    let py = rule.py();
    let converters = rule.getattr(intern!(py, "_converters"))?;
    let mut arguments = Vec::new();
    for entry in converters.cast::<PyDict>()?.items() {
        let (name, converter): (Bound<'_, PyAny>, Bound<'_, PyAny>) = entry.extract()?;
        arguments.push(Argument {
            name: name.cast::<PyString>()?.clone().unbind(),
            reader: ToPython::of(&converter, names)?,
            writer: ToUrl::of(&converter, names)?,
            converter: converter.unbind(),
        });
    }
    let defaults = rule.getattr(intern!(py, "defaults"))?;
    let build = build_plan(rule, &arguments, names)?;
    Ok(RuleFacts {
        endpoint: rule.getattr(intern!(py, "endpoint"))?.unbind(),
        methods: rule.getattr(intern!(py, "methods"))?.unbind(),
        defaults: defaults.is_truthy()?.then(|| defaults.unbind()),
        alias: rule.getattr(intern!(py, "alias"))?.is_truthy()?,
        unsure: !rule.getattr(intern!(py, "redirect_to"))?.is_none() || overrides(rule, names, &MATCH_METHODS)?,
        default_rules: Vec::new(),
        fingerprint: fingerprint(rule)?,
        rule: rule.clone().unbind(),
        arguments,
        build,
    })
}

/// Notes for each rule of an endpoint which better rules may claim its values as defaults.
fn find_default_rules(rules: &[Bound<'_, PyAny>], group: &[u32], facts: &mut [RuleFacts]) -> PyResult<()> {
    for (position, later) in group.iter().enumerate() {
        for earlier in &group[..position] {
            if facts[*earlier as usize].defaults.is_none() {
                continue;
            }
            let better = &rules[*earlier as usize];
            if better
                .call_method1("provides_defaults_for", (&rules[*later as usize],))?
                .is_truthy()?
            {
                let undecided = facts[*earlier as usize].unsure;
                let own = &mut facts[*later as usize];
                own.default_rules.push(*earlier);
                own.unsure |= undecided;
            }
        }
    }
    Ok(())
}
