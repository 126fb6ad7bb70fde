//! Requests that nobody looks at: no function of the application, of an extension or of a signal's receiver would run
//! between the push of their contexts and the pop. Such a request is answered without them (law 3).
//!
//! What could look is asked in the order of the request: a step that is overridden, a hook, a signal's receiver, another
//! session interface, a view in Python. Whatever is not plainly unseen goes the way of all others, from its start.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::match_request;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::lookup::overridden;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::hooks::signals::Signal;
use crate::engine::hooks::{self, signals};
use crate::engine::message::outcome::Answer;
use crate::engine::request::context::RequestContext;
use crate::engine::session;
use crate::engine::static_file;

/// The answer to a request that nobody sees; None for any other.
pub fn answer(app: &Bound<'_, PyAny>, context: &Bound<'_, RequestContext>) -> Option<Answer> {
    let state = &context.get().state;
    if !static_file::may_be_below(&state.head.path) || !state.is_untouched_wire(app.py()).unwrap_or(false) {
        return None;
    }
    // What goes wrong goes wrong again where somebody can see it.
    let answer = file(app, context).ok().flatten();
    if answer.is_none() {
        context.get().forget_match(app.py());
    }
    answer
}

fn file(app: &Bound<'_, PyAny>, context: &Bound<'_, RequestContext>) -> PyResult<Option<Answer>> {
    let py = app.py();
    let steps = overridden(app)?;
    let views = app_attribute(app, AppAttribute::ViewFunctions)?;
    // The first request is to be noted.
    let has_begun = app_attribute(app, AppAttribute::GotFirstRequest)?.is_truthy()?;
    let (Ok(views), true, false) = (
        views.cast_exact::<PyDict>(),
        steps.is_empty() && has_begun,
        session::may_need_saving(context)?,
    ) else {
        return Ok(None);
    };
    let Some(rule) = match_request::match_without_python(context)? else {
        return Ok(None);
    };
    let Some(view) = views.get_item(rule.getattr(intern!(py, "endpoint"))?)? else {
        return Ok(None);
    };
    if someone_looks(app, context.get())? {
        return Ok(None);
    }
    Ok(static_file::answer(app, context, &view, steps)?.map(Answer::File))
}

/// Whether a hook or a receiver runs while the contexts are pushed. Those that want a response object are asked for
/// where one would be made.
fn someone_looks(app: &Bound<'_, PyAny>, context: &RequestContext) -> PyResult<bool> {
    for hook in [
        AppAttribute::UrlValuePreprocessors,
        AppAttribute::BeforeRequestFuncs,
        AppAttribute::TeardownRequestFuncs,
    ] {
        if hooks::any(app, hook, context)? {
            return Ok(true);
        }
    }
    let torn_down = app_attribute(app, AppAttribute::TeardownAppcontextFuncs)?;
    if !torn_down.cast::<PyList>()?.is_empty() {
        return Ok(true);
    }
    for signal in [
        Signal::AppcontextPushed,
        Signal::RequestStarted,
        Signal::RequestTearingDown,
        Signal::AppcontextTearingDown,
        Signal::AppcontextPopped,
    ] {
        if signals::is_awaited(app, signal)? {
            return Ok(true);
        }
    }
    Ok(false)
}
