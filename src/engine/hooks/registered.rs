//! The functions people register round a view. The dicts that hold them are live: they are read anew on every request,
//! and an empty one costs one look-up.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use crate::engine::app::lookup::{app_attribute, is_overridden};
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::app::steps::Step;
use crate::engine::interpreter::coroutine::is_coroutine_function;
use crate::engine::request::context::RequestContext;

/// A snapshot of a hook list, last first; a hook may register others while it runs.
pub fn reversed<'py>(functions: &Bound<'py, PyList>) -> Vec<Bound<'py, PyAny>> {
    let mut all: Vec<_> = functions.iter().collect();
    all.reverse();
    all
}

fn table<'py>(app: &Bound<'py, PyAny>, which: AppAttribute) -> PyResult<Option<Bound<'py, PyDict>>> {
    let table = app_attribute(app, which)?.cast_into::<PyDict>()?;
    Ok((!table.is_empty()).then_some(table))
}

/// The lists registered for the app (None) and then for the request's blueprints, outermost first.
fn outside_in<'py>(table: &Bound<'py, PyDict>, context: Option<&RequestContext>) -> PyResult<Vec<Bound<'py, PyList>>> {
    let py = table.py();
    let mut lists = Vec::new();
    lists.extend(table.get_item(py.None())?);
    // Most tables have functions of the app alone.
    if table.len() == lists.len() {
        return as_lists(lists);
    }
    let names = context.map_or(Ok(Vec::new()), |context| context.blueprints(py))?;
    for name in names.iter().rev() {
        lists.extend(table.get_item(name)?);
    }
    as_lists(lists)
}

fn as_lists(found: Vec<Bound<'_, PyAny>>) -> PyResult<Vec<Bound<'_, PyList>>> {
    found
        .into_iter()
        .map(|list| list.cast_into::<PyList>().map_err(Into::into))
        .collect()
}

/// Calls `visit` for each function, app first, then the blueprints of the request (if there is one) from the outside in,
/// until it breaks with a value.
pub fn each<'py, R>(
    app: &Bound<'py, PyAny>,
    which: AppAttribute,
    context: Option<&RequestContext>,
    mut visit: impl FnMut(&Bound<'py, PyAny>) -> PyResult<Option<R>>,
) -> PyResult<Option<R>> {
    let Some(table) = table(app, which)? else {
        return Ok(None);
    };
    for functions in outside_in(&table, context)? {
        for function in functions.iter() {
            if let Some(value) = visit(&function)? {
                return Ok(Some(value));
            }
        }
    }
    Ok(None)
}

/// Calls `visit` for each function the other way round: innermost blueprint first, the app last, each list from its
/// end.
pub fn each_reversed<'py>(
    app: &Bound<'py, PyAny>,
    which: AppAttribute,
    context: &RequestContext,
    mut visit: impl FnMut(&Bound<'py, PyAny>) -> PyResult<()>,
) -> PyResult<()> {
    let Some(table) = table(app, which)? else {
        return Ok(());
    };
    for functions in outside_in(&table, Some(context))?.iter().rev() {
        for function in reversed(functions) {
            visit(&function)?;
        }
    }
    Ok(())
}

/// Whether any function is registered that this request would meet.
pub fn any(app: &Bound<'_, PyAny>, which: AppAttribute, context: &RequestContext) -> PyResult<bool> {
    let Some(table) = table(app, which)? else {
        return Ok(false);
    };
    Ok(outside_in(&table, Some(context))?
        .iter()
        .any(|functions| !functions.is_empty()))
}

/// The function as something that can be called without awaiting: itself, unless it is `async def` or `ensure_sync` is
/// overridden.
pub fn callable<'py>(app: &Bound<'py, PyAny>, function: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    if is_overridden(app, Step::EnsureSync)? {
        return app.call_method1(intern!(py, "ensure_sync"), (function,));
    }
    ensure_sync(app, function)
}

/// The core's own `ensure_sync`.
pub fn ensure_sync<'py>(app: &Bound<'py, PyAny>, function: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if is_coroutine_function(function)? {
        return app.call_method1(intern!(app.py(), "async_to_sync"), (function,));
    }
    Ok(function.clone())
}

pub fn call0<'py>(app: &Bound<'py, PyAny>, function: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    callable(app, function)?.call0()
}

pub fn call1<'py>(
    app: &Bound<'py, PyAny>,
    function: &Bound<'py, PyAny>,
    argument: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    callable(app, function)?.call1((argument,))
}
