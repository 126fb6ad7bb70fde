//! Frames of a template in the traceback of an error: as of the generated code, so that Jinja2 shows the template's own
//! lines and variables.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use super::frame::Frame;
use crate::templates::program::Var;

/// Puts the frame of a function on top of an error's traceback.
#[cold]
pub fn add_frame(frame: &Frame<'_, '_>, error: PyErr) -> PyErr {
    // With the traceback so far, which an error that was just raised does not have in it before CPython 3.12.
    let value = error.clone_ref(frame.py).into_value(frame.py).into_bound(frame.py);
    match point_at(frame, value.as_any()) {
        Ok(()) => PyErr::from_value(value.into_any()),
        // What the template raised counts more.
        Err(_) => error,
    }
}

fn point_at(frame: &Frame<'_, '_>, error: &Bound<'_, PyAny>) -> PyResult<()> {
    static ADD: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = frame.py;
    let variables = PyDict::new(py);
    if frame.function.has_context {
        variables.set_item("context", &frame.ambient.context)?;
    }
    for (state, name) in frame.loops.iter().zip(&frame.function.loop_names) {
        if let Some(state) = state.as_ref().filter(|state| state.has_begun()) {
            variables.set_item(frame.name(*name), state.to_py_loop(&frame.ambient.undefined)?)?;
        }
    }
    let locals = (0..).map(Var::Local).zip(&frame.function.local_names);
    let cells = (0..).map(Var::Cell).zip(&frame.function.cell_names);
    for (var, name) in locals.chain(cells) {
        let is_there = match var {
            Var::Local(number) => frame.locals.len() > number as usize,
            Var::Cell(number) => frame.cells.len() > number as usize,
        };
        if is_there && let Some(value) = frame.value(var) {
            variables.set_item(frame.name(*name), value)?;
        }
    }
    let line = frame.failed_line.unwrap_or(1);
    ADD.import(py, "flask._jinja", "_add_frame")?.call1((
        error,
        &frame.owner.get().namespace,
        &frame.function.name,
        line,
        variables,
    ))?;
    Ok(())
}
