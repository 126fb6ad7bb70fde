//! What compiled templates call on their context: the value of a name, and to call something. Jinja2's own
//! answers wherever something has to be passed along, or was changed.

use pyo3::exceptions::PyStopIteration;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PySuper, PyTuple, PyType};

use super::guards::guards;
use super::pass_mark::{PassMark, mark_of};

/// Base of the context that our Jinja environments render with, before Jinja2's own: what compiled templates call.
///
/// It takes any arguments and leaves them to the other base.
#[pyclass(subclass, frozen, module = "ferroflask._core")]
pub struct ContextCore;

#[pymethods]
impl ContextCore {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs))]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self
    }

    /// Return the value of a name, or Jinja2's mark for a missing one.
    #[pyo3(signature = (key, /))]
    fn resolve_or_missing<'py>(slf: &Bound<'py, Self>, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        static MISSING: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        let py = slf.py();
        let by_jinja = || inherited(slf)?.call_method1(intern!(py, "resolve_or_missing"), (key,));
        if !is_native(py) {
            return by_jinja();
        }
        let Some(layers) = layers_of(slf.as_any())? else {
            return by_jinja();
        };
        for layer in layers {
            if let Some(value) = layer.get_item(key)? {
                return Ok(value);
            }
        }
        MISSING.import(py, "jinja2.utils", "missing").cloned()
    }

    /// Call `obj`, with what Jinja2 has to pass it first.
    #[pyo3(signature = (obj, /, *args, **kwargs))]
    fn call<'py>(
        slf: &Bound<'py, Self>,
        obj: &Bound<'py, PyAny>,
        args: &Bound<'py, PyTuple>,
        kwargs: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        if !is_native(py) || !matches!(mark_of(obj)?, PassMark::None) {
            return inherited(slf)?
                .getattr(intern!(py, "call"))?
                .call(with_first(obj, args)?, kwargs);
        }
        if let Some(kwargs) = kwargs {
            // Compiled templates send their variables along, for functions that take the context.
            for own in [intern!(py, "_block_vars"), intern!(py, "_loop_vars")] {
                if kwargs.contains(own)? {
                    kwargs.del_item(own)?;
                }
            }
        }
        match obj.call(args, kwargs.filter(|kwargs| !kwargs.is_empty())) {
            Err(error) if error.is_instance_of::<PyStopIteration>(py) => {
                // Jinja2 has a value for this, and says in it what happened.
                inherited(slf)?.call_method1(intern!(py, "call"), (exhausted(py)?,))
            }
            answer => answer,
        }
    }
}

/// Whether Jinja2's own context would do what is done here.
pub fn is_native(py: Python<'_>) -> bool {
    guards(py).is_some_and(|guards| guards.looks_names_up(py))
}

/// The context as its next base sees it.
fn inherited<'py>(context: &Bound<'py, ContextCore>) -> PyResult<Bound<'py, PySuper>> {
    PySuper::new(&PyType::new::<ContextCore>(context.py()), context)
}

fn with_first<'py>(first: &Bound<'py, PyAny>, rest: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(
        first.py(),
        std::iter::once(first.clone()).chain(rest.iter()).collect::<Vec<_>>(),
    )
}

/// The two dicts in which a context looks names up: its own variables, then those it was made with. None where it has
/// something else.
pub fn layers_of<'py>(context: &Bound<'py, PyAny>) -> PyResult<Option<[Bound<'py, PyDict>; 2]>> {
    let py = context.py();
    let layer = |name| -> PyResult<Option<Bound<'py, PyDict>>> { Ok(context.getattr(name)?.cast_into_exact().ok()) };
    let (vars, parent) = (layer(intern!(py, "vars"))?, layer(intern!(py, "parent"))?);
    Ok(vars.zip(parent).map(|(vars, parent)| [vars, parent]))
}

/// A callable that raises `StopIteration`.
pub fn exhausted(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    PyTuple::empty(py).try_iter()?.getattr(intern!(py, "__next__"))
}
