//! A template's code object, with a program in it in place of the code that Jinja2 generates, which is compiled when
//! something has to run as Jinja2 runs it: streams, async environments, callers from elsewhere.

use pyo3::PyTraverseError;
use pyo3::gc::PyVisit;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::engine::ffi::gil_cell::GilCell;
use crate::templates::Program;
use crate::templates::program::Global;

/// The program of a template, with Python's objects for its names and constants.
///
/// Calling it with a module's namespace puts the template's functions there, as running the generated code would.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct TemplateProgram {
    pub program: Program,
    pub names: Vec<Py<PyString>>,
    pub literals: Vec<Py<PyAny>>,
    pub source: Py<PyString>,
    pub file_name: Py<PyAny>,
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
    pub fn new(code: &Bound<'_, TemplateProgram>, namespace: &Bound<'_, PyDict>) -> PyResult<Self> {
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

    /// Gives the module-level names their meanings; `functions` are the module's.
    pub fn complete(&self, py: Python<'_>, functions: &[Bound<'_, PyAny>]) -> PyResult<()> {
        let globals = self.code.get().program.globals.iter().map(|global| match global {
            Global::Imported { module, name } => Ok(py.import(module.as_str())?.getattr(name.as_str())?.unbind()),
            Global::BuiltIn(name) => Ok(py.import("builtins")?.getattr(name.as_str())?.unbind()),
            Global::Function(number) => Ok(functions[*number].clone().unbind()),
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
