//! Law 4 for the test client: whether everything that Werkzeug's client would call for a request is still what we ship.
//! Subclasses count as ours as long as they leave those attributes alone.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyModule, PyTuple, PyType};

use crate::engine::app::core::AppCore;
use crate::engine::app::lookup::is_overridden;
use crate::engine::app::steps::Step;
use crate::engine::guard::{ClassGuard, ModuleGuard};

const CLIENT: [&str; 7] = [
    "_as_request",
    "_request_from_builder_args",
    "_copy_environ",
    "_keep_cookies",
    "run_wsgi_app",
    "_add_cookies_to_wsgi",
    "_update_cookies_from_response",
];

const BUILDER: [&str; 24] = [
    "__init__",
    "__new__",
    "__setattr__",
    "_add_file_from_data",
    "_get_form",
    "_make_base_url",
    "args",
    "base_url",
    "content_length",
    "content_type",
    "form",
    "get_environ",
    "get_request",
    "input_stream",
    "json_dumps",
    "mimetype",
    "query_string",
    "request_class",
    "server_protocol",
    "wsgi_version",
    "server_name",
    "server_port",
    "close",
    "files",
];

const RESPONSE: [&str; 14] = [
    "__init__",
    "__new__",
    "__setattr__",
    "_clean_status",
    "_compat_tuple",
    "_on_close",
    "direct_passthrough",
    "headers",
    "history",
    "json_module",
    "response",
    "set_data",
    "status",
    "status_code",
];

const REQUEST: [&str; 3] = ["__init__", "__new__", "__setattr__"];

/// The guards over `flask.testing` and what is behind it, with the classes that requests are compared with.
struct Guards {
    client: ClassGuard,
    /// `werkzeug.test.Client`, which `super().open` in our client has to reach.
    opener: ClassGuard,
    builder: ClassGuard,
    response: ClassGuard,
    request: ClassGuard,
    modules: [ModuleGuard; 2],
}

static GUARDS: PyOnceLock<Guards> = PyOnceLock::new();

fn class<'py>(module: &Bound<'py, PyModule>, name: &str) -> PyResult<Bound<'py, PyType>> {
    Ok(module.getattr(name)?.cast_into::<PyType>()?)
}

/// Arms the guards; the last step of importing `flask.testing`.
pub fn arm_guards(py: Python<'_>) -> PyResult<()> {
    let flask = py.import("flask.testing")?;
    let werkzeug = py.import("werkzeug.test")?;
    let builder = class(&flask, "EnvironBuilder")?;
    // As the client makes it.
    let bases = (
        class(&werkzeug, "TestResponse")?,
        class(&py.import("flask.wrappers")?, "Response")?,
    );
    let response = py
        .get_type::<PyType>()
        .call1(("WrapperTestResponse", bases, PyDict::new(py)))?
        .cast_into::<PyType>()?;
    let guards = Guards {
        client: ClassGuard::with_subclasses(&class(&flask, "FlaskClient")?, &CLIENT)?,
        opener: ClassGuard::exact(&class(&werkzeug, "Client")?, &["open"])?,
        request: ClassGuard::with_subclasses(&builder.getattr("request_class")?.cast_into()?, &REQUEST)?,
        builder: ClassGuard::with_subclasses(&builder, &BUILDER)?,
        response: ClassGuard::with_subclasses(&response, &RESPONSE)?,
        modules: [
            ModuleGuard::arm(&flask, &["EnvironBuilder"])?,
            ModuleGuard::arm(&werkzeug, &["EnvironBuilder", "run_wsgi_app"])?,
        ],
    };
    let _ = GUARDS.set(py, guards);
    Ok(())
}

fn guards(py: Python<'_>) -> &Guards {
    GUARDS
        .get(py)
        .expect("invariant: flask.testing arms the guards when it is imported")
}

/// Whether requests are still built by our builder, and ours and Werkzeug's are as they were.
pub fn has_own_builder(py: Python<'_>) -> bool {
    let guards = guards(py);
    guards.modules.iter().all(|module| module.passes(py))
        && guards.builder.passes(guards.builder.class(py))
        && guards.request.passes(guards.request.class(py))
}

/// Whether a client sends requests as ours does, to an application that serves them as ours does.
pub fn sends_natively(client: &Bound<'_, PyAny>, application: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = client.py();
    if !application.is_instance_of::<AppCore>() {
        return Ok(false);
    }
    if is_overridden(application, Step::Call)? || is_overridden(application, Step::WsgiApp)? {
        return Ok(false);
    }
    let guards = guards(py);
    Ok(guards.client.passes_for(client) && opens_with_werkzeug(guards, &client.get_type()) && has_own_builder(py))
}

/// Whether `super().open` in our client is Werkzeug's: no other class stands between the two.
fn opens_with_werkzeug(guards: &Guards, kind: &Bound<'_, PyType>) -> bool {
    let ours = guards.client.class(kind.py());
    let order: Bound<'_, PyTuple> = kind.mro();
    let next = order.iter().skip_while(|class| !class.is(ours)).nth(1);
    next.is_some_and(|class| class.cast::<PyType>().is_ok_and(|class| guards.opener.passes(class)))
}

/// Whether a class of test responses is filled in as Werkzeug's `TestResponse` over our `Response`.
pub fn is_own_response(kind: &Bound<'_, PyType>) -> bool {
    guards(kind.py()).response.passes(kind)
}

/// The class of the request that a test response shows.
pub fn request_class(py: Python<'_>) -> &Bound<'_, PyType> {
    guards(py).request.class(py)
}
