//! The native base of `flask.Request`: what Werkzeug's `__init__` would set, made from the shared request state when
//! it is read. The long tail (accept headers, conditional headers, …) is Werkzeug's own Python, which reads these
//! attributes.
//!
//! It must not know how Python sees them: `bindings::request`.

use std::sync::Arc;

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyString, PyType};

use super::attributes::Initial;
use super::state::RequestState;
use crate::engine::ffi;
use crate::engine::ffi::gil_cell::GilCell;
use crate::engine::interpreter::gil_slot::GilSlot;

/// How far an instance's attributes may differ from what the state says.
#[expect(clippy::struct_excessive_bools, reason = "five facts that come about in any order")]
#[derive(Clone, Copy, Default)]
pub struct AttributeFlags {
    /// One that the parsers go by was set.
    pub is_changed: bool,
    /// All are in `__dict__`, where anybody may change them; the slots are empty.
    pub is_shown: bool,
    /// It belongs to a context, for which Flask has set the host.
    pub is_bound: bool,
    /// What Flask computes on its way is computed.
    pub is_complete: bool,
    /// The content type was parsed natively.
    pub has_read_type: bool,
}

/// Base of `flask.Request`: everything that Werkzeug's `__init__` would set, made when it is first used.
///
/// It can be set and deleted, and is in `__dict__` too, after a first look there. See `add_request_attributes`.
#[pyclass(subclass, frozen, module = "ferroflask._core")]
#[derive(Default)]
pub struct RequestBase {
    state: GilCell<Option<Arc<RequestState>>>,
    /// By `Initial`; one that was never read is empty.
    pub initial: [GilSlot; Initial::ALL.len()],
    pub flags: GilCell<AttributeFlags>,
}

impl RequestBase {
    /// Makes this the request of a state; for one that was made without `__init__`.
    pub fn take_state(&self, py: Python<'_>, state: Arc<RequestState>) {
        self.state.put(py, Some(state));
    }

    /// For `__traverse__`.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Some(Some(state)) = self.state.visited(visit).as_deref() {
            state.traverse_with_contexts(visit)?;
        }
        self.initial.iter().try_for_each(|slot| slot.traverse(visit))
    }

    /// Puts the value of an attribute that `__init__` sets where its reader looks.
    pub fn put_initial(slf: &Bound<'_, Self>, which: Initial, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = slf.py();
        if slf.get().flags.look(py).is_shown {
            return ffi::instance_dict(slf)?.set_item(which.name(py), value);
        }
        slf.get().initial[which as usize].set(py, Some(value.clone().unbind()));
        Ok(())
    }

    /// The state this request shares with its context; None before `__init__`.
    pub fn shared_state(&self, py: Python<'_>) -> Option<Arc<RequestState>> {
        self.state.look(py).clone()
    }

    /// Notes that a context has this request.
    pub fn bind(&self, py: Python<'_>) {
        self.flags.look(py).is_bound = true;
    }

    /// Notes that the content type was parsed for it, which Werkzeug remembers.
    pub fn note_type_read(&self, py: Python<'_>) {
        self.flags.look(py).has_read_type = true;
    }

    /// Whether the attributes that the parsers go by say what the state says.
    pub fn is_as_received(&self, py: Python<'_>) -> bool {
        let flags = *self.flags.look(py);
        !flags.is_changed && !flags.is_shown
    }

    /// The value of an attribute that `__init__` sets, made by the first read; None for one that was deleted
    /// or never set.
    pub fn initial<'py>(slf: &Bound<'py, Self>, which: Initial) -> PyResult<Option<Bound<'py, PyAny>>> {
        let py = slf.py();
        let this = slf.get();
        let slot = &this.initial[which as usize];
        if let Some(value) = slot.get(py) {
            return Ok(Some(value));
        }
        if this.flags.look(py).is_shown {
            return ffi::instance_dict(slf)?.get_item(which.name(py));
        }
        match this.shared_state(py) {
            Some(state) if which != Initial::JsonModule => {
                slot.get_or_make(py, || Self::made(slf, which, &state)).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// What the state says of an attribute.
    pub fn made<'py>(slf: &Bound<'py, Self>, which: Initial, state: &RequestState) -> PyResult<Bound<'py, PyAny>> {
        static HEADERS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let py = slf.py();
        let text = |text: &str| Ok(PyString::new(py, text).into_any());
        match which {
            Initial::Method => Ok(PyString::intern(py, &state.head.method).into_any()),
            Initial::Scheme => text(&state.head.scheme),
            Initial::RootPath => text(&state.head.root_path),
            Initial::Path => text(&state.head.path),
            Initial::QueryString => Ok(PyBytes::new(py, &state.head.query).into_any()),
            Initial::Server => Ok(state.server_tuple(py)?.into_pyobject(py)?),
            Initial::RemoteAddr => Ok(state.remote_addr().into_pyobject(py)?),
            Initial::Headers => {
                let kind = HEADERS.import(py, "werkzeug.datastructures", "EnvironHeaders")?;
                kind.call1((Self::made_environ(slf, state)?,))
            }
            Initial::Environ => Ok(Self::made_environ(slf, state)?.into_any()),
            Initial::Shallow => Ok(false.into_pyobject(py)?.to_owned().into_any()),
            Initial::JsonModule => Ok(py.None().into_bound(py)),
        }
    }

    /// The environ of the state, which knows its request from the start.
    fn made_environ<'py>(slf: &Bound<'py, Self>, state: &RequestState) -> PyResult<Bound<'py, PyDict>> {
        let py = slf.py();
        if let Some(environ) = state.environ_if_made(py) {
            return Ok(environ);
        }
        let environ = state.environ(py)?;
        let shown = (!state.is_over()).then_some(slf);
        environ.set_item(intern!(py, "werkzeug.request"), shown)?;
        Ok(environ)
    }
}
