//! `jsonify` and the provider's `response`: a value as a JSON response object.
//!
//! It must not know how JSON is written.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple, PyWeakrefMethods, PyWeakrefProxy};

use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::context::vars::cv_app;
use crate::engine::json::provider::{Core, given, is_core, write};
use crate::engine::response::base::ResponseArguments;
use crate::engine::{context, response};

fn respond<'py>(
    app: &Bound<'py, PyAny>,
    provider: &Bound<'py, PyAny>,
    value: &Bound<'py, PyAny>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = provider.py();
    let class = app_attribute(app, AppAttribute::ResponseClass)?;
    let (Some(core), true) = (Core::of(provider)?, response::is_core(&class)?) else {
        return Ok(None);
    };
    let Some(body) = write(&core, app, value)? else {
        return Ok(None);
    };
    let mimetype = core
        .settings(|settings| settings.mimetype.clone_ref(py))?
        .into_bound(py);
    let arguments = ResponseArguments {
        response: Some(PyBytes::new(py, &body).into_any()),
        mimetype: Some(mimetype).filter(|m| !m.is_none()),
        ..ResponseArguments::default()
    };
    response::make(&class, &arguments)
}

/// What `jsonify(*args, **kwargs)` gives. None when Python has to give it.
#[pyfunction]
pub fn jsonify<'py>(args: &Bound<'py, PyTuple>, kwargs: &Bound<'py, PyDict>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(context) = cv_app(args.py()).get(args.py()) else {
        return Ok(None);
    };
    let Some(value) = given(args, kwargs)? else {
        return Ok(None);
    };
    let app = context::app_of(&context)?;
    respond(&app, &app_attribute(&app, AppAttribute::Json)?, &value)
}

/// What `provider.response(*args, **kwargs)` gives. None when Python has to give it.
#[pyfunction]
pub fn json_response<'py>(
    provider: &Bound<'py, PyAny>,
    args: &Bound<'py, PyTuple>,
    kwargs: &Bound<'py, PyDict>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    match given(args, kwargs)? {
        Some(value) => respond(&app_of(provider)?, provider, &value),
        None => Ok(None),
    }
}

/// `provider.response(value)`, without the Python of the default provider.
pub fn response_of<'py>(provider: &Bound<'py, PyAny>, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if is_core(provider)?
        && let Some(made) = respond(&app_of(provider)?, provider, value)?
    {
        return Ok(made);
    }
    provider.call_method1(intern!(provider.py(), "response"), (value,))
}

/// The provider's application, behind the weak proxy that it keeps.
fn app_of<'py>(provider: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let kept = provider.getattr(intern!(provider.py(), "_app"))?;
    Ok(kept
        .cast::<PyWeakrefProxy>()
        .ok()
        .and_then(PyWeakrefMethods::upgrade)
        .unwrap_or(kept))
}
