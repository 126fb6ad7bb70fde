//! The functions of a template as Python sees them: those that yield text, and those inside of them.

use std::cell::OnceCell;

use pyo3::PyTraverseError;
use pyo3::exceptions::PyTypeError;
use pyo3::gc::PyVisit;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::cell::VariableCell;
use super::code::TemplateFunctions;
use super::flow::Flow;
use super::frame::{Ambient, Frame};
use super::kit::Kit;
use super::output::Output;
use super::tracebacks;
use crate::engine::ffi;
use crate::templates::program::{Escaping, Var};

/// The function of a template or of a block, as in `Template.root_render_func` and `Template.blocks`.
///
/// Called from Python, it is Jinja2's own generator; where we render, its program runs.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct RenderFunction {
    owner: Py<TemplateFunctions>,
    number: usize,
}

impl RenderFunction {
    pub fn new(owner: &Bound<'_, TemplateFunctions>, number: usize) -> Self {
        Self {
            owner: owner.clone().unbind(),
            number,
        }
    }

    /// Whether its program may run for a context: both are as they should be.
    pub fn runs_for(&self, kit: &Kit, context: &Bound<'_, PyAny>) -> bool {
        kit.reads(context) && kit.runs_in(self.owner.get().environment.bind(context.py()))
    }

    /// Runs the program.
    pub fn run<'py>(&self, kit: &'py Kit, context: &Bound<'py, PyAny>, out: &mut Output) -> PyResult<()> {
        let py = context.py();
        let owner = self.owner.bind(py);
        let ambient = Ambient::of(kit, context.clone(), owner.get().environment.bind(py).clone())?;
        let _level = ffi::RecursionLevel::enter(py)?;
        let mut frame = Frame::new(owner, self.number, &ambient, &[])?;
        let body = &frame.function.body;
        match frame.run(body, out) {
            Ok(_) => Ok(()),
            Err(error) => Err(tracebacks::add_frame(&frame, error)),
        }
    }
}

#[pymethods]
impl RenderFunction {
    fn __call__<'py>(&self, context: Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = context.py();
        self.owner.get().generated(py, self.number)?.call1((context,))
    }

    #[getter]
    fn __name__(&self) -> String {
        self.owner.get().code.get().program.functions[self.number].name.clone()
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.owner)
    }
}

/// A function in a function: the body of a macro, of a call block or of a recursive loop, or the condition of a loop.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct InnerFunction {
    pub owner: Py<TemplateFunctions>,
    pub number: usize,
    pub cells: Vec<Py<VariableCell>>,
    pub context: Py<PyAny>,
    pub undefined: Py<PyAny>,
}

impl InnerFunction {
    /// What the function around it was given.
    pub fn ambient<'py>(&self, kit: &'py Kit, py: Python<'py>) -> Ambient<'py> {
        Ambient {
            kit,
            context: self.context.bind(py).clone(),
            environment: self.owner.get().environment.bind(py).clone(),
            undefined: self.undefined.bind(py).clone(),
            layers: OnceCell::new(),
        }
    }

    /// Runs the program with one argument for each parameter.
    pub fn run<'py>(&self, kit: &'py Kit, py: Python<'py>, args: &[Bound<'py, PyAny>]) -> PyResult<Returned<'py>> {
        let owner = self.owner.bind(py);
        let ambient = self.ambient(kit, py);
        let _level = ffi::RecursionLevel::enter(py)?;
        let mut frame = Frame::new(owner, self.number, &ambient, &self.cells)?;
        let function = frame.function;
        for (param, value) in function.params.iter().zip(args) {
            frame.set(param.var, value.clone());
        }
        match frame.run(&function.body, &mut Output::default()) {
            Ok(Flow::Return(value)) => Ok(Returned::Value(value)),
            Ok(Flow::ReturnBuffer(buffer, escaping)) => Ok(Returned::Text(frame.take_buffer(buffer), escaping)),
            Ok(_) => Ok(Returned::Value(py.None().into_bound(py))),
            Err(error) => Err(tracebacks::add_frame(&frame, error)),
        }
    }

    /// The arguments of a call by Python, one for each parameter.
    pub fn bind<'py>(
        &self,
        args: &Bound<'py, PyTuple>,
        keywords: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let py = args.py();
        let code = self.owner.get().code.get();
        let function = &code.program.functions[self.number];
        let mut bound: Vec<_> = args.iter().collect();
        let wrong = || PyTypeError::new_err(format!("wrong arguments for {}()", function.name));
        let mut used = 0;
        for param in function.params.iter().skip(bound.len()) {
            let given = match keywords {
                Some(keywords) => keywords.get_item(&code.names[param.name as usize])?,
                None => None,
            };
            used += usize::from(given.is_some());
            let default = param
                .default
                .map(|number| code.literals[number as usize].bind(py).clone());
            bound.push(given.or(default).ok_or_else(wrong)?);
        }
        if bound.len() > function.params.len() || keywords.map_or(0, PyDictMethods::len) != used {
            return Err(wrong());
        }
        Ok(bound)
    }
}

/// What an inner function gives back: a value, or the text of one of its buffers.
pub enum Returned<'py> {
    Value(Bound<'py, PyAny>),
    Text(Output, Escaping),
}

/// The cells that an inner function sees of the function that defines it.
pub fn cells_for(frame: &Frame<'_, '_>, captured: &[u32]) -> Vec<Py<VariableCell>> {
    captured
        .iter()
        .map(|number| frame.cell(Var::Cell(*number)).clone().unbind())
        .collect()
}
