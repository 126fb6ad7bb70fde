//! The application context: which app is current, its `g`, and a URL adapter for outside of requests. It must not know
//! about requests.

use pyo3::exceptions::PyAssertionError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use smallvec::SmallVec;

use super::shown::with_current;
use crate::engine::attached::Attached;
use crate::engine::given::Given;
use crate::engine::globals::cv_app;
use crate::engine::outlook::is_overridden;
use crate::engine::overrides::Step;
use crate::engine::ready::Ready;
use crate::engine::signals::{self, Signal};
use crate::engine::slot::Slot;
use crate::engine::teardown;

/// What an application context knows: its app, `g` and a URL adapter for outside of requests.
#[pyclass(subclass, dict, weakref, frozen, module = "flask.ctx")]
pub struct AppContext {
    ready: Ready,
    app: Py<PyAny>,
    globals: Slot,
    url_adapter: Slot,
    tokens: Attached<SmallVec<[Py<PyAny>; 1]>>,
}

impl AppContext {
    /// A context for the app, through `app.app_context` if that is overridden.
    pub fn for_app<'py>(app: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        if is_overridden(app, Step::AppContext)? {
            return app.call_method0(intern!(app.py(), "app_context"));
        }
        Ok(Bound::new(app.py(), Self::new(app)?)?.into_any())
    }

    /// Unbinds the context; the last time, the teardown functions run first.
    fn unbind(slf: &Bound<'_, Self>, error: Option<Bound<'_, PyAny>>) -> PyResult<()> {
        let py = slf.py();
        let this = slf.get();
        let app = this.app.bind(py);
        let last = this.tokens.look(py).len() == 1;
        let torn_down = if last {
            teardown::app_context(app, error.as_ref())
        } else {
            Ok(())
        };
        let current = cv_app(py).get(py);
        let Some(token) = this.tokens.look(py).pop() else {
            return Err(popped_wrong("app", current.as_ref(), slf.as_any()));
        };
        cv_app(py).reset(py, &token)?;
        torn_down?;
        if !current.as_ref().is_some_and(|c| c.is(slf)) {
            return Err(popped_wrong("app", current.as_ref(), slf.as_any()));
        }
        signals::send(app, Signal::AppcontextPopped, &[])
    }
}

/// Pushes a context, natively when it is our own class.
pub fn push_app_context(context: &Bound<'_, PyAny>) -> PyResult<()> {
    match context.cast_exact::<AppContext>() {
        Ok(own) => AppContext::push(own),
        Err(_) => context.call_method0(intern!(context.py(), "push")).map(drop),
    }
}

/// Pops a context, natively when it is our own class.
pub(super) fn pop_app_context(context: &Bound<'_, PyAny>, error: Option<Bound<'_, PyAny>>) -> PyResult<()> {
    match context.cast_exact::<AppContext>() {
        Ok(own) => AppContext::unbind(own, error),
        Err(_) => context.call_method1(intern!(context.py(), "pop"), (error,)).map(drop),
    }
}

/// The error for contexts that were popped in another order than they were pushed.
pub(super) fn popped_wrong(what: &str, found: Option<&Bound<'_, PyAny>>, expected: &Bound<'_, PyAny>) -> PyErr {
    let text = |object: &Bound<'_, PyAny>| object.repr().map_or_else(|_| "?".to_owned(), |r| r.to_string());
    let found = found.map_or_else(|| "None".to_owned(), text);
    PyAssertionError::new_err(format!(
        "Popped wrong {what} context. ({found} instead of {})",
        text(expected)
    ))
}

#[pymethods]
impl AppContext {
    #[new]
    pub fn new(app: &Bound<'_, PyAny>) -> PyResult<Self> {
        let context = Self {
            ready: Ready::now(),
            app: app.clone().unbind(),
            globals: Slot::default(),
            url_adapter: Slot::default(),
            tokens: Attached::default(),
        };
        // An overriding method is called when stock would call it; our own only when the adapter is wanted.
        if is_overridden(app, Step::CreateUrlAdapter)? {
            context.make_url_adapter(app.py())?;
        }
        Ok(context)
    }

    #[getter]
    fn app(&self, py: Python<'_>) -> Py<PyAny> {
        self.app.clone_ref(py)
    }

    #[getter]
    pub fn g<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.globals.get_or_make(py, || {
            self.app.bind(py).call_method0(intern!(py, "app_ctx_globals_class"))
        })
    }

    #[setter(g)]
    fn set_g(&self, py: Python<'_>, value: Py<PyAny>) {
        self.globals.set(py, Some(value));
    }

    #[getter(url_adapter)]
    fn make_url_adapter<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.url_adapter.get_or_make(py, || {
            self.app
                .bind(py)
                .call_method1(intern!(py, "create_url_adapter"), (py.None(),))
        })
    }

    #[setter(url_adapter)]
    fn set_url_adapter(&self, py: Python<'_>, value: Py<PyAny>) {
        self.url_adapter.set(py, Some(value));
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
            (intern!(py, "app"), this.app.bind(py).clone()),
            (intern!(py, "url_adapter"), this.make_url_adapter(py)?),
            (intern!(py, "g"), this.g(py)?),
            (intern!(py, "_cv_tokens"), this.get_tokens(py)?.into_any()),
        ];
        with_current(slf.as_any(), current)
    }

    /// Makes this the current application context.
    pub fn push(slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        let token = cv_app(py).set(py, slf.as_any())?;
        slf.get().tokens.look(py).push(token);
        signals::send(slf.get().app.bind(py), Signal::AppcontextPushed, &[])
    }

    /// Unbinds the context; the last pop runs the teardown functions first.
    #[pyo3(signature = (exc=Given::Absent))]
    fn pop(slf: &Bound<'_, Self>, exc: Given<'_>) -> PyResult<()> {
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
        if !self.ready.is_now() {
            return Ok(());
        }
        visit.call(&self.app)?;
        self.globals.traverse(&visit)?;
        self.url_adapter.traverse(&visit)
    }

    fn __clear__(&self, py: Python<'_>) {
        self.globals.set(py, None);
        self.url_adapter.set(py, None);
    }
}

/// The app of a context of any class.
pub fn app_of<'py>(context: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    match context.cast_exact::<AppContext>() {
        Ok(own) => Ok(own.get().app.bind(context.py()).clone()),
        Err(_) => context.getattr(intern!(context.py(), "app")),
    }
}

/// Pushes a context the way a `with` block does, through the method a subclass may have overridden.
pub(super) fn push_or_call(context: &Bound<'_, PyAny>) -> PyResult<()> {
    context.call_method0(intern!(context.py(), "push")).map(drop)
}
