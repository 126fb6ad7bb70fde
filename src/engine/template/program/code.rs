//! A template's code object, with a program in it in place of the code that Jinja2 generates, which is compiled when
//! something has to run as Jinja2 runs it: streams, async environments, callers from elsewhere.

use pyo3::PyTraverseError;
use pyo3::exceptions::PyValueError;
use pyo3::gc::PyVisit;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyComplex, PyDict, PyFloat, PyString, PyTuple};

use super::functions::RenderFunction;
use crate::engine::ffi::gil_cell::GilCell;
use crate::templates::program::{FunctionKind, Global, Literal};
use crate::templates::{self, Program};

/// The program of a template, with Python's objects for its names and constants. Calling it with a module's namespace
/// puts the template's functions there, as running the generated code would.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct TemplateProgram {
    pub program: Program,
    pub names: Vec<Py<PyString>>,
    pub literals: Vec<Py<PyAny>>,
    source: Py<PyString>,
    file_name: Py<PyAny>,
}

#[pymethods]
impl TemplateProgram {
    /// Read a program from generated source.
    ///
    /// # Errors
    /// `ValueError` for a source that isn't understood; it says what of it.
    #[new]
    fn new(source: Bound<'_, PyString>, file_name: Bound<'_, PyAny>) -> PyResult<Self> {
        let py = source.py();
        let text = source.to_str()?;
        let program = templates::compile(text).map_err(|refusal| {
            PyValueError::new_err(format!(
                "{} (line {} of the generated code)",
                refusal.what, refusal.line
            ))
        })?;
        let names = program.names.iter().map(|name| PyString::intern(py, name).unbind());
        let literals = program.literals.iter().map(|literal| to_py_constant(py, literal));
        Ok(Self {
            names: names.collect(),
            literals: literals.collect::<PyResult<_>>()?,
            source: source.clone().unbind(),
            file_name: file_name.unbind(),
            program,
        })
    }

    fn __call__(slf: &Bound<'_, Self>, namespace: &Bound<'_, PyDict>) -> PyResult<()> {
        let py = slf.py();
        let this = slf.get();
        let bound = Bound::new(py, TemplateFunctions::new(slf, namespace)?)?;
        // The module's functions come first.
        let count = this
            .program
            .functions
            .iter()
            .take_while(|function| function.kind == FunctionKind::Render)
            .count();
        let functions = (0..count)
            .map(|number| Bound::new(py, RenderFunction::new(&bound, number)))
            .collect::<PyResult<Vec<_>>>()?;
        bound.get().complete(&functions)?;
        for (function, made) in this.program.functions.iter().zip(&functions) {
            namespace.set_item(&function.name, made)?;
        }
        let blocks = PyDict::new(py);
        for (name, number) in &this.program.blocks {
            blocks.set_item(name, &functions[*number])?;
        }
        namespace.set_item(intern!(py, "blocks"), blocks)?;
        namespace.set_item(intern!(py, "name"), to_py_constant(py, &this.program.template_name)?)?;
        namespace.set_item(intern!(py, "debug_info"), &this.program.debug_info)
    }
}

/// The functions of one template, made of a program for one namespace.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct TemplateFunctions {
    pub code: Py<TemplateProgram>,
    pub namespace: Py<PyDict>,
    pub environment: Py<PyAny>,
    /// What the program's module-level names mean.
    globals: GilCell<Vec<Py<PyAny>>>,
    /// The functions that Jinja2's code defines, by name; made when they are called for.
    generated: GilCell<Option<Py<PyDict>>>,
}

impl TemplateFunctions {
    fn new(code: &Bound<'_, TemplateProgram>, namespace: &Bound<'_, PyDict>) -> PyResult<Self> {
        let py = code.py();
        let environment = namespace.as_any().get_item(intern!(py, "environment"))?;
        Ok(Self {
            code: code.clone().unbind(),
            namespace: namespace.clone().unbind(),
            environment: environment.unbind(),
            globals: GilCell::new(Vec::new()),
            generated: GilCell::new(None),
        })
    }

    fn complete(&self, functions: &[Bound<'_, RenderFunction>]) -> PyResult<()> {
        let Some(first) = functions.first() else { return Ok(()) };
        let py = first.py();
        let globals = self.code.get().program.globals.iter().map(|global| match global {
            Global::Imported { module, name } => Ok(py.import(module.as_str())?.getattr(name.as_str())?.unbind()),
            Global::BuiltIn(name) => Ok(py.import("builtins")?.getattr(name.as_str())?.unbind()),
            Global::Function(number) => Ok(functions[*number].clone().into_any().unbind()),
        });
        let globals = globals.collect::<PyResult<Vec<_>>>()?;
        self.globals.put(py, globals);
        Ok(())
    }

    /// What a module-level name means.
    pub fn global<'py>(&self, py: Python<'py>, number: u32) -> Bound<'py, PyAny> {
        self.globals.look(py)[number as usize].bind(py).clone()
    }

    /// The function of that number that Jinja2's own code defines.
    pub fn generated<'py>(&self, py: Python<'py>, number: usize) -> PyResult<Bound<'py, PyAny>> {
        let code = self.code.get();
        let known = self
            .generated
            .look(py)
            .as_ref()
            .map(|generated| generated.clone_ref(py));
        let generated = if let Some(generated) = known {
            generated.into_bound(py)
        } else {
            let generated = self.run_generated(py)?;
            self.generated.put(py, Some(generated.clone().unbind()));
            generated
        };
        generated.as_any().get_item(&code.program.functions[number].name)
    }

    /// Compiles and runs Jinja2's code, and leaves the namespace with the program's functions as it was.
    fn run_generated<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let code = self.code.get();
        let namespace = self.namespace.bind(py);
        let builtins = py.import("builtins")?;
        let compiled = builtins
            .getattr("compile")?
            .call1((&code.source, &code.file_name, "exec"))?;
        let before = namespace.copy()?;
        builtins.getattr("exec")?.call1((compiled, namespace))?;
        let generated = namespace.copy()?;
        namespace.update(before.as_mapping())?;
        Ok(generated)
    }
}

#[pymethods]
impl TemplateFunctions {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.namespace)?;
        visit.call(&self.environment)?;
        if let Some(globals) = self.globals.visited(&visit) {
            for global in globals.iter() {
                visit.call(global)?;
            }
        }
        if let Some(generated) = self.generated.visited(&visit)
            && let Some(generated) = generated.as_ref()
        {
            visit.call(generated)?;
        }
        Ok(())
    }
}

fn to_py_constant(py: Python<'_>, literal: &Literal) -> PyResult<Py<PyAny>> {
    Ok(match literal {
        Literal::None => py.None(),
        Literal::Bool(value) => value.into_pyobject(py)?.to_owned().into_any().unbind(),
        Literal::Int(digits) => match digits.parse::<i64>() {
            Ok(number) => number.into_pyobject(py)?.into_any().unbind(),
            Err(_) => py.get_type::<pyo3::types::PyInt>().call1((digits,))?.unbind(),
        },
        Literal::Float(value) => PyFloat::new(py, *value).into_any().unbind(),
        Literal::Imaginary(value) => PyComplex::from_doubles(py, 0.0, *value).into_any().unbind(),
        Literal::Text(text) => PyString::new(py, text).into_any().unbind(),
        Literal::Tuple(items) => {
            let items = items.iter().map(|item| to_py_constant(py, item));
            PyTuple::new(py, items.collect::<PyResult<Vec<_>>>()?)?
                .into_any()
                .unbind()
        }
    })
}
