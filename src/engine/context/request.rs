//! The request context: the request (made on touch), the session (opened on touch) and what to run afterwards. How it
//! is bound and unbound is in `binding`.

use std::sync::Arc;

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyType};
use smallvec::SmallVec;

use super::app::push_or_call;
use super::shown::with_current;
use crate::engine::attached::Attached;
use crate::engine::given::Given;
use crate::engine::globals::cv_request;
use crate::engine::outlook::{AppAttribute, app_attribute};
use crate::engine::ready::Ready;
use crate::engine::request;
use crate::engine::request_class;
use crate::engine::routes;
use crate::engine::session;
use crate::engine::session_cookie::Packed;
use crate::engine::slot::Slot;
use crate::engine::state::RequestState;

/// One push: the token of the context variable, and the application context that was pushed along with it.
type Pushed = (Py<PyAny>, Option<Py<PyAny>>);

/// What a request context knows: its app, the request (made on touch), the session (opened on touch) and what to run
/// afterwards.
#[pyclass(subclass, dict, weakref, frozen, module = "flask.ctx")]
pub struct RequestContext {
    ready: Ready,
    pub(super) app: Py<PyAny>,
    pub state: Arc<RequestState>,
    request: Slot,
    pub(super) url_adapter: Slot,
    flashes: Slot,
    pub session: Slot,
    /// What the session was opened from.
    pub packed_session: Attached<Option<Packed>>,
    after: Slot,
    /// One entry for each push; a second one is rare.
    pub(super) tokens: Attached<SmallVec<[Pushed; 1]>>,
    /// The URL needs no adapter. Decided when the context is made, as stock makes the adapter then.
    is_native: bool,
}

impl RequestContext {
    /// A context over a request that the door made; nothing of it exists in Python yet.
    pub fn over(app: &Bound<'_, PyAny>, state: Arc<RequestState>) -> PyResult<Self> {
        let is_native = routes::is_native(app, &state)?;
        let context = Self {
            ready: Ready::now(),
            app: app.clone().unbind(),
            state,
            request: Slot::default(),
            url_adapter: Slot::default(),
            flashes: Slot::default(),
            session: Slot::default(),
            packed_session: Attached::default(),
            after: Slot::default(),
            tokens: Attached::default(),
            is_native,
        };
        if !is_native {
            context.make_adapter_now(app)?;
        }
        Ok(context)
    }

    /// Stock makes the adapter with the context; a refused host becomes the routing exception.
    fn make_adapter_now(&self, app: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = app.py();
        match self.adapter(py) {
            Ok(_) => Ok(()),
            Err(error) if routes::is_http_exception(py, &error)? => {
                self.url_adapter.set(py, Some(py.None()));
                self.set_routing_exception(py, Some(error.into_value(py).into_any()))
            }
            Err(error) => Err(error),
        }
    }

    pub fn app<'py>(&self, py: Python<'py>) -> &Bound<'py, PyAny> {
        self.app.bind(py)
    }

    /// The request object, made by the first who asks.
    pub fn request<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.request
            .get_or_make(py, || request_class::make(self.app.bind(py), &self.state))
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

    pub fn set_match(&self, py: Python<'_>, rule: Py<PyAny>, view_args: Py<PyAny>) -> PyResult<()> {
        if let Some(request) = self.foreign_request(py) {
            request.setattr(intern!(py, "url_rule"), &rule)?;
            request.setattr(intern!(py, "view_args"), &view_args)?;
        }
        self.state.url_rule.set(py, Some(rule));
        self.state.view_args.set(py, Some(view_args));
        Ok(())
    }

    /// Takes a match back.
    pub fn forget_match(&self, py: Python<'_>) {
        self.state.url_rule.set(py, None);
        self.state.view_args.set(py, None);
    }

    pub fn set_routing_exception(&self, py: Python<'_>, error: Option<Py<PyAny>>) -> PyResult<()> {
        if let Some(request) = self.foreign_request(py) {
            request.setattr(intern!(py, "routing_exception"), error.as_ref())?;
        }
        self.state.routing_exception.set(py, error);
        Ok(())
    }

    /// A request object that is not one of ours: it has to be told what ours read from the shared state.
    fn foreign_request<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyAny>> {
        self.request
            .get(py)
            .filter(|r| !r.is_instance_of::<request::RequestBase>())
    }

    /// Whether the request object is, or would be, of the core's own class, so that what the core reads is what it
    /// would show.
    pub fn has_core_request(&self, py: Python<'_>) -> PyResult<bool> {
        match self.request.get(py) {
            Some(made) => request_class::is_core(&made.get_type()),
            None => request_class::is_core(app_attribute(self.app(py), AppAttribute::RequestClass)?.cast::<PyType>()?),
        }
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
        let shared = request.as_ref().and_then(|r| {
            r.cast::<request::RequestBase>()
                .ok()
                .and_then(|r| r.get().shared_state(app.py()))
        });
        let state = match shared {
            Some(state) => state,
            None => Arc::new(RequestState::from_environ(environ)?),
        };
        let context = Self::over(app, state)?;
        if let Some(request) = request {
            context.request.set(app.py(), Some(request.unbind()));
        }
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

    #[setter(request)]
    fn set_request(&self, py: Python<'_>, value: Py<PyAny>) {
        self.request.set(py, Some(value));
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

    fn push(slf: &Bound<'_, Self>) -> PyResult<()> {
        Self::bind(slf)
    }

    #[pyo3(signature = (exc=Given::Absent))]
    fn pop(slf: &Bound<'_, Self>, exc: Given<'_>) -> PyResult<()> {
        Self::unbind(slf, exc.or_handled(slf.py()))
    }

    /// Matches the URL; the rule and its arguments, or the exception, are put on the request.
    fn match_request(slf: &Bound<'_, Self>) -> PyResult<()> {
        routes::match_request(slf)
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
