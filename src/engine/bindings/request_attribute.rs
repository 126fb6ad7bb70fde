//! The attributes of a request as its class has them: those that Werkzeug's `__init__` sets, those that matching sets,
//! and those that Werkzeug computes once. On an instance they are read natively, set, deleted and patched as ordinary
//! attributes of stock's request; on a class they show what stock's class shows. Where the values are is `request::base`'s
//! business.

use pyo3::exceptions::PyAttributeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyType};

use crate::engine::ffi;
use crate::engine::guard::mro::defined;
use crate::engine::request::attributes::{Initial, Matched};
use crate::engine::request::base::RequestBase;
use crate::engine::request::values::{self, flask_json};

#[derive(Clone, Copy)]
enum Kind {
    Initial(Initial),
    Matched(Matched),
    Args,
    Cookies,
    /// `form` and `files`.
    FormPart,
    Json,
    /// Another of Werkzeug's cached properties.
    Computed,
}

// One attribute in the class of requests. Its type has no documentation, or that would be what each one shows.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct RequestAttribute {
    name: Py<PyString>,
    kind: Kind,
}

/// What the attribute is on Werkzeug's class.
fn of_werkzeug<'py>(name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
    let class = values::werkzeug_request(name.py())?;
    defined(class, name)?.ok_or_else(|| PyAttributeError::new_err(name.clone().unbind()))
}

/// The error for an attribute that an instance does not have.
fn missing(request: &Bound<'_, PyAny>, name: &Bound<'_, PyString>) -> PyErr {
    match request.get_type().name() {
        Ok(class) => PyAttributeError::new_err(format!("'{class}' object has no attribute '{name}'")),
        Err(error) => error,
    }
}

/// The error for the deletion of an attribute that an instance does not have.
fn not_to_delete(request: &Bound<'_, PyAny>, name: &Bound<'_, PyString>) -> PyErr {
    if request.py().version_info() >= (3, 11) {
        missing(request, name)
    } else {
        PyAttributeError::new_err(name.clone().unbind())
    }
}

impl RequestAttribute {
    fn on_class<'py>(&self, class: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = class.py();
        match self.kind {
            Kind::Initial(Initial::JsonModule) => Ok(flask_json(py)?.clone()),
            Kind::Initial(_) => Err(PyAttributeError::new_err(format!(
                "type object '{}' has no attribute '{}'",
                class.getattr(intern!(py, "__name__"))?,
                self.name.bind(py)
            ))),
            Kind::Matched(_) => Ok(py.None().into_bound(py)),
            _ => of_werkzeug(self.name.bind(py)),
        }
    }

    fn read<'py>(&self, request: &Bound<'py, RequestBase>) -> PyResult<Bound<'py, PyAny>> {
        let py = request.py();
        let name = self.name.bind(py);
        match self.kind {
            Kind::Initial(initial) => match RequestBase::initial(request, initial)? {
                Some(value) => Ok(value),
                None if initial == Initial::JsonModule => Ok(flask_json(py)?.clone()),
                None => Err(missing(request, name)),
            },
            Kind::Matched(matched) => RequestBase::matched(request, matched),
            Kind::Args => values::args(request),
            Kind::Cookies => values::cookies(request),
            Kind::FormPart => values::form_part(request, name),
            Kind::Json => values::json_body(request),
            Kind::Computed => match ffi::instance_dict(request)?.get_item(name)? {
                Some(value) => Ok(value),
                None => values::inherited(request, name),
            },
        }
    }
}

#[pymethods]
impl RequestAttribute {
    /// The documentation is that of what the class shows.
    #[getter(__doc__)]
    fn doc<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.kind {
            Kind::Initial(_) | Kind::Matched(_) => Ok(py.None().into_bound(py)),
            _ => of_werkzeug(self.name.bind(py))?.getattr(intern!(py, "__doc__")),
        }
    }

    fn __get__<'py>(&self, request: &Bound<'py, PyAny>, class: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        match request.cast::<RequestBase>() {
            Ok(request) => self.read(request),
            Err(_) => self.on_class(class),
        }
    }

    fn __set__(&self, request: &Bound<'_, RequestBase>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = request.py();
        let name = self.name.bind(py);
        match self.kind {
            Kind::Initial(initial) => RequestBase::set_initial(request, initial, value),
            Kind::Matched(matched) => RequestBase::set_matched(request, matched, value),
            Kind::Json => of_werkzeug(name)?
                .call_method1(intern!(py, "__set__"), (request, value))
                .map(drop),
            _ => ffi::instance_dict(request)?.set_item(name, value),
        }
    }

    fn __delete__(&self, request: &Bound<'_, RequestBase>) -> PyResult<()> {
        let py = request.py();
        let name = self.name.bind(py);
        match self.kind {
            Kind::Initial(_) | Kind::Matched(_) => {
                if !RequestBase::attributes(request)?.contains(name)? {
                    return Err(not_to_delete(request, name));
                }
                if let Kind::Matched(matched) = self.kind
                    && let Some(state) = request.get().shared_state(py)
                {
                    matched.slot(&state).set(py, None);
                }
                ffi::instance_dict(request)?.del_item(name)
            }
            Kind::Json => of_werkzeug(name)?
                .call_method1(intern!(py, "__delete__"), (request,))
                .map(drop),
            _ => RequestBase::attributes(request)?.del_item(name),
        }
    }
}

/// Puts the attributes on the class of requests: ours, and one for each other cached property of Werkzeug's class, which
/// would go through `__dict__` and so have it show everything.
#[pyfunction]
pub fn add_request_attributes(werkzeug: &Bound<'_, PyType>) -> PyResult<()> {
    let py = werkzeug.py();
    let class = PyType::new::<RequestBase>(py);
    let mut attributes: Vec<_> = Initial::ALL
        .map(|initial| (initial.name(py).clone(), Kind::Initial(initial)))
        .into();
    attributes.extend(Matched::ALL.map(|matched| (matched.name(py).clone(), Kind::Matched(matched))));
    attributes.extend([
        (intern!(py, "args").clone(), Kind::Args),
        (intern!(py, "cookies").clone(), Kind::Cookies),
        (intern!(py, "form").clone(), Kind::FormPart),
        (intern!(py, "files").clone(), Kind::FormPart),
        (intern!(py, "json").clone(), Kind::Json),
    ]);
    let cached = py.import("werkzeug.utils")?.getattr("cached_property")?;
    for base in werkzeug.mro() {
        let own = base.getattr(intern!(py, "__dict__"))?.call_method0("copy")?;
        for (name, value) in own.cast::<PyDict>()? {
            if value.is_instance(&cached)? {
                attributes.push((PyString::intern(py, name.cast::<PyString>()?.to_str()?), Kind::Computed));
            }
        }
    }
    for (name, kind) in attributes {
        if !class.getattr(intern!(py, "__dict__"))?.contains(&name)? {
            let attribute = RequestAttribute {
                name: name.clone().unbind(),
                kind,
            };
            class.setattr(name, Bound::new(py, attribute)?)?;
        }
    }
    Ok(())
}
