//! The application context: the app that is current, its `g`, and a URL adapter for outside of requests. It must not know
//! about requests.

use pyo3::exceptions::PyAssertionError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use smallvec::SmallVec;

use crate::engine::app::lookup::is_overridden;
use crate::engine::app::steps::Step;
use crate::engine::ffi::gil_cell::GilCell;
use crate::engine::interpreter::gil_slot::GilSlot;
use crate::engine::interpreter::init_flag::InitFlag;

/// An application context: what `current_app` and `g` stand for. `Flask.app_context` makes one.
///
/// A `with` block pushes and pops it. It may be pushed several times and is torn down by the last pop. `g` is an object
/// for whatever a program keeps there meanwhile. `url_adapter` builds URLs outside of requests; it is made when first
/// used, and None where `SERVER_NAME` is not configured.
///
/// Args:
///     app: the application.
#[pyclass(subclass, dict, weakref, frozen, module = "flask.ctx")]
pub struct AppContext {
    ready: InitFlag,
    app: Py<PyAny>,
    globals: GilSlot,
    url_adapter: GilSlot,
    /// One for each push, from the context variable.
    pub tokens: GilCell<SmallVec<[Py<PyAny>; 1]>>,
}

impl AppContext {
    /// A context for the app, which may be overriding how a URL adapter is made.
    pub fn over(app: &Bound<'_, PyAny>) -> PyResult<Self> {
        let context = Self {
            ready: InitFlag::now(),
            app: app.clone().unbind(),
            globals: GilSlot::default(),
            url_adapter: GilSlot::default(),
            tokens: GilCell::default(),
        };
        // An overriding method is called when stock would call it; our own only when the adapter is wanted.
        if is_overridden(app, Step::CreateUrlAdapter)? {
            context.adapter(app.py())?;
        }
        Ok(context)
    }

    pub fn app<'py>(&self, py: Python<'py>) -> &Bound<'py, PyAny> {
        self.app.bind(py)
    }

    /// The namespace `g`, made by the first use.
    pub fn namespace<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.globals.get_or_make(py, || {
            self.app.bind(py).call_method0(intern!(py, "app_ctx_globals_class"))
        })
    }

    pub fn set_namespace(&self, py: Python<'_>, value: Py<PyAny>) {
        self.globals.set(py, Some(value));
    }

    /// The URL adapter for outside of requests, made by the first use.
    pub fn adapter<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.url_adapter.get_or_make(py, || {
            self.app
                .bind(py)
                .call_method1(intern!(py, "create_url_adapter"), (py.None(),))
        })
    }

    pub fn set_adapter(&self, py: Python<'_>, value: Py<PyAny>) {
        self.url_adapter.set(py, Some(value));
    }

    /// For `__traverse__`.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        if !self.ready.is_now() {
            return Ok(());
        }
        visit.call(&self.app)?;
        self.globals.traverse(visit)?;
        self.url_adapter.traverse(visit)
    }

    /// For `__clear__`.
    pub fn clear(&self, py: Python<'_>) {
        self.globals.set(py, None);
        self.url_adapter.set(py, None);
    }
}

/// The error for contexts that were popped in another order than they were pushed.
pub fn popped_wrong(what: &str, found: Option<&Bound<'_, PyAny>>, expected: &Bound<'_, PyAny>) -> PyErr {
    let text = |object: &Bound<'_, PyAny>| object.repr().map_or_else(|_| "?".to_owned(), |r| r.to_string());
    let found = found.map_or_else(|| "None".to_owned(), text);
    PyAssertionError::new_err(format!(
        "Popped wrong {what} context. ({found} instead of {})",
        text(expected)
    ))
}

/// The app of a context of any class.
pub fn app_of<'py>(context: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    match context.cast_exact::<AppContext>() {
        Ok(own) => Ok(own.get().app.bind(context.py()).clone()),
        Err(_) => context.getattr(intern!(context.py(), "app")),
    }
}

/// Pushes a context the way a `with` block does, through the method a subclass may have overridden.
pub fn push_or_call(context: &Bound<'_, PyAny>) -> PyResult<()> {
    context.call_method0(intern!(context.py(), "push")).map(drop)
}
