//! `Environment.get_template` as far as it is a look-up in Jinja2's cache of loaded templates. It must not load any.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyWeakrefReference};

use super::guards::guards;

/// The loaded template of that name, or None when Jinja2 has to look for it: not loaded yet, reloading is on, the
/// environment has its own way, the cache is full.
///
/// Jinja2 moves what it finds to the end of the cache's queue, which is searched for it from the front. Which template
/// was used last matters when one has to go, so a cache with room left is not put in order.
#[pyfunction]
#[pyo3(signature = (environment, name, /))]
pub fn loaded_template<'py>(
    environment: &Bound<'py, PyAny>,
    name: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = environment.py();
    let Some(guards) = guards(py) else {
        return Ok(None);
    };
    if !name.is_exact_instance_of::<PyString>() || !guards.loads(environment) {
        return Ok(None);
    }
    let cache = environment.getattr(intern!(py, "cache"))?;
    // Whether a template is current may be answered by a program's function, which is to be called once.
    if !guards.is_cache(&cache) || environment.getattr(intern!(py, "auto_reload"))?.is_truthy()? {
        return Ok(None);
    }
    let held = cache.getattr(intern!(py, "_mapping"))?;
    let Ok(held) = held.cast_exact::<PyDict>() else {
        return Ok(None);
    };
    if held.len() >= cache.getattr(intern!(py, "capacity"))?.extract::<usize>()? {
        return Ok(None);
    }
    let loader = environment.getattr(intern!(py, "loader"))?;
    if loader.is_none() {
        return Ok(None);
    }
    held.get_item((PyWeakrefReference::new(&loader)?, name))
}

/// `app.jinja_env.get_or_select_template(name)`.
#[pyfunction]
#[pyo3(signature = (app, name, /))]
pub fn find_template<'py>(app: &Bound<'py, PyAny>, name: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let made = guards(py).map_or(Ok(None), |guards| guards.environment_of(app))?;
    let environment = match made {
        Some(environment) => environment,
        None => app.getattr(intern!(py, "jinja_env"))?,
    };
    match loaded_template(&environment, name)? {
        Some(template) => Ok(template),
        None => environment.call_method1(intern!(py, "get_or_select_template"), (name,)),
    }
}
