//! The native base of `flask.Flask`: the request-time methods as Python sees them. Each is a thin entry to the step's
//! own file.

use crate::engine::app::core::AppCore;
use crate::engine::app::lookup::overridden;
use crate::engine::context::AppContext;
use crate::engine::gateway::start_response;
use crate::engine::interpreter::optional_arg::Given;
use crate::engine::interpreter::truth::Truth;
use crate::engine::lifecycle::full_dispatch;
use crate::engine::lifecycle::teardown;
use crate::engine::lifecycle::url_for;
use crate::engine::lifecycle::wsgi_app;
use crate::engine::lifecycle::{dispatch_request, finalize, preprocess};
use crate::engine::request::context::RequestContext;
use crate::engine::request::context::current_context;
use crate::engine::request::state::RequestState;
use crate::engine::response::make_response;
use crate::engine::template::context_processors;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use std::sync::Arc;

#[pymethods]
impl AppCore {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs))]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self::default()
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.session_keys.traverse(&visit)?;
        self.snapshot.traverse(&visit)
    }

    fn __clear__(&self, py: Python<'_>) {
        self.session_keys.set(py, None);
        self.snapshot.put(py, None);
    }

    /// What `copy.copy` gives to a copy; the engine's own part of it begins anew.
    fn __getstate__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.getattr(pyo3::intern!(slf.py(), "__dict__"))
    }

    /// The WSGI entry, through `wsgi_app` so that middleware put there is met.
    fn __call__<'py>(
        slf: &Bound<'py, Self>,
        environ: Bound<'py, PyAny>,
        start_response: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        slf.as_any()
            .call_method1(pyo3::intern!(slf.py(), "wsgi_app"), (environ, start_response))
    }

    /// The application itself, without middleware.
    fn wsgi_app<'py>(
        slf: &Bound<'py, Self>,
        environ: &Bound<'py, PyDict>,
        start_response: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let state = Arc::new(RequestState::from_environ(environ)?);
        wsgi_app::request(slf.as_any(), &state, |answer| {
            start_response::start(slf.as_any(), answer, environ, start_response)
        })
    }

    /// The relative URL of an endpoint inside a request, or None when a URL adapter has to build it.
    #[pyo3(signature = (endpoint, values, method))]
    fn _relative_url(
        slf: &Bound<'_, Self>,
        endpoint: &Bound<'_, PyAny>,
        values: &Bound<'_, PyDict>,
        method: Option<&str>,
    ) -> PyResult<Option<String>> {
        url_for::build(slf.as_any(), endpoint, values, method)
    }

    fn update_template_context(slf: &Bound<'_, Self>, context: &Bound<'_, PyDict>) -> PyResult<()> {
        context_processors::update_context(slf.as_any(), context)
    }

    fn app_context<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, AppContext>> {
        Bound::new(slf.py(), AppContext::over(slf.as_any())?)
    }

    fn request_context<'py>(
        slf: &Bound<'py, Self>,
        environ: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, RequestContext>> {
        let state = Arc::new(RequestState::from_environ(environ)?);
        Bound::new(slf.py(), RequestContext::over(slf.as_any(), state)?)
    }

    fn full_dispatch_request<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let context = current_context(slf.py())?;
        let steps = overridden(slf.as_any())?;
        full_dispatch::full_own(slf.as_any(), &context, steps)?.into_response(slf.py())
    }

    fn preprocess_request<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        preprocess::preprocess(slf.as_any(), &current_context(slf.py())?)
    }

    fn dispatch_request<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        dispatch_request::dispatch(slf.as_any(), &current_context(slf.py())?)?.into_object(slf.py())
    }

    #[pyo3(
        signature = (rv, from_error_handler=Truth(false)),
        text_signature = "($self, rv, from_error_handler=False)"
    )]
    fn finalize_request<'py>(
        slf: &Bound<'py, Self>,
        rv: &Bound<'py, PyAny>,
        from_error_handler: Truth,
    ) -> PyResult<Bound<'py, PyAny>> {
        finalize::finalize_own(slf.as_any(), &current_context(slf.py())?, rv, from_error_handler.0)
    }

    fn make_response<'py>(slf: &Bound<'py, Self>, rv: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        make_response::to_response(slf.as_any(), None, rv)
    }

    fn process_response<'py>(slf: &Bound<'py, Self>, response: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        finalize::process(slf.as_any(), &current_context(slf.py())?, response)
    }

    #[pyo3(signature = (exc=Given::Absent))]
    fn do_teardown_request(slf: &Bound<'_, Self>, exc: Given<'_>) -> PyResult<()> {
        let error = exc.or_handled(slf.py());
        teardown::request_functions(slf.as_any(), current_context(slf.py())?.get(), error.as_ref())
    }

    #[pyo3(signature = (exc=Given::Absent))]
    fn do_teardown_appcontext(slf: &Bound<'_, Self>, exc: Given<'_>) -> PyResult<()> {
        let error = exc.or_handled(slf.py());
        teardown::app_context_functions(slf.as_any(), error.as_ref())
    }
}
