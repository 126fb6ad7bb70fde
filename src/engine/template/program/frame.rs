//! One run of a function: its variables, and what is the same for everything in it.

use std::cell::OnceCell;

use pyo3::exceptions::PyUnboundLocalError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::cell::VariableCell;
use super::code::{TemplateFunctions, TemplateProgram};
use super::kit::Kit;
use super::loops::LoopState;
use super::output::Output;
use crate::engine::template::jinja_context::layers_of;
use crate::templates::program::{Function, Var};

/// What a function is given at its beginning, and its inner functions with it.
pub struct Ambient<'py> {
    pub kit: &'py Kit,
    pub context: Bound<'py, PyAny>,
    pub environment: Bound<'py, PyAny>,
    /// The class of undefined values.
    pub undefined: Bound<'py, PyAny>,
    /// The context's own variables and those it was made with; read when the first is looked up.
    pub layers: OnceCell<Option<[Bound<'py, PyDict>; 2]>>,
}

impl<'py> Ambient<'py> {
    pub fn of(kit: &'py Kit, context: Bound<'py, PyAny>, environment: Bound<'py, PyAny>) -> PyResult<Self> {
        let undefined = environment.getattr(intern!(environment.py(), "undefined"))?;
        Ok(Self {
            kit,
            context,
            environment,
            undefined,
            layers: OnceCell::new(),
        })
    }

    /// `context.resolve_or_missing(name)`.
    pub fn resolve(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        let Some(layers) = self.layers.get_or_init(|| layers_of(&self.context).unwrap_or_default()) else {
            let resolve = intern!(name.py(), "resolve_or_missing");
            return self.context.call_method1(resolve, (name,));
        };
        for layer in layers {
            if let Some(value) = layer.get_item(name)? {
                return Ok(value);
            }
        }
        Ok(self.kit.missing(name.py()).clone())
    }

    /// An undefined value of that name.
    pub fn undefined_name(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        let keywords = PyDict::new(name.py());
        keywords.set_item(intern!(name.py(), "name"), name)?;
        self.undefined.call((), Some(&keywords))
    }
}

/// One run of a function.
pub struct Frame<'a, 'py> {
    pub py: Python<'py>,
    pub owner: &'a Bound<'py, TemplateFunctions>,
    pub code: &'a TemplateProgram,
    pub function: &'a Function,
    pub ambient: &'a Ambient<'py>,
    pub locals: Vec<Option<Bound<'py, PyAny>>>,
    pub cells: Vec<Bound<'py, VariableCell>>,
    pub loops: Vec<Option<LoopState<'py>>>,
    pub buffers: Vec<Output>,
    /// The line of the statement that failed.
    pub failed_line: Option<u32>,
}

impl<'a, 'py> Frame<'a, 'py> {
    pub fn new(
        owner: &'a Bound<'py, TemplateFunctions>,
        number: usize,
        ambient: &'a Ambient<'py>,
        captured: &[Py<VariableCell>],
    ) -> PyResult<Self> {
        let py = owner.py();
        let code = owner.get().code.get();
        let function = &code.program.functions[number];
        let own = (0..function.own_cells).map(|_| Bound::new(py, VariableCell::default()));
        let captured = captured.iter().map(|cell| Ok(cell.bind(py).clone()));
        Ok(Self {
            py,
            owner,
            code,
            function,
            ambient,
            locals: vec![None; function.locals],
            cells: own.chain(captured).collect::<PyResult<_>>()?,
            loops: std::iter::repeat_with(|| None)
                .take(function.loop_names.len())
                .collect(),
            buffers: std::iter::repeat_with(Output::default).take(function.buffers).collect(),
            failed_line: None,
        })
    }

    pub fn name(&self, number: u32) -> &'a Bound<'py, PyString> {
        self.code.names[number as usize].bind(self.py)
    }

    pub fn cell(&self, var: Var) -> &Bound<'py, VariableCell> {
        match var {
            Var::Local(number) | Var::Cell(number) => &self.cells[number as usize],
        }
    }

    /// The value of a variable.
    ///
    /// # Errors
    /// `UnboundLocalError` before it has one, as in the generated code.
    #[inline]
    pub fn get(&self, var: Var) -> PyResult<Bound<'py, PyAny>> {
        match self.value(var) {
            Some(value) => Ok(value),
            None => Err(self.unbound(var)),
        }
    }

    /// The value of a variable, if it has one.
    #[inline]
    pub fn value(&self, var: Var) -> Option<Bound<'py, PyAny>> {
        match var {
            Var::Local(number) => self.locals[number as usize].clone(),
            Var::Cell(number) => {
                let cell = self.cells[number as usize].borrow();
                cell.value.as_ref().map(|value| value.bind(self.py).clone())
            }
        }
    }

    #[inline]
    pub fn set(&mut self, var: Var, value: Bound<'py, PyAny>) {
        match var {
            Var::Local(number) => {
                // Dropped after the variable has its new value: a destructor may run.
                drop(self.locals[number as usize].replace(value));
            }
            Var::Cell(number) => {
                let old = self.cells[number as usize].borrow_mut().value.replace(value.unbind());
                drop(old);
            }
        }
    }

    /// The name of a variable in the generated code.
    pub fn var_name(&self, var: Var) -> &'a str {
        let name = match var {
            Var::Local(number) => self.function.local_names[number as usize],
            Var::Cell(number) => self.function.cell_names[number as usize],
        };
        &self.code.program.names[name as usize]
    }

    #[cold]
    fn unbound(&self, var: Var) -> PyErr {
        let name = self.var_name(var);
        PyUnboundLocalError::new_err(format!(
            "cannot access local variable '{name}' where it is not associated with a value"
        ))
    }

    pub fn take_buffer(&mut self, number: u32) -> Output {
        std::mem::take(&mut self.buffers[number as usize])
    }
}
