//! The native base of `flask.Request`. What Werkzeug's `__init__` would set is made from the shared request state when
//! somebody asks, and lies in the instance's `__dict__` from the moment somebody looks there. The long tail (accept
//! headers, conditional headers, …) is Werkzeug's own Python, which reads these attributes.

use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple, PyType};

use super::attached::Attached;
use super::ffi;
use super::request_attribute::{Initial, Matched};
use super::request_class;
use super::request_values as values;
use super::session;
use super::slot::Slot;
use super::state::RequestState;
use super::truth::Truth;

/// How far an instance's attributes may differ from what the state says.
#[expect(clippy::struct_excessive_bools, reason = "five facts that come about in any order")]
#[derive(Clone, Copy, Default)]
struct Standing {
    /// One that the parsers go by was set.
    is_changed: bool,
    /// All are in `__dict__`, where anybody may change them; the slots are empty.
    is_shown: bool,
    /// It belongs to a context, for which Flask has set the host.
    is_bound: bool,
    /// What Flask computes on its way is computed.
    is_complete: bool,
    /// The content type was parsed natively.
    has_read_type: bool,
}

/// Base class of `flask.Request`, before `werkzeug.wrappers.Request` in its MRO.
#[pyclass(subclass, frozen, module = "ferroflask._core")]
#[derive(Default)]
pub struct RequestBase {
    state: Attached<Option<Arc<RequestState>>>,
    initial: [Slot; Initial::ALL.len()],
    standing: Attached<Standing>,
}

impl RequestBase {
    /// Makes this the request of a state, and of its context.
    pub fn take_state(slf: &Bound<'_, Self>, state: &Arc<RequestState>) -> PyResult<()> {
        let py = slf.py();
        let this = slf.get();
        this.state.put(py, Some(Arc::clone(state)));
        if request_class::notices_attributes(&slf.get_type())? {
            Self::assign_initial(slf)?;
        }
        Ok(())
    }

    /// The state this request shares with its context; None before `__init__`.
    pub fn shared_state(&self, py: Python<'_>) -> Option<Arc<RequestState>> {
        self.state.look(py).clone()
    }

    /// Notes that a context has this request.
    pub fn bind(&self, py: Python<'_>) {
        self.standing.look(py).is_bound = true;
    }

    /// Notes that the content type was parsed for it, which Werkzeug remembers.
    pub fn note_type_read(&self, py: Python<'_>) {
        self.standing.look(py).has_read_type = true;
    }

    /// Whether the attributes that the parsers go by say what the state says.
    pub fn is_as_received(&self, py: Python<'_>) -> bool {
        let standing = *self.standing.look(py);
        !standing.is_changed && !standing.is_shown
    }

    /// The value of an attribute that `__init__` sets, made if nobody has asked before; None for one that was deleted
    /// or never set.
    pub fn initial<'py>(slf: &Bound<'py, Self>, which: Initial) -> PyResult<Option<Bound<'py, PyAny>>> {
        let py = slf.py();
        let this = slf.get();
        let slot = &this.initial[which as usize];
        if let Some(value) = slot.get(py) {
            return Ok(Some(value));
        }
        if this.standing.look(py).is_shown {
            return ffi::instance_dict(slf)?.get_item(which.name(py));
        }
        match this.shared_state(py) {
            Some(state) if which != Initial::JsonModule => {
                slot.get_or_make(py, || Self::made(slf, which, &state)).map(Some)
            }
            _ => Ok(None),
        }
    }

    pub fn set_initial(slf: &Bound<'_, Self>, which: Initial, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = slf.py();
        let this = slf.get();
        if this.standing.look(py).is_shown {
            return ffi::instance_dict(slf)?.set_item(which.name(py), value);
        }
        if which.is_parsed() && !this.standing.look(py).is_changed {
            Self::compute_what_stock_has(slf)?;
            this.standing.look(py).is_changed = true;
        }
        this.initial[which as usize].set(py, Some(value.clone().unbind()));
        Ok(())
    }

    /// What the state says of an attribute.
    fn made<'py>(slf: &Bound<'py, Self>, which: Initial, state: &RequestState) -> PyResult<Bound<'py, PyAny>> {
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

    /// Sets the attributes as `__init__` would, for a class that could notice.
    fn assign_initial(slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        let this = slf.get();
        let Some(state) = this.shared_state(py) else {
            return Ok(());
        };
        // Nothing else is computed for a class that looks at itself meanwhile.
        let standing = *this.standing.look(py);
        this.standing.put(
            py,
            Standing {
                is_shown: true,
                is_complete: true,
                ..standing
            },
        );
        for which in Initial::ALL.into_iter().filter(|which| *which != Initial::JsonModule) {
            let value = match this.initial[which as usize].take(py) {
                Some(given) => given.into_bound(py),
                None => Self::made(slf, which, &state)?,
            };
            slf.as_any().setattr(which.name(py), value)?;
        }
        this.standing.look(py).is_complete = false;
        Ok(())
    }

    pub fn matched<'py>(slf: &Bound<'py, Self>, which: Matched) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let value = match slf.get().shared_state(py) {
            Some(state) => which.slot(&state).get(py),
            None => ffi::instance_dict(slf)?.get_item(which.name(py))?,
        };
        Ok(value.unwrap_or_else(|| py.None().into_bound(py)))
    }

    pub fn set_matched(slf: &Bound<'_, Self>, which: Matched, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let py = slf.py();
        let state = slf.get().shared_state(py);
        if let Some(state) = &state {
            let given = (!value.is_none()).then(|| value.clone().unbind());
            which.slot(state).set(py, given);
        }
        if state.is_none() || value.is_none() {
            ffi::instance_dict(slf)?.set_item(which.name(py), value)?;
        }
        Ok(())
    }

    /// The instance's `__dict__` with all attributes in it, where they are from now on.
    pub fn attributes<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyDict>> {
        let py = slf.py();
        let this = slf.get();
        let shown = ffi::instance_dict(slf)?;
        Self::compute_what_stock_has(slf)?;
        if !this.standing.look(py).is_shown {
            let all = PyDict::new(py);
            for which in Initial::ALL {
                if let Some(value) = Self::initial(slf, which)? {
                    all.set_item(which.name(py), value)?;
                }
            }
            this.standing.look(py).is_shown = true;
            for slot in &this.initial {
                slot.set(py, None);
            }
            for name in [intern!(py, "host"), intern!(py, "cookies")] {
                if let Some(value) = shown.get_item(name)? {
                    all.set_item(name, value)?;
                }
            }
            Self::show_match(slf, &all)?;
            all.update(shown.as_mapping())?;
            shown.clear();
            shown.update(all.as_mapping())?;
        }
        Self::show_match(slf, &shown)?;
        Ok(shown)
    }

    /// Brings what was matched, which the context may have set meanwhile, up to date.
    fn show_match(slf: &Bound<'_, Self>, shown: &Bound<'_, PyDict>) -> PyResult<()> {
        let py = slf.py();
        let Some(state) = slf.get().shared_state(py) else {
            return Ok(());
        };
        for which in Matched::ALL {
            let name = which.name(py);
            match which.slot(&state).get(py) {
                Some(value) => shown.set_item(name, value)?,
                None if shown.get_item(name)?.is_some_and(|old| !old.is_none()) => shown.del_item(name)?,
                None => {}
            }
        }
        Ok(())
    }

    /// Reads the attributes that stock's request would have computed by now.
    fn compute_what_stock_has(slf: &Bound<'_, Self>) -> PyResult<()> {
        let py = slf.py();
        let standing = *slf.get().standing.look(py);
        if standing.is_complete {
            return Ok(());
        }
        slf.get().standing.look(py).is_complete = true;
        if standing.is_bound {
            // A host that is refused has no value.
            let _ = slf.as_any().getattr(intern!(py, "host"));
            if session::has_read_cookies(slf.as_any())? {
                slf.as_any().getattr(intern!(py, "cookies"))?;
            }
        }
        if standing.has_read_type {
            slf.as_any().call_method0(intern!(py, "_parse_content_type"))?;
            if ffi::instance_dict(slf)?.contains(intern!(py, "form"))? {
                slf.as_any().getattr(intern!(py, "content_length"))?;
            }
        }
        Ok(())
    }
}

#[pymethods]
impl RequestBase {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs))]
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
        if shallow.0 {
            Self::set_initial(slf, Initial::Shallow, true.into_pyobject(py)?.as_any())?;
        }
        Self::take_state(slf, &Arc::new(RequestState::from_environ(environ)?))?;
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

    /// What a copy or a pickle of it is made from.
    fn __getstate__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.as_any().getattr(intern!(slf.py(), "__dict__"))
    }

    /// Parses the form, once.
    fn _load_form_data(slf: &Bound<'_, Self>) -> PyResult<()> {
        if !values::load_form(slf)? {
            values::call_inherited(slf, intern!(slf.py(), "_load_form_data"), &PyDict::new(slf.py()))?;
        }
        Ok(())
    }

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

    #[pyo3(
        signature = (force=Truth(false), silent=Truth(false), cache=Truth(true)),
        text_signature = "($self, force=False, silent=False, cache=True)"
    )]
    fn get_json<'py>(slf: &Bound<'py, Self>, force: Truth, silent: Truth, cache: Truth) -> PyResult<Bound<'py, PyAny>> {
        values::get_json(slf, force.0, silent.0, cache.0)
    }

    /// Closes the files of a form.
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
        if let Some(Some(state)) = self.state.visited(&visit).as_deref() {
            state.traverse(&visit)?;
        }
        self.initial.iter().try_for_each(|slot| slot.traverse(&visit))
    }

    fn __clear__(&self, py: Python<'_>) {
        for slot in &self.initial {
            slot.set(py, None);
        }
    }
}
