//! The native base of `flask.Flask`: the request-time methods as Python sees them. Each is a thin entry to the step's
//! own file.

use std::sync::Arc;

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use super::context::{AppContext, RequestContext};
use super::dispatch;
use super::given::Given;
use super::outlook::{KeptOutlook, overridden};
use super::relative_url;
use super::return_value;
use super::serve;
use super::slot::Slot;
use super::state::RequestState;
use super::teardown;
use super::template;
use super::truth::Truth;
use super::wsgi;

/// Base class of `flask.Flask`, before `flask.sansio.app.App` in its MRO.
#[pyclass(subclass, dict, frozen, module = "ferroflask._core")]
#[derive(Default)]
pub struct AppCore {
    /// The keys that sign the default session's cookie.
    pub session_keys: Slot,
    /// What the last look at the application told.
    pub outlook: KeptOutlook,
}

#[pymethods]
impl AppCore {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs))]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self::default()
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.session_keys.traverse(&visit)?;
        self.outlook.traverse(&visit)
    }

    fn __clear__(&self, py: Python<'_>) {
        self.session_keys.set(py, None);
        self.outlook.put(py, None);
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
        serve::request(slf.as_any(), &state, |answer| {
            wsgi::start(slf.as_any(), answer, environ, start_response)
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
        relative_url::build(slf.as_any(), endpoint, values, method)
    }

    fn update_template_context(slf: &Bound<'_, Self>, context: &Bound<'_, PyDict>) -> PyResult<()> {
        template::update_context(slf.as_any(), context)
    }

    fn app_context<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, AppContext>> {
        Bound::new(slf.py(), AppContext::new(slf.as_any())?)
    }

    fn request_context<'py>(
        slf: &Bound<'py, Self>,
        environ: &Bound<'py, PyDict>,
    ) -> PyResult<Bound<'py, RequestContext>> {
        let state = Arc::new(RequestState::from_environ(environ)?);
        Bound::new(slf.py(), RequestContext::over(slf.as_any(), state)?)
    }

    fn full_dispatch_request<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let context = dispatch::current_context(slf.py())?;
        let steps = overridden(slf.as_any())?;
        dispatch::full_own(slf.as_any(), &context, steps)?.into_response(slf.as_any())
    }

    fn preprocess_request<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        dispatch::preprocess(slf.as_any(), &dispatch::current_context(slf.py())?)
    }

    fn dispatch_request<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        dispatch::dispatch(slf.as_any(), &dispatch::current_context(slf.py())?)
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
        dispatch::finalize_own(
            slf.as_any(),
            &dispatch::current_context(slf.py())?,
            rv,
            from_error_handler.0,
        )
    }

    fn make_response<'py>(slf: &Bound<'py, Self>, rv: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        return_value::to_response(slf.as_any(), None, rv)
    }

    fn process_response<'py>(slf: &Bound<'py, Self>, response: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        dispatch::process(slf.as_any(), &dispatch::current_context(slf.py())?, response)
    }

    #[pyo3(signature = (exc=Given::Absent))]
    fn do_teardown_request(slf: &Bound<'_, Self>, exc: Given<'_>) -> PyResult<()> {
        let error = exc.or_handled(slf.py());
        teardown::request_functions(slf.as_any(), dispatch::current_context(slf.py())?.get(), error.as_ref())
    }

    #[pyo3(signature = (exc=Given::Absent))]
    fn do_teardown_appcontext(slf: &Bound<'_, Self>, exc: Given<'_>) -> PyResult<()> {
        let error = exc.or_handled(slf.py());
        teardown::app_context_functions(slf.as_any(), error.as_ref())
    }
}
