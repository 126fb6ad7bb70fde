//! How a rule builds URLs, worked out once: the template from its trace, the names it needs and the names it takes.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

use super::snapshot::{Argument, BuildPlan};
use super::to_url::ToUrl;
use super::werkzeug_types::{Names, overrides};
use crate::routing::{Op, Template};
use crate::text::percent::{SafeSet, quote_into};

/// Methods of a rule that building does natively; a subclass that overrides one is asked instead.
const BUILD_METHODS: [&str; 3] = ["build", "suitable_for", "_compile_builder"];
const QUERY_METHODS: [&str; 1] = ["_encode_query_vars"];

/// The native plan for building a rule; `None` where only the rule's own builder is exact.
pub(super) fn build_plan(
    rule: &Bound<'_, PyAny>,
    arguments: &[Argument],
    names: &Names,
) -> PyResult<Option<BuildPlan>> {
    let py = rule.py();
    if overrides(rule, names, &BUILD_METHODS)? {
        return Ok(None);
    }
    let defaults = default_values(rule)?;
    let Some(template) = template(rule, arguments, &defaults)? else {
        return Ok(None);
    };
    let mut consumed: Vec<Box<str>> = Vec::new();
    for argument in arguments {
        consumed.push(argument.name.bind(py).to_str()?.into());
    }
    for (name, _) in &defaults {
        consumed.push(name.str()?.to_str()?.into());
    }
    let mut required = Vec::new();
    for name in rule.getattr(intern!(py, "arguments"))?.try_iter()? {
        let name = name?.cast_into::<PyString>()?;
        if !defaults.contains(&name)? {
            required.push(name.unbind());
        }
    }
    Ok(Some(BuildPlan {
        template,
        required,
        consumed,
        custom_query: overrides(rule, names, &QUERY_METHODS)?,
    }))
}

fn default_values<'py>(rule: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    let values = PyDict::new(rule.py());
    let defaults = rule.getattr(intern!(rule.py(), "defaults"))?;
    if defaults.is_truthy()? {
        values.update(defaults.cast()?)?;
    }
    Ok(values)
}

/// Reads `_trace`: domain, then `|`, then path. A placeholder with a default is a constant.
fn template(
    rule: &Bound<'_, PyAny>,
    arguments: &[Argument],
    defaults: &Bound<'_, PyDict>,
) -> PyResult<Option<Template>> {
    let py = rule.py();
    let (mut template, mut in_domain) = (Template::default(), true);
    for entry in rule.getattr(intern!(py, "_trace"))?.cast::<PyList>()? {
        let (dynamic, text): (bool, Bound<'_, PyString>) = entry.extract()?;
        if in_domain && text.to_str()? == "|" {
            in_domain = false;
            continue;
        }
        let op = if dynamic {
            let position = arguments
                .iter()
                .position(|argument| argument.name.bind(py).as_any().eq(&text).unwrap_or(false));
            let Some(position) = position else { return Ok(None) };
            let argument = &arguments[position];
            match defaults.get_item(&text)? {
                Some(value) => {
                    let url = argument.converter.bind(py).call_method1("to_url", (value,))?;
                    let Ok(url) = url.cast::<PyString>().map_err(PyErr::from).and_then(|url| url.to_str()) else {
                        return Ok(None);
                    };
                    Op::Text(url.into())
                }
                // A lone domain placeholder is returned as the converter made it, str or not.
                None if in_domain && matches!(argument.writer, ToUrl::Custom) => return Ok(None),
                None => Op::Argument(position),
            }
        } else {
            let mut quoted = String::new();
            quote_into(text.to_str()?, &SafeSet::URL_PATH, &mut quoted);
            Op::Text(quoted.into())
        };
        let ops = if in_domain {
            &mut template.domain
        } else {
            &mut template.path
        };
        ops.push(op);
    }
    Ok(Some(template))
}
