//! The variables a template is rendered with, beside those its view gives.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::context::{AppContext, RequestContext};
use super::globals::cv_app;
use super::hooks;
use super::outlook::AppAttribute;

/// The context processor every application begins with: `g` and `request` themselves in place of the proxies, as far as
/// there are contexts. `session` stays a proxy: looking at it must go through the context, which notes that it was
/// accessed.
#[pyfunction]
#[pyo3(name = "_default_template_ctx_processor")]
pub fn default_names(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let names = PyDict::new(py);
    if let Some(context) = cv_app(py).get(py) {
        let g = match context.cast_exact::<AppContext>() {
            Ok(own) => own.get().g(py)?,
            Err(_) => context.getattr(intern!(py, "g"))?,
        };
        names.set_item(intern!(py, "g"), g)?;
    }
    if let Some(context) = RequestContext::current(py)? {
        names.set_item(intern!(py, "request"), context.get().request(py)?)?;
    }
    Ok(names)
}

/// `app.update_template_context()`: adds what the context processors give; a variable that is there already stays.
pub fn update_context(app: &Bound<'_, PyAny>, context: &Bound<'_, PyDict>) -> PyResult<()> {
    let py = app.py();
    let given = context.copy()?;
    let request = RequestContext::current(py)?;
    let state = request.as_ref().map(|request| &*request.get().state);
    hooks::each(
        app,
        AppAttribute::TemplateContextProcessors,
        state,
        |processor| -> PyResult<Option<()>> {
            let names = hooks::call0(app, processor)?;
            context.call_method1(intern!(py, "update"), (names,))?;
            Ok(None)
        },
    )?;
    context.update(given.as_mapping())
}
