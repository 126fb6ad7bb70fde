//! `flask.Response.set_cookie`: the header line, its size limit, and its place in the response.

use pyo3::intern;
use pyo3::prelude::*;

use super::base;
use crate::engine::app::config::Config;
use crate::engine::context;
use crate::engine::context::vars::cv_app;
use crate::engine::headers::set_cookie::dump_cookie;

/// Adds a `Set-Cookie` header to a response. The arguments are those of `Response.set_cookie`, all given. `False` for a
/// limit of which only Werkzeug knows what it means.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "they are Werkzeug's, by position")]
pub fn set_cookie<'py>(
    response: &Bound<'py, PyAny>,
    key: &str,
    value: &str,
    max_age: Option<&Bound<'py, PyAny>>,
    expires: Option<&Bound<'py, PyAny>>,
    path: Option<&str>,
    domain: Option<&Bound<'py, PyAny>>,
    secure: Option<&Bound<'py, PyAny>>,
    httponly: Option<&Bound<'py, PyAny>>,
    samesite: Option<&str>,
    partitioned: Option<&Bound<'py, PyAny>>,
) -> PyResult<bool> {
    let py = response.py();
    let Ok(limit) = size_limit(response)?.extract() else {
        return Ok(false);
    };
    let line = dump_cookie(
        py,
        key,
        value,
        max_age,
        expires,
        path,
        domain,
        secure,
        httponly,
        true,
        limit,
        samesite,
        partitioned,
    )?;
    let headers = response.getattr(intern!(py, "headers"))?;
    base::add_header(&headers, intern!(py, "Set-Cookie"), &line)?;
    Ok(true)
}

/// `response.max_cookie_size`: of our own class the app's setting, without its Python.
fn size_limit<'py>(response: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let py = response.py();
    if base::is_core(response.get_type().as_any())?
        && let Some(current) = cv_app(py).get(py)
    {
        let app = context::app_of(&current)?;
        return Config::of(&app)?.get_item(intern!(py, "MAX_COOKIE_SIZE"));
    }
    response.getattr(intern!(py, "max_cookie_size"))
}
