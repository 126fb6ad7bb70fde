//! `Map.add` for a plain rule: takes it apart natively and puts it into Werkzeug's state tree, leaving on the rule and in
//! the tree exactly what Werkzeug's own code leaves there.
//!
//! The two functions that build a rule's URLs are compiled by Werkzeug, at four fifths of what adding a rule costs; the
//! engine builds without them. They are promised here and made when somebody calls them. Must not know how a path is
//! matched.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PySet, PyString, PyType};

use super::rule_parts::PartMaker;
use super::werkzeug_types::{Names, names};
use crate::engine::guard::{ClassGuard, SelfCheck};
use crate::routing::{Piece, pieces, with_merged_slashes};

/// Names that a Python function can't have as parameters: Werkzeug's compiler has to say so.
const NO_PARAMETERS: [&str; 4] = ["None", "True", "False", "__debug__"];

/// Werkzeug's methods that are done natively here, as they were when `flask` was imported.
struct AddRuleGuards {
    map: ClassGuard,
    rule: ClassGuard,
    machine: ClassGuard,
}

fn originals(py: Python<'_>) -> PyResult<&'static AddRuleGuards> {
    static ORIGINALS: PyOnceLock<AddRuleGuards> = PyOnceLock::new();
    ORIGINALS.get_or_try_init(py, || {
        let class = |module: &str, name: &str| -> PyResult<Bound<'_, PyType>> {
            Ok(py.import(module)?.getattr(name)?.cast_into::<PyType>()?)
        };
        let steps = [
            "get_rules",
            "bind",
            "compile",
            "_parse_rule",
            "_compile_builder",
            "_get_func_code",
        ];
        Ok(AddRuleGuards {
            map: ClassGuard::with_subclasses(&class("werkzeug.routing.map", "Map")?, &["add"])?,
            rule: ClassGuard::with_subclasses(&class("werkzeug.routing.rules", "Rule")?, &steps)?,
            machine: ClassGuard::with_subclasses(&class("werkzeug.routing.matcher", "StateMachineMatcher")?, &["add"])?,
        })
    })
}

/// Arms the guards over Werkzeug's methods.
pub fn arm_guards(py: Python<'_>) -> PyResult<()> {
    originals(py).map(drop)
}

/// Whether this Werkzeug leaves on a rule what is left here: tried with one rule. The trial adds rules itself, and other
/// threads may: Werkzeug adds those.
fn is_known_werkzeug(py: Python<'_>) -> bool {
    static CHECK: SelfCheck = SelfCheck::new();
    CHECK.passes(py, || {
        py.import("ferroflask.url_map.added_rules")?
            .call_method0("added_alike")?
            .is_truthy()
    })
}

/// The text of a rule and of its domain, as it is going to be when it is bound.
struct Texts<'py> {
    domain: Option<Bound<'py, PyString>>,
    path: Bound<'py, PyString>,
}

/// Adds a rule to a map as `Map.add` does. False: it is not a plain rule, and nothing was done.
pub fn add_plain(map: &Bound<'_, PyAny>, rule: &Bound<'_, PyAny>) -> PyResult<bool> {
    if !is_known_werkzeug(map.py()) {
        return Ok(false);
    }
    add_untried(map, rule)
}

/// `add_plain`, whatever the rehearsal said.
pub fn add_untried(map: &Bound<'_, PyAny>, rule: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = map.py();
    let originals = originals(py)?;
    let names = names(py)?;
    let machine = map.getattr(intern!(py, "_matcher"))?;
    let plain = rule.is_instance(names.rule.bind(py))?
        && originals.map.passes(names.map.bind(py).cast()?)
        && originals.rule.passes_for(rule)
        && originals.machine.passes_for(&machine)
        && rule.getattr(intern!(py, "map"))?.is_none();
    if !plain {
        return Ok(false);
    }
    let Some(texts) = texts(map, rule)? else {
        return Ok(false);
    };
    let (Some(domain), Ok(path)) = (read(texts.domain.as_ref()), texts.path.to_str()) else {
        return Ok(false);
    };
    let merges = or_default(rule, map, intern!(py, "merge_slashes"))?;
    let path = if merges.is_truthy()? {
        with_merged_slashes(path)
    } else {
        path.into()
    };
    let (Some(domain), Some(path)) = (pieces(domain), pieces(&path)) else {
        return Ok(false);
    };
    if !has_builder(domain.iter().chain(&path)) {
        return Ok(false);
    }
    bind(map, rule, names, [&domain, &path])?;
    if !rule.getattr(intern!(py, "build_only"))?.is_truthy()? {
        add_to_tree(&machine, rule, names)?;
    }
    let endpoint = rule.getattr(intern!(py, "endpoint"))?;
    map.getattr(intern!(py, "_rules_by_endpoint"))?
        .call_method1(intern!(py, "setdefault"), (endpoint, PyList::empty(py)))?
        .call_method1(intern!(py, "append"), (rule,))?;
    Ok(true)
}

/// The rule's own setting, or the map's where it has none.
fn or_default<'py>(
    rule: &Bound<'py, PyAny>,
    map: &Bound<'py, PyAny>,
    name: &Bound<'py, PyString>,
) -> PyResult<Bound<'py, PyAny>> {
    let own = rule.getattr(name)?;
    if own.is_none() { map.getattr(name) } else { Ok(own) }
}

fn texts<'py>(map: &Bound<'py, PyAny>, rule: &Bound<'py, PyAny>) -> PyResult<Option<Texts<'py>>> {
    let py = map.py();
    let domain = if map.getattr(intern!(py, "host_matching"))?.is_truthy()? {
        rule.getattr(intern!(py, "host"))?
    } else {
        let own = rule.getattr(intern!(py, "subdomain"))?;
        if own.is_none() {
            map.getattr(intern!(py, "default_subdomain"))?
        } else {
            own
        }
    };
    let domain = if domain.is_truthy()? {
        let Ok(domain) = domain.cast_into::<PyString>() else {
            return Ok(None);
        };
        Some(domain)
    } else {
        None
    };
    let path = rule.getattr(intern!(py, "rule"))?.cast_into::<PyString>();
    Ok(path.ok().map(|path| Texts { domain, path }))
}

/// The text, empty where there is none; None when it has no UTF-8 form.
fn read<'a>(text: Option<&'a Bound<'_, PyString>>) -> Option<&'a str> {
    text.map_or(Some(""), |text| text.to_str().ok())
}

/// Whether Werkzeug could compile a builder: the placeholders are its parameters.
fn has_builder<'a>(pieces: impl Iterator<Item = &'a Piece<'a>>) -> bool {
    let mut seen: Vec<&str> = Vec::new();
    for piece in pieces {
        if let Piece::Placeholder(placeholder) = piece {
            if NO_PARAMETERS.contains(&placeholder.name) || seen.contains(&placeholder.name) {
                return false;
            }
            seen.push(placeholder.name);
        }
    }
    true
}

/// `Rule.bind` and `Rule.compile`, with the pieces of the domain and of the path.
fn bind(map: &Bound<'_, PyAny>, rule: &Bound<'_, PyAny>, names: &Names, pieces: [&[Piece<'_>]; 2]) -> PyResult<()> {
    let py = map.py();
    rule.setattr(intern!(py, "map"), map)?;
    let settings = [
        (intern!(py, "strict_slashes"), intern!(py, "strict_slashes")),
        (intern!(py, "merge_slashes"), intern!(py, "merge_slashes")),
        (intern!(py, "subdomain"), intern!(py, "default_subdomain")),
    ];
    for (own, default) in settings {
        if rule.getattr(own)?.is_none() {
            rule.setattr(own, map.getattr(default)?)?;
        }
    }
    let mut maker = PartMaker {
        rule,
        names,
        arguments: rule.getattr(intern!(py, "arguments"))?.cast_into::<PySet>()?,
        parts: PyList::empty(py),
        trace: PyList::empty(py),
        converters: PyDict::new(py),
    };
    rule.setattr(intern!(py, "_parts"), &maker.parts)?;
    rule.setattr(intern!(py, "_trace"), &maker.trace)?;
    rule.setattr(intern!(py, "_converters"), &maker.converters)?;
    let [domain, path] = pieces;
    maker.add(domain)?;
    maker.trace.append((false, intern!(py, "|")))?;
    maker.add(path)?;
    promise_builders(rule, &maker.trace)
}

/// Gives the rule its two builders: promised, or made at once where defaults take part in them, since a converter is
/// asked for the text of a default then.
fn promise_builders(rule: &Bound<'_, PyAny>, trace: &Bound<'_, PyList>) -> PyResult<()> {
    static PROMISE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = rule.py();
    let eager = rule.getattr(intern!(py, "defaults"))?.is_truthy()?;
    let promise = PROMISE.import(py, "ferroflask.url_map.added_rules", "PromisedBuilder")?;
    for (name, append_unknown) in [(intern!(py, "_build"), false), (intern!(py, "_build_unknown"), true)] {
        let builder = if eager {
            rule.call_method1(intern!(py, "_compile_builder"), (append_unknown,))?
                .call_method1(intern!(py, "__get__"), (rule, py.None()))?
        } else {
            promise.call1((rule, trace.clone(), append_unknown))?
        };
        rule.setattr(name, builder)?;
    }
    Ok(())
}

/// `StateMachineMatcher.add`.
fn add_to_tree(machine: &Bound<'_, PyAny>, rule: &Bound<'_, PyAny>, names: &Names) -> PyResult<()> {
    let py = rule.py();
    let mut state = machine.getattr(intern!(py, "_root"))?;
    for part in rule.getattr(intern!(py, "_parts"))?.cast::<PyList>()? {
        let content = part.getattr(intern!(py, "content"))?;
        state = if part.getattr(intern!(py, "static"))?.is_truthy()? {
            let branches = state.getattr(intern!(py, "static"))?;
            let branches = branches.cast::<PyDict>()?;
            if let Some(known) = branches.get_item(&content)? {
                known
            } else {
                let new = names.state.bind(py).call0()?;
                branches.set_item(content, &new)?;
                new
            }
        } else {
            let branches = state.getattr(intern!(py, "dynamic"))?.cast_into::<PyList>()?;
            if let Some(known) = branch_of(&branches, &part, &content)? {
                known
            } else {
                let new = names.state.bind(py).call0()?;
                branches.append((part, &new))?;
                new
            }
        };
    }
    state
        .getattr(intern!(py, "rules"))?
        .call_method1(intern!(py, "append"), (rule,))
        .map(drop)
}

/// Where an equal part leads already.
fn branch_of<'py>(
    branches: &Bound<'py, PyList>,
    part: &Bound<'py, PyAny>,
    content: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = part.py();
    for branch in branches {
        let (known, state): (Bound<'py, PyAny>, Bound<'py, PyAny>) = branch.extract()?;
        // Comparing whole parts is Python's, and most differ in their text.
        if known.getattr(intern!(py, "content"))?.eq(content)? && known.eq(part)? {
            return Ok(Some(state));
        }
    }
    Ok(None)
}
