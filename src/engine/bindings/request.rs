//! `flask.Request` as Python sees it: making one, its `__dict__`, and the methods that parse.
//!
//! It must not know how anything is parsed.

#![expect(clippy::doc_markdown, reason = "the texts are for readers of Python")]
use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::engine::ffi;
use crate::engine::interpreter::truth::Truth;
use crate::engine::request::attributes::{Initial, Matched};
use crate::engine::request::base::RequestBase;
use crate::engine::request::state::RequestState;
use crate::engine::request::{class, values};

impl RequestBase {
    /// Werkzeug's own `__init__`, for a class that has a say in how attributes are set.
    fn initialise_in_python(
        slf: &Bound<'_, Self>,
        environ: &Bound<'_, PyDict>,
        populate_request: bool,
        shallow: bool,
    ) -> PyResult<()> {
        let py = slf.py();
        let arguments = PyDict::new(py);
        arguments.set_item(intern!(py, "environ"), environ)?;
        arguments.set_item(intern!(py, "populate_request"), populate_request)?;
        arguments.set_item(intern!(py, "shallow"), shallow)?;
        // What is not set is not there; nothing else is computed for a class that looks at itself meanwhile.
        {
            let mut flags = slf.get().flags.look(py);
            flags.is_shown = true;
            flags.is_complete = true;
        }
        values::call_inherited(slf, intern!(py, "__init__"), &arguments)?;
        slf.get().flags.look(py).is_complete = false;
        Ok(())
    }
}

#[pymethods]
impl RequestBase {
    // `inspect` shows the text as the signature of `flask.Request`, whose `__init__` is below.
    #[new]
    #[pyo3(
        signature = (*_args, **_kwargs),
        text_signature = "(environ, populate_request=True, shallow=False)"
    )]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self::default()
    }

    /// Reads a WSGI environ; `populate_request` puts the request into it as `werkzeug.request`.
    #[pyo3(signature = (environ, populate_request=Truth(true), shallow=Truth(false)))]
    fn __init__(
        slf: &Bound<'_, Self>,
        environ: &Bound<'_, PyAny>,
        populate_request: Truth,
        shallow: Truth,
    ) -> PyResult<()> {
        let py = slf.py();
        let environ = environ
            .cast::<PyDict>()
            .map_err(|_| PyTypeError::new_err("a request is made from a WSGI environ, a dict"))?;
        slf.get().take_state(py, Arc::new(RequestState::from_environ(environ)?));
        if !class::subclass_guards(py)?.set.passes(&slf.get_type()) {
            return Self::initialise_in_python(slf, environ, populate_request.0, shallow.0);
        }
        if shallow.0 {
            Self::put_initial(slf, Initial::Shallow, true.into_pyobject(py)?.as_any())?;
            slf.get().flags.look(py).is_changed = true;
        }
        if populate_request.0 && !shallow.0 {
            environ.set_item(intern!(py, "werkzeug.request"), slf)?;
        }
        Ok(())
    }

    #[getter]
    fn __dict__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyDict>> {
        Self::attributes(slf)
    }

    /// The dict stays the same object: only what is in it is taken.
    #[setter(__dict__)]
    fn set_dict(slf: &Bound<'_, Self>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = slf.py();
        let Ok(given) = value.cast::<PyDict>() else {
            let kind = value.get_type().name()?;
            return Err(PyTypeError::new_err(format!(
                "__dict__ must be set to a dictionary, not a '{kind}'"
            )));
        };
        let shown = Self::attributes(slf)?;
        let given = given.copy()?;
        shown.clear();
        shown.update(given.as_mapping())?;
        if let Some(state) = slf.get().shared_state(py) {
            for which in Matched::ALL {
                let value = given.get_item(which.name(py))?;
                which.slot(&state).set(py, value.map(Bound::unbind));
            }
        }
        Ok(())
    }

    /// Return what a copy of the request is made from.
    fn __getstate__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.as_any().getattr(intern!(slf.py(), "__dict__"))
    }

    /// Parse the body into `form` and `files`, once. Raises `RequestEntityTooLarge` (413) past a limit.
    fn _load_form_data(slf: &Bound<'_, Self>) -> PyResult<()> {
        if !values::load_form(slf)? {
            values::call_inherited(slf, intern!(slf.py(), "_load_form_data"), &PyDict::new(slf.py()))?;
        }
        Ok(())
    }

    /// Return the body of the request, as it came.
    ///
    /// Read it before `form` and `files`, or what they have read is missing here.
    ///
    /// Args:
    ///     cache: whether the body is stored, so that it can be read again.
    ///     as_text: whether to return a `str` instead of `bytes`. The text is UTF-8; bytes that are not become U+FFFD.
    ///     parse_form_data: whether to parse a form first. Its body is then empty here, and its data in `form` and
    ///         `files`.
    ///
    /// Raises `RequestEntityTooLarge` (413) for a body past `max_content_length`.
    #[pyo3(
        signature = (cache=Truth(true), as_text=Truth(false), parse_form_data=Truth(false)),
        text_signature = "($self, cache=True, as_text=False, parse_form_data=False)"
    )]
    fn get_data<'py>(
        slf: &Bound<'py, Self>,
        cache: Truth,
        as_text: Truth,
        parse_form_data: Truth,
    ) -> PyResult<Bound<'py, PyAny>> {
        values::get_data(slf, cache.0, as_text.0, parse_form_data.0)
    }

    /// Return the value of a JSON body: dicts, lists, texts, numbers, booleans and None.
    ///
    ///     user = request.get_json()
    ///     name = user["name"]
    ///
    /// Args:
    ///     force: whether to read the body as JSON whatever `Content-Type` says.
    ///     silent: whether to return None instead of raising an error.
    ///     cache: whether the value is stored and returned by the next call too.
    ///
    /// Raises `UnsupportedMediaType` (415) when the `Content-Type` is not JSON's, and `BadRequest` (400) for a body
    /// that is not JSON, both through `on_json_loading_failed`, whose value is returned if it is overridden and returns
    /// one.
    #[pyo3(
        signature = (force=Truth(false), silent=Truth(false), cache=Truth(true)),
        text_signature = "($self, force=False, silent=False, cache=True)"
    )]
    fn get_json<'py>(slf: &Bound<'py, Self>, force: Truth, silent: Truth, cache: Truth) -> PyResult<Bound<'py, PyAny>> {
        values::get_json(slf, force.0, silent.0, cache.0)
    }

    /// Close the uploaded files, if the form was read. The context does it at the end of the request.
    fn close(slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        let Some(files) = ffi::instance_dict(slf)?.get_item(intern!(py, "files"))? else {
            return Ok(());
        };
        if files.is_truthy()? {
            let structures = py.import(intern!(py, "werkzeug.datastructures"))?;
            for item in structures
                .call_method1(intern!(py, "iter_multi_items"), (files,))?
                .try_iter()?
            {
                item?.get_item(1)?.call_method0(intern!(py, "close"))?;
            }
        }
        Ok(())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.traverse(&visit)
    }

    fn __clear__(&self, py: Python<'_>) {
        for slot in &self.initial {
            slot.set(py, None);
        }
    }
}
