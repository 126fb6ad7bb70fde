//! The request context: the request (made on touch), the session (opened on touch) and what to run afterwards. How it
//! is bound and unbound is in `binding`.

use super::native_routing;
use crate::engine::context::vars::outside_of_context;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::exceptions::PyReferenceError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyType};
use smallvec::SmallVec;

use super::base::RequestBase;
use super::class;
use super::session_memo::Packed;
use super::state::RequestState;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::context::app_context::push_or_call;
use crate::engine::context::vars::cv_request;
use crate::engine::ffi::gil_cell::Attached;
use crate::engine::interpreter::gil_slot::Slot;
use crate::engine::interpreter::init_flag::Ready;
use crate::engine::interpreter::optional_arg::Given;
use crate::engine::lifecycle::match_request;
use crate::engine::session;

/// One push: the token of the context variable, and the application context that was pushed along with it.
type Pushed = (Py<PyAny>, Option<Py<PyAny>>);

/// What a request context knows: its app, the request (made on touch), the session (opened on touch) and what to run
/// afterwards.
#[pyclass(subclass, dict, weakref, frozen, module = "flask.ctx")]
pub struct RequestContext {
    ready: Ready,
    pub app: Py<PyAny>,
    /// The request as it came in. What the application sees of it is the request object's to say: `matched`.
    pub state: Arc<RequestState>,
    /// The class of the request object that is made here over the state; None where another made it.
    pub class: Option<Py<PyType>>,
    request: Slot,
    /// The request object, made or yet to be made, is the engine's own and shows what stands in the state. Without that
    /// everything is read from the object.
    shows_state: AtomicBool,
    pub url_adapter: Slot,
    flashes: Slot,
    pub session: Slot,
    /// What the session was opened from.
    pub packed_session: Attached<Option<Packed>>,
    after: Slot,
    /// One entry for each push; a second one is rare.
    pub tokens: Attached<SmallVec<[Pushed; 1]>>,
    /// The URL needs no adapter. Decided when the context is made, as stock makes the adapter then.
    is_native: bool,
}

impl RequestContext {
    /// A context over a request that came in. Its object is made on touch, unless its class has a say in what the engine
    /// reads: then now, as stock does.
    pub fn over(app: &Bound<'_, PyAny>, state: Arc<RequestState>) -> PyResult<Self> {
        let class = app_attribute(app, AppAttribute::RequestClass)?;
        let context = if let Some(class) = class::showing_state(&class)? {
            Self {
                is_native: native_routing::is_native(app, &state)?,
                class: Some(class.clone().unbind()),
                ..Self::bare(app, state)
            }
        } else {
            let request = class::call(app, &class, &state.environ(app.py())?)?;
            let context = Self::bare(app, state);
            context.put_request(&request);
            context
        };
        if !context.is_native {
            context.make_adapter_now(app)?;
        }
        Ok(context)
    }

    /// A context over a request object that somebody else made, and may have changed since.
    fn of_request(app: &Bound<'_, PyAny>, environ: &Bound<'_, PyDict>, request: &Bound<'_, PyAny>) -> PyResult<Self> {
        let shared = request.cast::<RequestBase>().ok();
        let state = match shared.and_then(|request| request.get().shared_state(app.py())) {
            Some(state) => state,
            None => Arc::new(RequestState::from_environ(environ)?),
        };
        let context = Self::bare(app, state);
        context.put_request(request);
        context.make_adapter_now(app)?;
        Ok(context)
    }

    fn bare(app: &Bound<'_, PyAny>, state: Arc<RequestState>) -> Self {
        Self {
            ready: Ready::now(),
            app: app.clone().unbind(),
            state,
            class: None,
            request: Slot::default(),
            shows_state: AtomicBool::new(true),
            url_adapter: Slot::default(),
            flashes: Slot::default(),
            session: Slot::default(),
            packed_session: Attached::default(),
            after: Slot::default(),
            tokens: Attached::default(),
            is_native: false,
        }
    }

    /// Stock makes the adapter with the context; a refused host becomes the routing exception.
    fn make_adapter_now(&self, app: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = app.py();
        match self.adapter(py) {
            Ok(_) => Ok(()),
            Err(error) if native_routing::is_http_exception(py, &error)? => {
                self.url_adapter.set(py, Some(py.None()));
                self.set_routing_exception(py, error.into_value(py).into_any())
            }
            Err(error) => Err(error),
        }
    }

    pub fn app<'py>(&self, py: Python<'py>) -> &Bound<'py, PyAny> {
        self.app.bind(py)
    }

    /// The request object, made by the first who asks.
    pub fn request<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.request.get_or_make(py, || match &self.class {
            Some(class) => class::make(self.app.bind(py), class.bind(py), &self.state),
            None => Err(PyReferenceError::new_err("the context and its request were collected")),
        })
    }

    /// Puts a request object in that was not made here over the state.
    fn put_request(&self, request: &Bound<'_, PyAny>) {
        self.shows_state.store(false, Ordering::Relaxed);
        self.request.set(request.py(), Some(request.clone().unbind()));
    }

    /// Whether the state can be read in place of the request object.
    pub fn shows_state(&self) -> bool {
        self.shows_state.load(Ordering::Relaxed)
    }

    pub fn request_if_made<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        self.request.get(py)
    }

    /// The URL adapter; None where the host was refused.
    pub fn adapter<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.url_adapter.get_or_make(py, || {
            self.app
                .bind(py)
                .call_method1(intern!(py, "create_url_adapter"), (self.request(py)?,))
        })
    }

    /// Whether URLs are matched and built here: no adapter is needed, and nobody has made or put one here.
    pub fn routes_natively(&self, py: Python<'_>) -> bool {
        self.is_native && !self.url_adapter.is_set(py)
    }

    /// Whether the context is pushed.
    pub fn is_bound(&self, py: Python<'_>) -> bool {
        !self.tokens.look(py).is_empty()
    }

    /// The functions given to `after_this_request`, if any.
    pub fn after_functions<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        self.after.get(py)
    }

    /// The current request context, when it is one of ours.
    pub fn current(py: Python<'_>) -> PyResult<Option<Bound<'_, Self>>> {
        cv_request(py)
            .get(py)
            .map(|c| c.cast_into::<Self>().map_err(Into::into))
            .transpose()
    }
}

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

    /// The session; asking for it counts as access, which the response tells caches with `Vary: Cookie`.
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

    /// How many times the context is pushed, as a list, which is what stock has here.
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

    fn push(slf: &Bound<'_, Self>) -> PyResult<()> {
        Self::bind(slf)
    }

    #[pyo3(signature = (exc=Given::Absent))]
    fn pop(slf: &Bound<'_, Self>, exc: Given<'_>) -> PyResult<()> {
        Self::unbind(slf, exc.or_handled(slf.py()))
    }

    /// Matches the URL; the rule and its arguments, or the exception, are put on the request.
    fn match_request(slf: &Bound<'_, Self>) -> PyResult<()> {
        match_request::match_request(slf)
    }

    /// A context of the same request, for another greenlet or thread.
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
        if !self.ready.is_now() {
            return Ok(());
        }
        visit.call(&self.app)?;
        visit.call(&self.class)?;
        self.state.traverse(&visit)?;
        for slot in [
            &self.request,
            &self.url_adapter,
            &self.flashes,
            &self.session,
            &self.after,
        ] {
            slot.traverse(&visit)?;
        }
        Ok(())
    }

    fn __clear__(&self, py: Python<'_>) {
        for slot in [
            &self.request,
            &self.url_adapter,
            &self.flashes,
            &self.session,
            &self.after,
        ] {
            slot.set(py, None);
        }
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

/// The context the current thread serves, for the steps when Python calls them.
pub fn current_context(py: Python<'_>) -> PyResult<Bound<'_, RequestContext>> {
    RequestContext::current(py)?.ok_or_else(|| outside_of_context(py, "_no_req_msg"))
}
