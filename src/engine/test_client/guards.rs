//! Law 4 for the test client: whether everything that Werkzeug's client would call for a request is still what we ship.
//! Subclasses count as ours as long as they leave those attributes alone.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyModule, PyString, PyTuple, PyType};

use crate::engine::app::core::AppCore;
use crate::engine::app::lookup::is_overridden;
use crate::engine::app::steps::Step;
use crate::engine::guard::members::Members;

const CLIENT: [&str; 7] = [
    "_as_request",
    "_request_from_builder_args",
    "_copy_environ",
    "_keep_cookies",
    "run_wsgi_app",
    "_add_cookies_to_wsgi",
    "_update_cookies_from_response",
];

const BUILDER: [&str; 19] = [
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
];

const BUILDER_MORE: [&str; 5] = ["wsgi_version", "server_name", "server_port", "close", "files"];

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

/// What was sealed when `flask.testing` was imported.
struct Own {
    client: Members,
    flask_client: Py<PyType>,
    werkzeug_client: Py<PyType>,
    werkzeug_open: Py<PyAny>,
    builder: Members,
    builder_class: Py<PyType>,
    response: Members,
    request: Members,
    request_class: Py<PyType>,
    globals: Vec<(Py<PyDict>, Py<PyString>, Py<PyAny>)>,
}

static OWN: PyOnceLock<Own> = PyOnceLock::new();

/// Remembers the classes of `flask.testing` and Werkzeug's behind them as they are now; the last step of importing
/// `flask.testing`. `response` is a class of responses as the client makes it.
#[pyfunction]
pub fn seal_test_client(
    client: &Bound<'_, PyType>,
    builder: &Bound<'_, PyType>,
    response: &Bound<'_, PyType>,
) -> PyResult<()> {
    let py = client.py();
    let werkzeug = py.import("werkzeug.test")?;
    let flask = py.import("flask.testing")?;
    let werkzeug_client = werkzeug.getattr("Client")?.cast_into::<PyType>()?;
    let request = builder.getattr("request_class")?.cast_into::<PyType>()?;
    let builder_names = [&BUILDER[..], &BUILDER_MORE].concat();
    let own = Own {
        client: Members::seal(client, &CLIENT)?,
        flask_client: client.clone().unbind(),
        werkzeug_open: werkzeug_client.getattr("open")?.unbind(),
        werkzeug_client: werkzeug_client.unbind(),
        builder: Members::seal(builder, &builder_names)?,
        builder_class: builder.clone().unbind(),
        response: Members::seal(response, &RESPONSE)?,
        request: Members::seal(&request, &REQUEST)?,
        request_class: request.unbind(),
        globals: vec![
            global(&flask, "EnvironBuilder")?,
            global(&werkzeug, "EnvironBuilder")?,
            global(&werkzeug, "run_wsgi_app")?,
        ],
    };
    let _ = OWN.set(py, own);
    Ok(())
}

fn global(module: &Bound<'_, PyModule>, name: &str) -> PyResult<(Py<PyDict>, Py<PyString>, Py<PyAny>)> {
    let value = module.getattr(name)?;
    let name = PyString::intern(module.py(), name);
    Ok((module.dict().unbind(), name.unbind(), value.unbind()))
}

fn own(py: Python<'_>) -> &Own {
    OWN.get(py)
        .expect("invariant: flask.testing seals the test client when it is imported")
}

/// Whether requests are still built by our builder, and ours and Werkzeug's are as they were.
pub fn has_own_builder(py: Python<'_>) -> PyResult<bool> {
    let own = own(py);
    for (module, name, value) in &own.globals {
        if !module.bind(py).get_item(name)?.is_some_and(|now| now.is(value)) {
            return Ok(false);
        }
    }
    Ok(own.builder.holds(own.builder_class.bind(py))? && own.request.holds(own.request_class.bind(py))?)
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
    let own = own(py);
    Ok(own.client.kept_by(client)? && opens_with_werkzeug(own, &client.get_type())? && has_own_builder(py)?)
}

/// Whether `super().open` in our client is Werkzeug's: no other class stands between the two.
fn opens_with_werkzeug(own: &Own, kind: &Bound<'_, PyType>) -> PyResult<bool> {
    let py = kind.py();
    let (ours, theirs) = (own.flask_client.bind(py), own.werkzeug_client.bind(py));
    let order: Bound<'_, PyTuple> = kind.mro();
    let next = order.iter().skip_while(|class| !class.is(ours)).nth(1);
    Ok(next.is_some_and(|class| class.is(theirs)) && theirs.getattr(intern!(py, "open"))?.is(&own.werkzeug_open))
}

/// Whether a class of test responses is filled in as Werkzeug's `TestResponse` over our `Response`.
pub fn is_own_response(kind: &Bound<'_, PyType>) -> PyResult<bool> {
    own(kind.py()).response.holds(kind)
}

/// The class of the request that a test response shows.
pub fn request_class(py: Python<'_>) -> &Bound<'_, PyType> {
    own(py).request_class.bind(py)
}
