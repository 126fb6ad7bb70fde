//! `flask.ctx.RequestContext` as Python sees it.
//!
//! It must not know how a context is bound or what its parts are made of.

use std::sync::Arc;

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::context_dict::with_current;
use crate::engine::context::app_context::push_or_call;
use crate::engine::interpreter::optional_arg::OptionalArg;
use crate::engine::lifecycle::match_request;
use crate::engine::request::context::RequestContext;
use crate::engine::request::state::RequestState;
use crate::engine::session;

#[pymethods]
impl RequestContext {
    #[new]
    #[pyo3(signature = (app, environ, request=None, session=None))]
    fn new(
        app: &Bound<'_, PyAny>,
        environ: &Bound<'_, PyDict>,
        request: Option<Bound<'_, PyAny>>,
        session: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let context = match request {
            Some(request) => Self::of_request(app, environ, &request)?,
            None => Self::over(app, Arc::new(RequestState::from_environ(environ)?))?,
        };
        context.session.set(app.py(), session);
        Ok(context)
    }

    /// The application, for life.
    #[getter(app)]
    fn get_app(&self, py: Python<'_>) -> Py<PyAny> {
        self.app.clone_ref(py)
    }

    #[getter(request)]
    fn get_request<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.request(py)
    }

    /// Another request from here on. What stock has of the former by then is made: the adapter, the session.
    #[setter(request)]
    fn set_request(slf: &Bound<'_, Self>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let (py, this) = (slf.py(), slf.get());
        if !this.request(py)?.is(value) {
            this.adapter(py)?;
            session::untouched(slf)?;
            this.put_request(value);
        }
        Ok(())
    }

    #[getter(url_adapter)]
    fn get_url_adapter<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.adapter(py)
    }

    #[setter(url_adapter)]
    fn set_url_adapter(&self, py: Python<'_>, value: Py<PyAny>) {
        self.url_adapter.set(py, Some(value));
    }

    #[getter]
    fn flashes<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        self.flashes.get(py)
    }

    #[setter(flashes)]
    fn set_flashes(&self, py: Python<'_>, value: Option<Py<PyAny>>) {
        self.flashes.set(py, value);
    }

    /// The session. Looking at it counts as access, of which the response informs caches by `Vary: Cookie`.
    #[getter(session)]
    fn get_session<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        session::touched(slf)
    }

    #[getter(_session)]
    fn get_untouched_session<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        session::untouched(slf)
    }

    #[setter(_session)]
    fn set_session(&self, py: Python<'_>, value: Option<Py<PyAny>>) {
        self.session.set(py, value);
    }

    #[getter(_after_request_functions)]
    fn get_after_functions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.after.get_or_make(py, || Ok(PyList::empty(py).into_any()))
    }

    #[setter(_after_request_functions)]
    fn set_after_functions(&self, py: Python<'_>, value: Py<PyAny>) {
        self.after.set(py, Some(value));
    }

    /// One entry for each push in force: its token, and the application context pushed along.
    #[getter(_cv_tokens)]
    fn get_tokens<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let held: Vec<_> = self
            .tokens
            .look(py)
            .iter()
            .map(|(t, c)| (t.clone_ref(py), c.as_ref().map(|c| c.clone_ref(py))))
            .collect();
        PyList::new(py, held)
    }

    #[getter]
    fn __dict__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyDict>> {
        let py = slf.py();
        let this = slf.get();
        let or_none = |value: Option<Bound<'py, PyAny>>| value.unwrap_or_else(|| py.None().into_bound(py));
        let current = [
            (intern!(py, "app"), this.app(py).clone()),
            (intern!(py, "request"), this.request(py)?),
            (intern!(py, "url_adapter"), this.adapter(py)?),
            (intern!(py, "flashes"), or_none(this.flashes.get(py))),
            (intern!(py, "_session"), or_none(session::untouched(slf)?)),
            (intern!(py, "_after_request_functions"), this.get_after_functions(py)?),
            (intern!(py, "_cv_tokens"), this.get_tokens(py)?.into_any()),
        ];
        with_current(slf.as_any(), current)
    }

    /// Make this the current request context, and match the URL. Each push needs a `pop`.
    ///
    /// What matching raises waits in `request.routing_exception` until the request is dispatched.
    fn push(slf: &Bound<'_, Self>) -> PyResult<()> {
        Self::bind(slf)
    }

    /// Undo one push. The last one runs the `teardown_request` functions and closes the files of the request.
    ///
    /// The application context that was pushed along is popped too.
    ///
    /// Args:
    ///     exc: the exception that the functions get, or None. Left out, it is the exception being handled.
    ///
    /// Raises `AssertionError` when another context is the current one.
    #[pyo3(signature = (exc=OptionalArg::Absent))]
    fn pop(slf: &Bound<'_, Self>, exc: OptionalArg<'_>) -> PyResult<()> {
        Self::unbind(slf, exc.or_handled(slf.py()))
    }

    /// Match the URL: set the request's `url_rule` and `view_args`, or else its `routing_exception`.
    ///
    /// `push` calls this. Override it to choose the view in another way.
    fn match_request(slf: &Bound<'_, Self>) -> PyResult<()> {
        match_request::match_request(slf)
    }

    /// Return a new context with the same request and session, to be pushed in another thread or greenlet.
    ///
    /// Both contexts share the request object, so at most one of them should read the body. See
    /// `flask.copy_current_request_context`.
    fn copy<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let this = slf.get();
        let request = this.request(py)?;
        let arguments = PyDict::new(py);
        arguments.set_item("environ", request.getattr(intern!(py, "environ"))?)?;
        arguments.set_item("request", request)?;
        arguments.set_item("session", session::untouched(slf)?)?;
        slf.get_type().call((this.app.clone_ref(py),), Some(&arguments))
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

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let py = slf.py();
        let request = slf.get().request(py)?;
        let name = slf.get_type().name()?.to_string();
        let url = request.getattr(intern!(py, "url"))?.repr()?.to_string();
        let method = request.getattr(intern!(py, "method"))?.to_string();
        Ok(format!(
            "<{name} {url} [{method}] of {}>",
            slf.get().app.bind(py).getattr(intern!(py, "name"))?
        ))
    }
}
