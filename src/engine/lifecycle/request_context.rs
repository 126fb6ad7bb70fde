//! Binding a request context and unbinding it again: the two context variables, the session of interfaces that want it
//! opened at once, the match, and at the end the teardown.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyType;

use super::app_context::{pop_app_context, push_app_context};
use super::{match_request, teardown};
use crate::engine::context::app_context::{AppContext, app_of, popped_wrong};
use crate::engine::context::vars::{cv_app, cv_request};
use crate::engine::request::context::RequestContext;
use crate::engine::session::{self, default};

/// How the end of a request went and then that of its application context: the later error is raised, as one that came
/// while the earlier was on its way.
fn ended(py: Python<'_>, request: PyResult<()>, app: PyResult<()>) -> PyResult<()> {
    let (Err(earlier), Err(later)) = (&request, &app) else {
        return request.and(app);
    };
    let context = intern!(py, "__context__");
    let mut first = later.value(py).clone().into_any();
    while let Some(before) = first.getattr(context).ok().filter(|before| !before.is_none()) {
        if before.is(earlier.value(py)) {
            return app;
        }
        first = before;
    }
    first.setattr(context, earlier.value(py))?;
    app
}

impl RequestContext {
    /// Binds both contexts, opens the session if its interface or the request wants that now, and matches the URL.
    pub fn bind(slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        let this = slf.get();
        let app = this.app.bind(py);
        let own_app_context = match cv_app(py).get(py) {
            Some(current) if app_of(&current)?.is(app) => None,
            _ => {
                let made = AppContext::for_app(app)?;
                push_app_context(&made)?;
                Some(made.unbind())
            }
        };
        let token = cv_request(py).set(py, slf.as_any())?;
        this.tokens.look(py).push((token, own_app_context));
        let can_wait = this.shows_state() && default::is_default(app)?;
        if !can_wait && !this.session.is_set(py) {
            session::open(slf)?;
        }
        if this.url_adapter.get(py).is_some_and(|a| a.is_none()) {
            return Ok(());
        }
        if slf.get_type().is(PyType::new::<Self>(py)) {
            return match_request::match_request(slf);
        }
        slf.as_any().call_method0(intern!(py, "match_request")).map(drop)
    }

    /// Unbinds; the last pop tears the request down first and lets the app context go after.
    pub fn unbind(slf: &Bound<'_, Self>, error: Option<Bound<'_, PyAny>>) -> PyResult<()> {
        let py = slf.py();
        let this = slf.get();
        let last = this.tokens.look(py).len() == 1;
        let torn_down = if last {
            teardown::request(slf, error.as_ref())
        } else {
            Ok(())
        };
        let current = cv_request(py).get(py);
        let Some((token, own_app_context)) = this.tokens.look(py).pop() else {
            return Err(popped_wrong("request", current.as_ref(), slf.as_any()));
        };
        cv_request(py).reset(py, &token)?;
        if last {
            this.end_request(py)?;
        }
        let app_popped = own_app_context.map_or(Ok(()), |context| pop_app_context(context.bind(py), error));
        ended(py, torn_down, app_popped)?;
        if !current.as_ref().is_some_and(|c| c.is(slf)) {
            return Err(popped_wrong("request", current.as_ref(), slf.as_any()));
        }
        Ok(())
    }
}
