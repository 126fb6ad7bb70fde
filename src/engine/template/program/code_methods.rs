//! What Python sees of a template's program: it is read from source, and called to define the template's functions.

use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyComplex, PyDict, PyFloat, PyInt, PyString, PyTuple};

use super::code::{TemplateFunctions, TemplateProgram};
use super::functions::RenderFunction;
use crate::templates;
use crate::templates::program::{FunctionKind, Literal};

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
        let objects: Vec<_> = functions.iter().map(|function| function.as_any().clone()).collect();
        bound.get().complete(py, &objects)?;
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

fn to_py_constant(py: Python<'_>, literal: &Literal) -> PyResult<Py<PyAny>> {
    Ok(match literal {
        Literal::None => py.None(),
        Literal::Bool(value) => value.into_pyobject(py)?.to_owned().into_any().unbind(),
        Literal::Int(digits) => match digits.parse::<i64>() {
            Ok(number) => number.into_pyobject(py)?.into_any().unbind(),
            Err(_) => py.get_type::<PyInt>().call1((digits,))?.unbind(),
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
