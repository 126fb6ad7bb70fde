//! `flask.ctx.AppContext` as Python sees it: one line for each name.

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::context_dict::with_current;
use crate::engine::context::app_context::{AppContext, push_or_call};
use crate::engine::interpreter::optional_arg::OptionalArg;

#[pymethods]
impl AppContext {
    #[new]
    fn new(app: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::over(app)
    }

    /// The application, for life.
    #[getter(app)]
    fn get_app(&self, py: Python<'_>) -> Py<PyAny> {
        self.app(py).clone().unbind()
    }

    #[getter(g)]
    fn get_g<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.namespace(py)
    }

    #[setter(g)]
    fn set_g(&self, py: Python<'_>, value: Py<PyAny>) {
        self.set_namespace(py, value);
    }

    #[getter(url_adapter)]
    fn get_url_adapter<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.adapter(py)
    }

    #[setter(url_adapter)]
    fn set_url_adapter(&self, py: Python<'_>, value: Py<PyAny>) {
        self.set_adapter(py, value);
    }

    /// How often the context is pushed, as stock has it.
    #[getter(_cv_tokens)]
    fn get_tokens<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let tokens: Vec<_> = self.tokens.look(py).iter().map(|token| token.clone_ref(py)).collect();
        PyList::new(py, tokens)
    }

    #[getter]
    fn __dict__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyDict>> {
        let py = slf.py();
        let this = slf.get();
        let current = [
            (intern!(py, "app"), this.app(py).clone()),
            (intern!(py, "url_adapter"), this.adapter(py)?),
            (intern!(py, "g"), this.namespace(py)?),
            (intern!(py, "_cv_tokens"), this.get_tokens(py)?.into_any()),
        ];
        with_current(slf.as_any(), current)
    }

    /// Make this the current application context and send `appcontext_pushed`. Each push needs a `pop`.
    #[pyo3(name = "push")]
    fn py_push(slf: &Bound<'_, Self>) -> PyResult<()> {
        Self::push(slf)
    }

    /// Undo one push. The last one runs the `teardown_appcontext` functions and sends `appcontext_popped`.
    ///
    /// Args:
    ///     exc: the exception that the functions get, or None. Left out, it is the exception being handled.
    ///
    /// Raises `AssertionError` when another context is the current one.
    #[pyo3(signature = (exc=OptionalArg::Absent))]
    fn pop(slf: &Bound<'_, Self>, exc: OptionalArg<'_>) -> PyResult<()> {
        Self::unbind(slf, exc.or_handled(slf.py()))
    }

    fn __enter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        push_or_call(slf.as_any())?;
        Ok(slf.as_any().clone())
    }

    fn __exit__(
        slf: &Bound<'_, Self>,
        _kind: Py<PyAny>,
        error: Bound<'_, PyAny>,
        _traceback: Py<PyAny>,
    ) -> PyResult<()> {
        slf.as_any().call_method1(intern!(slf.py(), "pop"), (error,)).map(drop)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.traverse(&visit)
    }

    fn __clear__(&self, py: Python<'_>) {
        self.clear(py);
    }
}
