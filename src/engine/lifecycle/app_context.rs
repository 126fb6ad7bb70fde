//! Pushing and popping an application context: the context variable, the teardown functions, the signals.
//!
//! It must not know requests.

use pyo3::intern;
use pyo3::prelude::*;

use crate::engine::app::lookup::is_overridden;
use crate::engine::app::steps::Step;
use crate::engine::context::app_context::{AppContext, popped_wrong};
use crate::engine::context::vars::cv_app;
use crate::engine::hooks::signals::{self, Signal};
use crate::engine::lifecycle::teardown;

impl AppContext {
    /// A context for the app, through `app.app_context` if that is overridden.
    pub fn for_app<'py>(app: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        if is_overridden(app, Step::AppContext)? {
            return app.call_method0(intern!(app.py(), "app_context"));
        }
        Ok(Bound::new(app.py(), Self::over(app)?)?.into_any())
    }

    /// Makes this the current application context.
    pub fn push(slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        let token = cv_app(py).set(py, slf.as_any())?;
        slf.get().tokens.look(py).push(token);
        signals::send(slf.get().app(py), Signal::AppcontextPushed, &[])
    }

    /// Unbinds the context; the last time, the teardown functions run first.
    pub fn unbind(slf: &Bound<'_, Self>, error: Option<Bound<'_, PyAny>>) -> PyResult<()> {
        let py = slf.py();
        let this = slf.get();
        let app = this.app(py);
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
pub fn pop_app_context(context: &Bound<'_, PyAny>, error: Option<Bound<'_, PyAny>>) -> PyResult<()> {
    match context.cast_exact::<AppContext>() {
        Ok(own) => AppContext::unbind(own, error),
        Err(_) => context.call_method1(intern!(context.py(), "pop"), (error,)).map(drop),
    }
}
