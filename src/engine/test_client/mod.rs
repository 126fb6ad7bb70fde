//! The test client's way through the door: a plain request becomes an environ, the engine serves it without a WSGI
//! round trip, and what comes back fills a `TestResponse`. Whatever is not plain, or was replaced by the program, is
//! left to Werkzeug's client in Python.

mod arguments;
mod body;
mod client;
mod facts;
mod own;
mod relay;
mod reply;
mod request;

use pyo3::prelude::*;

pub fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<request::RequestOnTouch>()?;
    module.add_function(wrap_pyfunction!(own::seal_test_client, module)?)?;
    module.add_function(wrap_pyfunction!(client::send_plain_request, module)?)?;
    module.add_function(wrap_pyfunction!(client::plain_environ, module)?)
}
