//! Law 4, "override wins", in one place: which steps of this application are still the core's own.
//!
//! A step is looked up as Python would: on the instance first, then on the type. The answer for the type is remembered
//! under CPython's type version, which changes with every assignment to the class or a base of it, so nothing is
//! remembered that could go stale.

use parking_lot::Mutex;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyType};

use super::ffi;

/// The steps of a request that an application may override.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Step {
    FullDispatchRequest,
    PreprocessRequest,
    DispatchRequest,
    FinalizeRequest,
    MakeResponse,
    ProcessResponse,
    EnsureSync,
    Call,
    WsgiApp,
    RequestContext,
    AppContext,
    CreateUrlAdapter,
    DoTeardownRequest,
    DoTeardownAppcontext,
    HandleUserException,
    HandleHttpException,
    TrapHttpException,
    FindErrorHandler,
    RaiseRoutingException,
}

/// How many of the steps dispatching meets, and looks up in one go; the others are asked for where they are met.
const OF_DISPATCH: usize = 7;

const STEPS: [(Step, &str); 19] = [
    (Step::FullDispatchRequest, "full_dispatch_request"),
    (Step::PreprocessRequest, "preprocess_request"),
    (Step::DispatchRequest, "dispatch_request"),
    (Step::FinalizeRequest, "finalize_request"),
    (Step::MakeResponse, "make_response"),
    (Step::ProcessResponse, "process_response"),
    (Step::EnsureSync, "ensure_sync"),
    (Step::Call, "__call__"),
    (Step::WsgiApp, "wsgi_app"),
    (Step::RequestContext, "request_context"),
    (Step::AppContext, "app_context"),
    (Step::CreateUrlAdapter, "create_url_adapter"),
    (Step::DoTeardownRequest, "do_teardown_request"),
    (Step::DoTeardownAppcontext, "do_teardown_appcontext"),
    (Step::HandleUserException, "handle_user_exception"),
    (Step::HandleHttpException, "handle_http_exception"),
    (Step::TrapHttpException, "trap_http_exception"),
    (Step::FindErrorHandler, "_find_error_handler"),
    (Step::RaiseRoutingException, "raise_routing_exception"),
];

/// The set of steps an application has overridden.
#[derive(Clone, Copy, Default)]
pub struct Overridden(u32);

impl Overridden {
    pub fn has(self, step: Step) -> bool {
        self.0 & (1 << step as u8) != 0
    }

    fn with(self, step: Step) -> Self {
        Self(self.0 | (1 << step as u8))
    }
}

/// The core's own attribute for every step, at the step's number, with the interned name.
struct CoreSteps(Vec<(Step, Py<PyString>, Py<PyAny>)>);

static CORE: PyOnceLock<CoreSteps> = PyOnceLock::new();

/// Remembers which attributes are the core's own; called once by `flask.app` with its `Flask` class.
#[pyfunction]
pub fn seal_core_steps(py: Python<'_>, flask: &Bound<'_, PyType>) -> PyResult<()> {
    let mut steps = Vec::with_capacity(STEPS.len());
    for (step, name) in STEPS {
        let name = PyString::intern(py, name);
        let own = flask.getattr(&name)?;
        steps.push((step, name.unbind(), own.unbind()));
    }
    let _ = CORE.set(py, CoreSteps(steps));
    Ok(())
}

/// Versions of application types seen, and what they override. A process has a handful of application classes.
static SEEN: Mutex<Vec<(usize, u32, Overridden)>> = Mutex::new(Vec::new());

/// Which of the steps of dispatching this application has overridden, by class or on the instance, at this moment.
pub fn overridden(app: &Bound<'_, PyAny>) -> PyResult<Overridden> {
    let py = app.py();
    let core = CORE
        .get(py)
        .expect("invariant: flask.app seals the core steps when it is imported");
    let by_type = overridden_by_type(core, &app.get_type())?;
    overridden_on_instance(core, &ffi::instance_dict(app)?, by_type)
}

/// Whether this application has overridden one step, at this moment.
pub fn is_overridden(app: &Bound<'_, PyAny>, step: Step) -> PyResult<bool> {
    let core = CORE
        .get(app.py())
        .expect("invariant: flask.app seals the core steps when it is imported");
    if overridden_by_type(core, &app.get_type())?.has(step) {
        return Ok(true);
    }
    let (_, name, _) = &core.0[step as usize];
    // Python looks `__call__` up on the type alone.
    Ok(step != Step::Call && ffi::instance_dict(app)?.contains(name)?)
}

fn overridden_on_instance(core: &CoreSteps, dict: &Bound<'_, PyDict>, found: Overridden) -> PyResult<Overridden> {
    let mut found = found;
    for (step, name, _) in core.0.iter().take(OF_DISPATCH) {
        if dict.contains(name)? {
            found = found.with(*step);
        }
    }
    Ok(found)
}

fn overridden_by_type(core: &CoreSteps, kind: &Bound<'_, PyType>) -> PyResult<Overridden> {
    let identity = kind.as_ptr() as usize;
    if let Some(version) = ffi::type_version(kind)
        && let Some(&(_, _, known)) = SEEN.lock().iter().find(|(k, v, _)| *k == identity && *v == version)
    {
        return Ok(known);
    }
    let mut found = Overridden::default();
    for (step, name, own) in &core.0 {
        if !kind.getattr(name)?.is(own) {
            found = found.with(*step);
        }
    }
    // The look-ups above gave the type a version if it can have one.
    if let Some(version) = ffi::type_version(kind) {
        let mut seen = SEEN.lock();
        seen.retain(|(k, _, _)| *k != identity);
        if seen.len() < 256 {
            seen.push((identity, version, found));
        }
    }
    Ok(found)
}
