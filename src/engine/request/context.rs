//! The request context: the request (made on touch), the session (opened on touch) and what to run afterwards. How it
//! is bound and unbound is in `binding`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use pyo3::exceptions::PyReferenceError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};
use smallvec::SmallVec;

use super::base::RequestBase;
use super::session_memo::SessionMemo;
use super::state::RequestState;
use super::{class, native_routing};
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::context::vars::{cv_request, outside_of_context};
use crate::engine::ffi::gil_cell::GilCell;
use crate::engine::interpreter::gil_slot::GilSlot;
use crate::engine::interpreter::init_flag::InitFlag;

/// One push: the token of the context variable, and the application context that was pushed along with it.
type Pushed = (Py<PyAny>, Option<Py<PyAny>>);

/// A request's context: what `request` and `session` stand for. `Flask.test_request_context` makes one for tests.
///
/// A `with` block pushes and pops it. Where no application context of the same application is current, one is pushed
/// along. `request` and `url_adapter` are made and the session is opened when first used. `flashes` holds the messages
/// that `get_flashed_messages` took out of the session.
///
/// Args:
///     app: the application.
///     environ: the WSGI environment of the request, a dict.
///     request: the request object, in place of one of the class `app.request_class`.
///     session: the session, in place of the one that the session interface opens.
#[pyclass(subclass, dict, weakref, frozen, module = "flask.ctx")]
pub struct RequestContext {
    ready: InitFlag,
    pub app: Py<PyAny>,
    /// The request as it came in. What the application sees of it is the request object's to say: `matched`.
    pub state: Arc<RequestState>,
    /// The class of the request object that is made here over the state; None where another made it.
    pub class: Option<Py<PyType>>,
    request: GilSlot,
    /// That the request object is one over the state, for `RequestState::traverse_with_contexts`.
    shares_state: GilCell<Option<Weak<RequestState>>>,
    /// The request object, made or yet to be made, is the engine's own and shows what stands in the state. Without that
    /// everything is read from the object.
    shows_state: AtomicBool,
    pub url_adapter: GilSlot,
    pub flashes: GilSlot,
    pub session: GilSlot,
    /// What the session was opened from.
    pub packed_session: GilCell<Option<SessionMemo>>,
    pub after: GilSlot,
    /// One entry for each push; a second one is rare.
    pub tokens: GilCell<SmallVec<[Pushed; 1]>>,
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
    pub fn of_request(
        app: &Bound<'_, PyAny>,
        environ: &Bound<'_, PyDict>,
        request: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
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
            ready: InitFlag::now(),
            app: app.clone().unbind(),
            state,
            class: None,
            request: GilSlot::default(),
            shares_state: GilCell::default(),
            shows_state: AtomicBool::new(true),
            url_adapter: GilSlot::default(),
            flashes: GilSlot::default(),
            session: GilSlot::default(),
            packed_session: GilCell::default(),
            after: GilSlot::default(),
            tokens: GilCell::default(),
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
        self.request.get_or_make(py, || {
            let Some(class) = &self.class else {
                return Err(PyReferenceError::new_err("the context and its request were collected"));
            };
            let request = class::make(self.app.bind(py), class.bind(py), &self.state)?;
            self.note_request(&request);
            Ok(request)
        })
    }

    /// Puts a request object in that was not made here over the state.
    pub fn put_request(&self, request: &Bound<'_, PyAny>) {
        self.shows_state.store(false, Ordering::Relaxed);
        self.shares_state.put(request.py(), None);
        self.request.set(request.py(), Some(request.clone().unbind()));
        self.note_request(request);
    }

    /// Notes whether the request object that is here, or is put here next, is one over the state.
    fn note_request(&self, request: &Bound<'_, PyAny>) {
        let py = request.py();
        let state = request
            .cast::<RequestBase>()
            .ok()
            .and_then(|base| base.get().shared_state(py));
        let shares = state.is_some_and(|state| Arc::ptr_eq(&state, &self.state));
        self.shares_state.put(py, shares.then(|| Arc::downgrade(&self.state)));
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

    /// For `__traverse__`.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        if !self.ready.is_now() {
            return Ok(());
        }
        visit.call(&self.app)?;
        visit.call(&self.class)?;
        self.state.traverse(visit)?;
        for slot in [
            &self.request,
            &self.url_adapter,
            &self.flashes,
            &self.session,
            &self.after,
        ] {
            slot.traverse(visit)?;
        }
        Ok(())
    }

    /// For `__clear__`.
    pub fn clear(&self, py: Python<'_>) {
        self.shares_state.put(py, None);
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

/// The context the current thread serves, for the steps when Python calls them.
pub fn current_context(py: Python<'_>) -> PyResult<Bound<'_, RequestContext>> {
    RequestContext::current(py)?.ok_or_else(|| outside_of_context(py, "_no_req_msg"))
}
