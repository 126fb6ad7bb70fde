//! `request`, `session`, `g`, `current_app` and the two context proxies.
//!
//! They are real `werkzeug.local.LocalProxy` objects (extensions test for that): each has a type of its own below
//! `LocalProxy` whose hot slots (attribute, item, iteration, length, truth, containment) go straight from the context
//! variable to the object in Rust. Every other dunder is inherited and works through `_get_current_object`. The types go
//! by the name, the module and the documentation of `LocalProxy`, and make plain ones when called.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyCFunction, PyDict, PyString, PyTuple, PyType};

use crate::engine::context::AppContext;
use crate::engine::context::vars::{cv_app, cv_request, outside_of_context};
use crate::engine::ffi::contextvar::ContextVar;
use crate::engine::ffi::forwarding::{Forward, empty_instance, forwarding_type, object};
use crate::engine::request::context::RequestContext;
use crate::engine::session;

/// One of the proxies, by what it finds in the current context.
trait Proxy: 'static {
    /// Where in `flask.globals` the message lies for using it outside of its context.
    const MISSING: &'static str;

    /// The context variable that it goes by.
    fn variable(py: Python<'_>) -> &ContextVar;

    /// Its object, in the context that is current.
    fn of(context: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyAny>>;
}

impl<P: Proxy> Forward for P {
    const NOT_ITERABLE: &'static str = "'LocalProxy' object is not iterable";

    fn current(py: Python<'_>) -> PyResult<Option<Bound<'_, PyAny>>> {
        P::variable(py).get(py).map(P::of).transpose()
    }

    fn missing(py: Python<'_>) -> PyErr {
        outside_of_context(py, P::MISSING)
    }

    /// `__class__`, `_get_current_object` and what `LocalProxy` keeps in its slots.
    fn keeps(name: &Bound<'_, PyAny>) -> bool {
        name.cast::<PyString>()
            .ok()
            .and_then(|n| n.to_str().ok())
            .is_some_and(|n| n.starts_with("__") || n == "_get_current_object" || n.starts_with("_LocalProxy"))
    }
}

macro_rules! proxy {
    ($name:ident, $variable:ident, $missing:literal, $of:expr) => {
        struct $name;

        impl Proxy for $name {
            const MISSING: &'static str = $missing;

            fn variable(py: Python<'_>) -> &ContextVar {
                $variable(py)
            }

            fn of(context: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyAny>> {
                $of(context)
            }
        }
    };
}

proxy!(CurrentApp, cv_app, "_no_app_msg", app_of);
proxy!(Globals, cv_app, "_no_app_msg", namespace_of);
proxy!(CurrentAppContext, cv_app, "_no_app_msg", Ok);
proxy!(CurrentRequest, cv_request, "_no_req_msg", request_of);
proxy!(CurrentSession, cv_request, "_no_req_msg", session_of);
proxy!(CurrentRequestContext, cv_request, "_no_req_msg", Ok);

fn app_of(context: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyAny>> {
    context.getattr(intern!(context.py(), "app"))
}

fn namespace_of(context: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyAny>> {
    match context.cast_exact::<AppContext>() {
        Ok(own) => own.get().namespace(context.py()),
        Err(_) => context.getattr(intern!(context.py(), "g")),
    }
}

fn request_of(context: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyAny>> {
    match context.cast_exact::<RequestContext>() {
        Ok(own) => own.get().request(context.py()),
        Err(_) => context.getattr(intern!(context.py(), "request")),
    }
}

fn session_of(context: Bound<'_, PyAny>) -> PyResult<Bound<'_, PyAny>> {
    match context.cast_exact::<RequestContext>() {
        Ok(own) => session::touched(own),
        Err(_) => context.getattr(intern!(context.py(), "session")),
    }
}

/// Lets a type below `LocalProxy` say of itself what that says.
fn go_by_the_name_of(base: &Bound<'_, PyType>, kind: &Bound<'_, PyType>) -> PyResult<()> {
    let py = base.py();
    let of_base = base.getattr(intern!(py, "__dict__"))?;
    for name in ["__module__", "__doc__", "__annotations__"] {
        // `__doc__` as the descriptor it is.
        if let Ok(value) = of_base.get_item(name) {
            kind.setattr(name, value)?;
        }
    }
    // Messages of CPython's own have the name without the module, as with classes written in Python.
    kind.setattr(intern!(py, "__name__"), base.name()?)
}

fn make_proxy<'py, P: Proxy>(base: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyAny>> {
    let py = base.py();
    let kind = forwarding_type::<P>(base, c"werkzeug.local.LocalProxy")?;
    go_by_the_name_of(base, &kind)?;
    let proxy = empty_instance(&kind)?;
    let target = PyCFunction::new_closure(
        py,
        Some(c"_get_current_object"),
        None,
        |arguments: &Bound<'_, PyTuple>, _: Option<&Bound<'_, PyDict>>| object::<P>(arguments.py()).map(Bound::unbind),
    )?;
    // LocalProxy keeps these two in slots; its `__init__` can't be used, since our `__setattr__` forwards.
    base.getattr("_get_current_object")?
        .call_method1("__set__", (&proxy, target))?;
    base.getattr("_LocalProxy__wrapped")?
        .call_method1("__set__", (&proxy, P::variable(py).object(py)))?;
    Ok(proxy)
}

/// The six proxies by their names in `flask.globals`.
#[pyfunction]
pub fn make_proxies(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let base = py
        .import("werkzeug.local")?
        .getattr("LocalProxy")?
        .cast_into::<PyType>()?;
    let proxies = PyDict::new(py);
    proxies.set_item("current_app", make_proxy::<CurrentApp>(&base)?)?;
    proxies.set_item("g", make_proxy::<Globals>(&base)?)?;
    proxies.set_item("app_ctx", make_proxy::<CurrentAppContext>(&base)?)?;
    proxies.set_item("request", make_proxy::<CurrentRequest>(&base)?)?;
    proxies.set_item("session", make_proxy::<CurrentSession>(&base)?)?;
    proxies.set_item("request_ctx", make_proxy::<CurrentRequestContext>(&base)?)?;
    Ok(proxies)
}
