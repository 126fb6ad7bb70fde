//! Calls of macros and of `super()`, whose bodies are programs: what Jinja2's `Macro` and `BlockReference` do with their
//! arguments.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

use super::arguments::Arguments;
use super::functions::{InnerFunction, RenderFunction, Returned};
use super::kit::Kit;
use super::output::Output;
use crate::engine::ffi;
use crate::templates::program::Escaping;

/// What became of a call.
pub enum Called<'py> {
    Done(Bound<'py, PyAny>),
    /// Nothing was done: Python has to call, because the body isn't ours or the arguments don't fit.
    ByPython(Arguments<'py>),
}

/// Calls a macro.
pub fn call<'py>(
    kit: &'py Kit,
    callee: &Bound<'py, PyAny>,
    arguments: Arguments<'py>,
    autoescape: &Bound<'py, PyAny>,
) -> PyResult<Called<'py>> {
    let py = callee.py();
    let attributes = ffi::instance_dict(callee)?;
    let attribute = |name: &Bound<'py, PyString>| attributes.as_any().get_item(name);
    let body = attribute(intern!(py, "_func"))?;
    let Ok(body) = body.cast_exact::<InnerFunction>() else {
        return Ok(Called::ByPython(arguments));
    };
    let Some(bound) = bind(kit, &attributes, &arguments)? else {
        return Ok(Called::ByPython(arguments));
    };
    let returned = body.get().run(kit, py, &bound)?;
    // Afterwards, as any object may say whether to escape.
    let autoescape = autoescape.is_truthy()?;
    Ok(Called::Done(match returned {
        Returned::Text(text, _) if autoescape => text.to_py(kit, py, Escaping::Html)?,
        Returned::Text(text, _) => text.to_py(kit, py, Escaping::Text)?,
        Returned::Value(value) if autoescape => kit.markup(py).call1((value,))?,
        Returned::Value(value) => value,
    }))
}

/// One value for each parameter of a macro's body; None when Jinja2 has to bind them, as it raises or gives an undefined
/// caller.
fn bind<'py>(
    kit: &Kit,
    attributes: &Bound<'py, PyDict>,
    arguments: &Arguments<'py>,
) -> PyResult<Option<Vec<Bound<'py, PyAny>>>> {
    let py = attributes.py();
    let attribute = |name: &Bound<'py, PyString>| attributes.as_any().get_item(name);
    let names = attribute(intern!(py, "arguments"))?;
    let names = names.cast::<PyTuple>()?;
    let given = &arguments.args;
    let takes_more = attribute(intern!(py, "catch_varargs"))?.is_truthy()?;
    if given.len() > names.len() && !takes_more {
        return Ok(None);
    }
    let mut bound: Vec<_> = given.iter().take(names.len()).cloned().collect();
    let mut rest = arguments.keywords.as_ref().map(PyDictMethods::copy).transpose()?;
    let missing = kit.missing(py);
    let mut has_caller = bound.len() == names.len() && attribute(intern!(py, "explicit_caller"))?.is_truthy()?;
    for name in names.iter().skip(bound.len()) {
        has_caller |= name.eq(intern!(py, "caller"))?;
        bound.push(taken(rest.as_mut(), &name)?.unwrap_or_else(|| missing.clone()));
    }
    if attribute(intern!(py, "caller"))?.is_truthy()? && !has_caller {
        let caller = taken(rest.as_mut(), intern!(py, "caller"))?.filter(|caller| !caller.is_none());
        // Without one, Jinja2 has an undefined value for it.
        let Some(caller) = caller else { return Ok(None) };
        bound.push(caller);
    }
    if attribute(intern!(py, "catch_kwargs"))?.is_truthy()? {
        bound.push(rest.unwrap_or_else(|| PyDict::new(py)).into_any());
    } else if rest.is_some_and(|rest| !rest.is_empty()) {
        return Ok(None);
    }
    if takes_more {
        let more = given.iter().skip(names.len());
        bound.push(PyTuple::new(py, more.collect::<Vec<_>>())?.into_any());
    }
    Ok(Some(bound))
}

/// A keyword argument, which is taken out of the others.
fn taken<'py>(
    keywords: Option<&mut Bound<'py, PyDict>>,
    name: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(keywords) = keywords else { return Ok(None) };
    let value = keywords.get_item(name)?;
    if value.is_some() {
        keywords.del_item(name)?;
    }
    Ok(value)
}

/// The text of the block that a reference stands for; None when its function is not a program.
pub fn block<'py>(kit: &'py Kit, reference: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = reference.py();
    let attributes = ffi::instance_dict(reference)?;
    let attributes = attributes.as_any();
    let stack = attributes.get_item(intern!(py, "_stack"))?;
    let function = stack
        .cast::<PyList>()?
        .as_any()
        .get_item(attributes.get_item(intern!(py, "_depth"))?)?;
    let context = attributes.get_item(intern!(py, "_context"))?;
    let Ok(function) = function.cast_exact::<RenderFunction>() else {
        return Ok(None);
    };
    if !function.get().runs_for(kit, &context) {
        return Ok(None);
    }
    let mut text = Output::default();
    function.get().run(kit, &context, &mut text)?;
    let evaluation = context.getattr(intern!(py, "eval_ctx"))?;
    let autoescape = evaluation.getattr(intern!(py, "autoescape"))?.is_truthy()?;
    let escaping = if autoescape { Escaping::Html } else { Escaping::Text };
    text.to_py(kit, py, escaping).map(Some)
}
