//! The variables of one rendering: a Jinja2 context that is filled in as its `__init__` would.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDict, PyList, PySet, PyString, PyType};

use super::guards::{TemplateGuards, guards};
use super::jinja_context::ContextCore;
use super::program::kit::Kit;
use crate::engine::ffi;

/// `template.new_context(given)`, or None when Python has to make it: a context class of the program's, globals that
/// are not the layers Jinja2 makes of them, names that are no plain text.
pub fn make<'py>(
    guards: &TemplateGuards,
    template: &Bound<'py, PyAny>,
    environment: &Bound<'py, PyAny>,
    given: &Bound<'py, PyDict>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = template.py();
    let kind = environment.getattr(intern!(py, "context_class"))?;
    if !guards.makes_contexts(&kind) || !given.iter().all(|(name, _)| name.is_exact_instance_of::<PyString>()) {
        return Ok(None);
    }
    let Some(parent) = globals_of(template)? else {
        return Ok(None);
    };
    let globals_keys = py.get_type::<PySet>().call1((&parent,))?;
    parent.update(given.as_mapping())?;
    fill(guards, template, environment, parent, globals_keys).map(Some)
}

/// `template.new_context(vars, shared, locals)`, or None when Python has to make it.
#[pyfunction]
#[pyo3(signature = (template, vars, shared, locals, /))]
pub fn template_context<'py>(
    template: &Bound<'py, PyAny>,
    vars: Option<&Bound<'py, PyAny>>,
    shared: bool,
    locals: Option<&Bound<'py, PyAny>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = template.py();
    let environment = template.getattr(intern!(py, "environment"))?;
    let (Some(guards), Some(kit)) = (guards(py), Kit::get(py)) else {
        return Ok(None);
    };
    let given = vars.map_or_else(|| Ok(PyDict::new(py)), |vars| vars.clone().cast_into_exact::<PyDict>());
    let locals = locals.map_or_else(
        || Ok(PyDict::new(py)),
        |locals| locals.clone().cast_into_exact::<PyDict>(),
    );
    let (Ok(given), Ok(locals)) = (given, locals) else {
        return Ok(None);
    };
    if !shared && locals.is_empty() {
        return make(guards, template, &environment, &given);
    }
    if !shared || !guards.makes_contexts(&environment.getattr(intern!(py, "context_class"))?) {
        return Ok(None);
    }
    let Some(names) = globals_of(template)? else {
        return Ok(None);
    };
    let globals_keys = py.get_type::<PySet>().call1((names,))?;
    let parent = if locals.is_empty() { given } else { given.copy()? };
    for (name, value) in locals {
        if !value.is(kit.missing(py)) {
            parent.set_item(name, value)?;
        }
    }
    fill(guards, template, &environment, parent, globals_keys).map(Some)
}

/// A context of our class with these variables and names of globals.
fn fill<'py>(
    guards: &TemplateGuards,
    template: &Bound<'py, PyAny>,
    environment: &Bound<'py, PyAny>,
    parent: Bound<'py, PyDict>,
    globals_keys: Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = template.py();
    let kind = environment.getattr(intern!(py, "context_class"))?;
    let name = template.getattr(intern!(py, "name"))?;
    let context = ffi::bare_instance::<ContextCore>(kind.cast::<PyType>()?)?;
    context.setattr(intern!(py, "parent"), parent)?;
    context.setattr(intern!(py, "vars"), PyDict::new(py))?;
    context.setattr(intern!(py, "environment"), environment)?;
    context.setattr(intern!(py, "eval_ctx"), evaluation(guards, environment, &name)?)?;
    context.setattr(intern!(py, "exported_vars"), PySet::empty(py)?)?;
    context.setattr(intern!(py, "name"), name)?;
    context.setattr(intern!(py, "globals_keys"), globals_keys)?;
    context.setattr(intern!(py, "blocks"), blocks_of(template)?)?;
    Ok(context)
}

/// The names every rendering of a template knows, in one dict: the environment's with the template's on top.
fn globals_of<'py>(template: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyDict>>> {
    static LAYERED: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = template.py();
    let globals = template.getattr(intern!(py, "globals"))?;
    if !globals.get_type().is(LAYERED.import(py, "collections", "ChainMap")?) {
        return Ok(None);
    }
    let layers = globals.getattr(intern!(py, "maps"))?;
    let Ok(layers) = layers.cast_exact::<PyList>() else {
        return Ok(None);
    };
    let mut names: Option<Bound<'py, PyDict>> = None;
    for layer in layers.iter().rev() {
        let Ok(layer) = layer.cast_exact::<PyDict>() else {
            return Ok(None);
        };
        match &names {
            None => names = Some(layer.copy()?),
            Some(names) => names.update(layer.as_mapping())?,
        }
    }
    Ok(names)
}

/// Each block of a template as a stack of its own, on which its parents' are put.
fn blocks_of<'py>(template: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    let py = template.py();
    let stacks = PyDict::new(py);
    for (name, block) in template.getattr(intern!(py, "blocks"))?.cast::<PyDict>()? {
        stacks.set_item(name, PyList::new(py, [block])?)?;
    }
    Ok(stacks)
}

/// What is known of escaping while a template is rendered: whether its name calls for it, unless the environment says so
/// for all.
pub fn evaluation<'py>(
    guards: &TemplateGuards,
    environment: &Bound<'py, PyAny>,
    name: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = environment.py();
    let kind = guards.evaluation(py);
    if !guards.evaluates(kind) {
        return kind.call1((environment, name));
    }
    let made = ffi::bare_object(kind)?;
    let mut autoescape = environment.getattr(intern!(py, "autoescape"))?;
    if autoescape.is_callable() {
        autoescape = autoescape.call1((name,))?;
    }
    made.setattr(intern!(py, "environment"), environment)?;
    made.setattr(intern!(py, "autoescape"), autoescape)?;
    made.setattr(intern!(py, "volatile"), PyBool::new(py, false))?;
    Ok(made)
}
