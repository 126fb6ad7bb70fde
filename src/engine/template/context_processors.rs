//! What `render_template` needs natively: here the variables that the context processors add to those of a view; finding
//! a loaded template, making Jinja2's context and driving the compiled code in the files below.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::engine::app::snapshot::AppAttribute;
use crate::engine::context::AppContext;
use crate::engine::context::vars::cv_app;
use crate::engine::request::context::RequestContext;
use crate::engine::{ffi, hooks};

/// Adds what `flask.templating` and `flask._jinja` use.
pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<super::jinja_context::ContextCore>()?;
    module.add_function(wrap_pyfunction!(default_names, module)?)?;
    module.add_function(wrap_pyfunction!(super::lookup::find_template, module)?)?;
    module.add_function(wrap_pyfunction!(super::lookup::loaded_template, module)?)?;
    module.add_function(wrap_pyfunction!(super::render::render, module)?)?;
    module.add_function(wrap_pyfunction!(super::render::render_program, module)?)?;
    module.add_function(wrap_pyfunction!(super::render::render_pieces, module)?)?;
    module.add_function(wrap_pyfunction!(super::variables::template_context, module)?)?;
    module.add_class::<super::program::code::TemplateProgram>()?;
    module.add_class::<super::program::functions::RenderFunction>()?;
    Ok(())
}

/// The context processor every application begins with: `g` and `request` themselves in place of the proxies, as far as
/// there are contexts. `session` stays a proxy: looking at it must go through the context, which notes that it was
/// accessed.
#[pyfunction]
#[pyo3(name = "_default_template_ctx_processor")]
fn default_names(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let names = PyDict::new(py);
    if let Some(context) = cv_app(py).get(py) {
        let g = match context.cast_exact::<AppContext>() {
            Ok(own) => own.get().namespace(py)?,
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
    let request = RequestContext::current(py)?;
    let context_of_request = request.as_ref().map(Bound::get);
    let mut added: Option<Bound<'_, PyDict>> = None;
    hooks::each(
        app,
        AppAttribute::TemplateContextProcessors,
        context_of_request,
        |processor| -> PyResult<Option<()>> {
            let names = hooks::call0(app, processor)?;
            match &added {
                // A dict that nobody else holds, as most of them return: the others' names may go into it.
                None if names.is_exact_instance_of::<PyDict>() && ffi::is_unshared(&names) => {
                    added = Some(names.cast_into()?);
                }
                None => {
                    let first = PyDict::new(py);
                    first.call_method1(intern!(py, "update"), (names,))?;
                    added = Some(first);
                }
                Some(added) => added.call_method1(intern!(py, "update"), (names,)).map(drop)?,
            }
            Ok(None)
        },
    )?;
    for (name, value) in added.into_iter().flatten() {
        if !context.contains(&name)? {
            context.set_item(name, value)?;
        }
    }
    Ok(())
}
