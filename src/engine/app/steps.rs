//! Law 4, "override wins": the steps of a request that an application may override, and whether one is still the core's own.
//! A step is looked up as Python does: on the instance first, then on the type. `lookup` reads the result from a snapshot.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyType};

use crate::engine::ffi;
use crate::engine::interpreter::name_enum::named;

named! {
    /// The steps of a request that an application may override, as it calls them.
    pub enum Step {
        FullDispatchRequest = "full_dispatch_request",
        PreprocessRequest = "preprocess_request",
        DispatchRequest = "dispatch_request",
        FinalizeRequest = "finalize_request",
        MakeResponse = "make_response",
        ProcessResponse = "process_response",
        EnsureSync = "ensure_sync",
        Call = "__call__",
        WsgiApp = "wsgi_app",
        RequestContext = "request_context",
        AppContext = "app_context",
        CreateUrlAdapter = "create_url_adapter",
        DoTeardownRequest = "do_teardown_request",
        DoTeardownAppcontext = "do_teardown_appcontext",
        HandleUserException = "handle_user_exception",
        HandleHttpException = "handle_http_exception",
        TrapHttpException = "trap_http_exception",
        FindErrorHandler = "_find_error_handler",
        RaiseRoutingException = "raise_routing_exception",
        /// No step, but a property that many of them read.
        Debug = "debug",
        /// Nor are these: they return a setting.
        SecretKey = "secret_key",
        PermanentSessionLifetime = "permanent_session_lifetime",
    }
}

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
pub struct Steps(Vec<(Step, Py<PyString>, Py<PyAny>)>);

static CORE: PyOnceLock<Steps> = PyOnceLock::new();

/// Records which attributes are the core's own; the last step of importing `flask.app`.
pub fn arm_guards(py: Python<'_>) -> PyResult<()> {
    let flask = py.import("flask.app")?.getattr("Flask")?;
    let mut steps = Vec::with_capacity(Step::COUNT);
    for step in Step::ALL {
        let name = PyString::intern(py, step.name());
        let own = flask.getattr(&name)?;
        steps.push((step, name.unbind(), own.unbind()));
    }
    let _ = CORE.set(py, Steps(steps));
    Ok(())
}

impl Steps {
    pub fn core(py: Python<'_>) -> &Self {
        CORE.get(py)
            .expect("invariant: flask.app arms the guards when it is imported")
    }

    /// Which steps a class of applications overrides.
    pub fn on_class(&self, class: &Bound<'_, PyType>) -> PyResult<Overridden> {
        let mut found = Overridden::default();
        for (step, name, own) in &self.0 {
            if !class.getattr(name)?.is(own) {
                found = found.with(*step);
            }
        }
        Ok(found)
    }

    /// Those, and the ones that an instance has as attributes of its own.
    pub fn on_instance(&self, dict: &Bound<'_, PyDict>, by_class: Overridden) -> PyResult<Overridden> {
        let mut found = by_class;
        for (step, name, _) in &self.0 {
            // Python looks `__call__` up on the type alone.
            if *step != Step::Call && dict.contains(name)? {
                found = found.with(*step);
            }
        }
        Ok(found)
    }
}

/// Whether `method` is this application's own bound method for a step, and that the core's.
pub fn is_own_method(app: &Bound<'_, PyAny>, step: Step, method: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = app.py();
    let (_, name, own) = &Steps::core(py).0[step as usize];
    if !app.get_type().getattr(name)?.is(own) {
        return Ok(false);
    }
    ffi::bound_method(own.bind(py), app)?.eq(method)
}
