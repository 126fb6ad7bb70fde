//! One match, from path to rule and view arguments, with everything that Werkzeug's adapter decides on the way.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PySet};

use super::map::MapCore;
use super::peek::Peeked;
use super::python_regex::{Patterns, RegexStop};
use super::snapshot::{RuleFacts, Snapshot};
use super::to_python::Converted;
use super::werkzeug_types::names;
use crate::routing::{Found, MatchResult, Missed, Query};
use crate::text::percent::{SafeSet, quote_into};

/// What a path leads to.
pub enum Match<'py> {
    Found {
        /// The Werkzeug `Rule`.
        rule: Bound<'py, PyAny>,
        view_args: Bound<'py, PyDict>,
    },
    /// Raise `RequestRedirect(adapter.make_redirect_url(path, query_args, domain_part))`.
    Redirect {
        /// Percent-encoded path under the script name.
        path: String,
        /// `None`: the adapter's own subdomain.
        domain_part: Option<String>,
    },
    NotFound,
    MethodNotAllowed {
        /// In the order that Werkzeug would list them.
        allowed: Py<PyList>,
    },
    WebsocketMismatch,
    /// Only Werkzeug's own adapter can answer: `redirect_to`, aliases, a map or rule with a will of its own.
    Unsure,
}

/// Matches a rooted path for an upper-case method. The domain is the subdomain, or the adapter's server name when the map
/// matches hosts or the subdomain is `None`. A map that isn't ours is [`Match::Unsure`]. `peeked` is what was found for
/// the same method and path before. Errors are exceptions that a converter raised.
pub fn match_path<'py>(map: &Bound<'py, PyAny>, query: Query<'_>, peeked: Option<&Peeked>) -> PyResult<Match<'py>> {
    let Ok(core) = map.cast::<MapCore>() else {
        return Ok(Match::Unsure);
    };
    let Some(snapshot) = MapCore::current(core)? else {
        return Ok(Match::Unsure);
    };
    let answer = match peeked.and_then(|peeked| peeked.found(&snapshot, query)) {
        Some(found) => accept(map, &snapshot, found, query.method),
        None => ask(map, &snapshot, query),
    };
    match answer {
        Ok(answer) => Ok(answer),
        Err(RegexStop::Unsure) => Ok(Match::Unsure),
        Err(RegexStop::Raised(error)) => Err(error),
    }
}

fn ask<'py>(map: &Bound<'py, PyAny>, snapshot: &Snapshot, query: Query<'_>) -> Result<Match<'py>, RegexStop> {
    let py = map.py();
    let patterns = Patterns {
        py,
        list: &snapshot.patterns,
    };
    let mut outcome = snapshot.matcher.find(query, &patterns)?;
    if let MatchResult::Missed(missed) = outcome {
        let matters = query.path.contains("//") || !missed.refused.is_empty();
        let merges = matters && map.getattr(intern!(py, "merge_slashes"))?.is_truthy()?;
        outcome = if merges {
            snapshot.matcher.find_merged(query, &patterns, missed)?
        } else {
            MatchResult::Missed(missed)
        };
    }
    match outcome {
        MatchResult::Found(found) => accept(map, snapshot, found, query.method),
        MatchResult::Missed(missed) => Ok(miss(py, snapshot, &missed)?),
        MatchResult::Redirect(path) => {
            let mut quoted = String::with_capacity(path.len());
            quote_into(&path, &SafeSet::URL_PATH, &mut quoted);
            Ok(Match::Redirect {
                path: quoted,
                domain_part: None,
            })
        }
    }
}

fn miss<'py>(py: Python<'py>, snapshot: &Snapshot, missed: &Missed) -> PyResult<Match<'py>> {
    if !missed.refused.is_empty() {
        let allowed = PySet::empty(py)?;
        for id in &missed.refused {
            allowed.call_method1(intern!(py, "update"), (&snapshot.rules[*id as usize].methods,))?;
        }
        // A rule may allow nothing at all.
        if !allowed.is_empty() {
            return Ok(Match::MethodNotAllowed {
                allowed: PyList::new(py, allowed)?.unbind(),
            });
        }
    }
    Ok(if missed.websocket_mismatch {
        Match::WebsocketMismatch
    } else {
        Match::NotFound
    })
}

fn accept<'py>(
    map: &Bound<'py, PyAny>,
    snapshot: &Snapshot,
    found: Found<'_>,
    method: &str,
) -> Result<Match<'py>, RegexStop> {
    let py = map.py();
    let facts = &snapshot.rules[found.rule as usize];
    if facts.unsure || facts.alias {
        return Err(RegexStop::Unsure);
    }
    let Some(view_args) = read_values(py, facts, &found.values)? else {
        return Ok(miss(py, snapshot, &found.missed)?);
    };
    if !facts.default_rules.is_empty()
        && map.getattr(intern!(py, "redirect_defaults"))?.is_truthy()?
        && let Some(redirect) = default_redirect(snapshot, facts, &view_args, method)?
    {
        return Ok(redirect);
    }
    Ok(Match::Found {
        rule: facts.rule.bind(py).clone(),
        view_args,
    })
}

/// The view arguments, or `None` when a converter refuses its text.
fn read_values<'py>(py: Python<'py>, facts: &RuleFacts, texts: &[&str]) -> PyResult<Option<Bound<'py, PyDict>>> {
    let view_args = PyDict::new(py);
    for (argument, text) in facts.arguments.iter().zip(texts) {
        match argument.reader.read(argument.converter.bind(py), text)? {
            Converted::Value(value) => view_args.set_item(&argument.name, value)?,
            Converted::Refused => return Ok(None),
        }
    }
    if let Some(defaults) = &facts.defaults {
        view_args.update(defaults.bind(py).cast()?)?;
    }
    Ok(Some(view_args))
}

/// A better rule of the endpoint that has these very values as its defaults is where the client should go.
fn default_redirect<'py>(
    snapshot: &Snapshot,
    facts: &RuleFacts,
    view_args: &Bound<'py, PyDict>,
    method: &str,
) -> Result<Option<Match<'py>>, RegexStop> {
    let py = view_args.py();
    for id in &facts.default_rules {
        let better = snapshot.rules[*id as usize].rule.bind(py);
        if !better
            .call_method1(intern!(py, "suitable_for"), (view_args, method))?
            .is_truthy()?
        {
            continue;
        }
        let values = view_args.copy()?;
        values.update(better.getattr(intern!(py, "defaults"))?.cast().map_err(PyErr::from)?)?;
        let built = better.call_method1(intern!(py, "build"), (values,))?;
        let Ok((domain_part, path)) = built.extract::<(String, String)>() else {
            return Err(RegexStop::Unsure);
        };
        return Ok(Some(Match::Redirect {
            path,
            domain_part: Some(domain_part),
        }));
    }
    Ok(None)
}

/// `NotFound()`, ready to be raised.
#[cold]
pub fn not_found(py: Python<'_>) -> PyErr {
    raise(py, names(py).and_then(|names| names.not_found.bind(py).call0()))
}

/// `MethodNotAllowed(valid_methods=allowed)`, ready to be raised.
#[cold]
pub fn method_not_allowed(py: Python<'_>, allowed: &Bound<'_, PyList>) -> PyErr {
    raise(
        py,
        names(py).and_then(|names| names.method_not_allowed.bind(py).call1((allowed,))),
    )
}

/// `WebsocketMismatch()`, ready to be raised.
#[cold]
pub fn websocket_mismatch(py: Python<'_>) -> PyErr {
    raise(
        py,
        names(py).and_then(|names| names.websocket_mismatch.bind(py).call0()),
    )
}

/// As `raise … from None`.
fn raise(py: Python<'_>, made: PyResult<Bound<'_, PyAny>>) -> PyErr {
    made.map_or_else(
        |error| error,
        |value| {
            let error = PyErr::from_value(value);
            error.set_cause(py, None);
            error
        },
    )
}
