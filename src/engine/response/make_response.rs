//! What a view may return, as a response object: the rules of `Flask.make_response`.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyByteArray, PyBytes, PyDict, PyIterator, PyList, PyString, PyTuple, PyType};

use super::base::{self, ResponseArguments};
use super::json;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::request::context::{RequestContext, current_context};

const TUPLE_FORM: &str = "The view function did not return a valid response tuple. The tuple must have the form (body, status, headers), \
(body, status), or (body, headers).";

/// A returned value taken apart.
pub struct ReturnedParts<'py> {
    pub body: Bound<'py, PyAny>,
    pub status: Option<Bound<'py, PyAny>>,
    pub headers: Option<Bound<'py, PyAny>>,
}

fn is_headers(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    static HEADERS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    if value.is_instance_of::<PyDict>() || value.is_instance_of::<PyTuple>() || value.is_instance_of::<PyList>() {
        return Ok(true);
    }
    value.is_instance(HEADERS.import(value.py(), "werkzeug.datastructures", "Headers")?)
}

/// Splits `(body, status, headers)` forms.
pub fn parts<'py>(value: &Bound<'py, PyAny>) -> PyResult<ReturnedParts<'py>> {
    let Ok(tuple) = value.cast::<PyTuple>() else {
        return Ok(ReturnedParts {
            body: value.clone(),
            status: None,
            headers: None,
        });
    };
    let some = |item: Bound<'py, PyAny>| (!item.is_none()).then_some(item);
    match tuple.len() {
        3 => Ok(ReturnedParts {
            body: tuple.get_item(0)?,
            status: some(tuple.get_item(1)?),
            headers: some(tuple.get_item(2)?),
        }),
        2 => {
            let (body, second) = (tuple.get_item(0)?, tuple.get_item(1)?);
            if is_headers(&second)? {
                Ok(ReturnedParts {
                    body,
                    status: None,
                    headers: Some(second),
                })
            } else {
                Ok(ReturnedParts {
                    body,
                    status: some(second),
                    headers: None,
                })
            }
        }
        _ => Err(PyTypeError::new_err(TUPLE_FORM)),
    }
}

/// Turns a returned value into an instance of the app's response class. `context` is that of the request which is
/// answered; without one, the current request's is read where there is no answer without.
///
/// # Errors
/// `TypeError` in Flask's words when the value is None, an odd tuple or a type that is no answer; `RuntimeError` when
/// a request is needed and there is none.
pub fn to_response<'py>(
    app: &Bound<'py, PyAny>,
    context: Option<&Bound<'py, RequestContext>>,
    value: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let ReturnedParts {
        body,
        mut status,
        mut headers,
    } = parts(value)?;
    if body.is_none() {
        return Err(returned_none(&given_or_current(py, context)?)?);
    }
    let class = app_attribute(app, AppAttribute::ResponseClass)?;
    let response = if body.is_instance(&class)? {
        body
    } else if is_text(&body) || body.cast::<PyIterator>().is_ok() {
        // The class sees status and headers itself, it may have its own logic for them.
        let arguments = ResponseArguments {
            response: Some(body),
            status: status.take(),
            headers: headers.take(),
            ..ResponseArguments::default()
        };
        match base::make(&class, &arguments)? {
            Some(made) => made,
            None => call_class(&class, arguments)?,
        }
    } else if body.is_instance_of::<PyDict>() || body.is_instance_of::<PyList>() {
        json::response_of(&app_attribute(app, AppAttribute::Json)?, &body)?
    } else {
        coerce(&class, context, &body)?
    };
    apply(&response, status, headers)?;
    Ok(response)
}

fn call_class<'py>(class: &Bound<'py, PyAny>, arguments: ResponseArguments<'py>) -> PyResult<Bound<'py, PyAny>> {
    let py = class.py();
    let named = PyDict::new(py);
    named.set_item(intern!(py, "status"), arguments.status)?;
    named.set_item(intern!(py, "headers"), arguments.headers)?;
    class.call((arguments.response,), Some(&named))
}

fn given_or_current<'py>(
    py: Python<'py>,
    context: Option<&Bound<'py, RequestContext>>,
) -> PyResult<Bound<'py, RequestContext>> {
    match context {
        Some(context) => Ok(context.clone()),
        None => current_context(py),
    }
}

pub fn is_text(body: &Bound<'_, PyAny>) -> bool {
    body.is_instance_of::<PyString>() || body.is_instance_of::<PyBytes>() || body.is_instance_of::<PyByteArray>()
}

/// Sets a returned status and headers on a response that was made without them.
fn apply(
    response: &Bound<'_, PyAny>,
    status: Option<Bound<'_, PyAny>>,
    headers: Option<Bound<'_, PyAny>>,
) -> PyResult<()> {
    let py = response.py();
    if let Some(status) = status {
        let name = if is_text(&status) {
            intern!(py, "status")
        } else {
            intern!(py, "status_code")
        };
        response.setattr(name, status)?;
    }
    if let Some(headers) = headers
        && headers.is_truthy()?
    {
        response
            .getattr(intern!(py, "headers"))?
            .call_method1(intern!(py, "update"), (headers,))?;
    }
    Ok(())
}

/// Another response class, an HTTP exception or any WSGI callable, made into the app's response class.
fn coerce<'py>(
    class: &Bound<'py, PyAny>,
    context: Option<&Bound<'py, RequestContext>>,
    body: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    static RESPONSE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = class.py();
    let base = RESPONSE.import(py, "werkzeug.wrappers", "Response")?;
    if !body.is_instance(base)? && !body.is_callable() {
        return Err(PyTypeError::new_err(wrong_type("", body)?));
    }
    let environ = given_or_current(py, context)?
        .get()
        .request(py)?
        .getattr(intern!(py, "environ"))?;
    class
        .call_method1(intern!(py, "force_type"), (body, environ))
        .map_err(|error| {
            if !error.is_instance_of::<PyTypeError>(py) {
                return error;
            }
            let before = format!("{}\n", error.value(py));
            let explained = PyTypeError::new_err(wrong_type(&before, body).unwrap_or(before));
            explained.set_traceback(py, error.traceback(py));
            explained
        })
}

fn wrong_type(before: &str, body: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(format!(
        "{before}The view function did not return a valid response. The return type must be a string, dict, list, tuple with headers or \
         status, Response instance, or WSGI callable, but it was a {}.",
        body.get_type().name()?
    ))
}

fn returned_none(context: &Bound<'_, RequestContext>) -> PyResult<PyErr> {
    let py = context.py();
    let endpoint = match context.get().endpoint(py)? {
        Some(endpoint) => endpoint.repr()?.to_string(),
        None => "None".to_owned(),
    };
    Ok(PyTypeError::new_err(format!(
        "The view function for {endpoint} did not return a valid response. The function either returned None or ended without a return \
         statement."
    )))
}
