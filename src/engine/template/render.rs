//! One rendering: the context processors, the two signals, and between them the template's own code, driven as
//! Jinja2's `Template.render` drives it.

use pyo3::exceptions::PyException;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyList, PyString};

use super::guards::guards;
use super::program::functions::RenderFunction;
use super::program::kit::Kit;
use super::program::output::Output;
use super::variables;
use crate::engine::hooks::signals::{self, Signal};

/// The text of a template, with the context processors' names added to `context`, between the two template signals.
#[pyfunction]
#[pyo3(name = "_render", signature = (app, template, context))]
pub fn render<'py>(
    app: &Bound<'py, PyAny>,
    template: &Bound<'py, PyAny>,
    context: &Bound<'py, PyDict>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    app.call_method1(intern!(py, "update_template_context"), (context,))?;
    let told = [("template", template), ("context", context.as_any())];
    signals::send(app, Signal::BeforeRenderTemplate, &told)?;
    let text = text_of(template, context)?;
    signals::send(app, Signal::TemplateRendered, &told)?;
    Ok(text)
}

/// `template.render(context)`.
fn text_of<'py>(template: &Bound<'py, PyAny>, context: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    let py = template.py();
    let by_method = || template.call_method1(intern!(py, "render"), (context,));
    let Some(guards) = guards(py) else {
        return by_method();
    };
    if !guards.renders(template) {
        return by_method();
    }
    let environment = template.getattr(intern!(py, "environment"))?;
    if environment.getattr(intern!(py, "is_async"))?.is_truthy()? {
        return by_method();
    }
    let Some(variables) = variables::make(guards, template, &environment, context)? else {
        return by_method();
    };
    match joined(template, &environment, &variables) {
        Err(error) if error.is_instance_of::<PyException>(py) => explained(&environment, error),
        text => text,
    }
}

/// The text of a template for the variables of a context: its program's, or the pieces that the generated code yields.
fn joined<'py>(
    template: &Bound<'py, PyAny>,
    environment: &Bound<'py, PyAny>,
    variables: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = template.py();
    if let Some(text) = render_program(template, variables)? {
        return Ok(text.into_any());
    }
    let pieces = template.getattr(intern!(py, "root_render_func"))?.call1((variables,))?;
    environment.getattr(intern!(py, "concat"))?.call1((pieces,))
}

/// The text of a template whose program may run for this context; None for any other, which Jinja2 has to render.
#[pyfunction]
#[pyo3(signature = (template, context, /))]
pub fn render_program<'py>(
    template: &Bound<'py, PyAny>,
    context: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyString>>> {
    let text = run(template, context, Output::default())?;
    text.map(|(_, text)| text.to_py_text(template.py())).transpose()
}

/// The same as a list of the pieces that Jinja2's code would yield: for modules, which keep them.
#[pyfunction]
#[pyo3(signature = (template, context, /))]
pub fn render_pieces<'py>(
    template: &Bound<'py, PyAny>,
    context: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyList>>> {
    let py = template.py();
    match run(template, context, Output::in_pieces())? {
        Some((kit, text)) => text.to_py_pieces(kit, py).map(Some),
        None => Ok(None),
    }
}

/// Runs the program of a template, if it may run.
fn run<'py>(
    template: &Bound<'py, PyAny>,
    context: &Bound<'py, PyAny>,
    mut out: Output,
) -> PyResult<Option<(&'py Kit, Output)>> {
    let py = template.py();
    let function = template.getattr(intern!(py, "root_render_func"))?;
    let (Ok(function), Some(kit)) = (function.cast_exact::<RenderFunction>(), Kit::get(py)) else {
        return Ok(None);
    };
    if !function.get().runs_for(kit, context) {
        return Ok(None);
    }
    function.get().run(kit, context, &mut out)?;
    Ok(Some((kit, out)))
}

/// Lets Jinja2 point a traceback at the template's source. It counts on a Python frame of `render` at its beginning.
fn explained<'py>(environment: &Bound<'py, PyAny>, error: PyErr) -> PyResult<Bound<'py, PyAny>> {
    static RENDER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = environment.py();
    let value = error.into_value(py);
    RENDER
        .import(py, "flask._jinja", "_handle_exception")?
        .call1((environment, value))
}
