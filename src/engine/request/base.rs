//! The native base of `flask.Request`: everything Werkzeug's `__init__` would set, had from the shared request state
//! when somebody asks. The long tail (accept headers, conditional headers, …) is Werkzeug's own Python, which reads
//! these attributes.

use std::sync::Arc;

use pyo3::exceptions::{PyAttributeError, PyTypeError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple, PyType};

use super::class;
use super::state::RequestState;
use super::values;
use crate::engine::ffi;
use crate::engine::ffi::gil_cell::Attached;
use crate::engine::interpreter::gil_slot::Slot;
use crate::engine::interpreter::truth::Truth;

/// Base class of `flask.Request`, before `werkzeug.wrappers.Request` in its MRO.
#[pyclass(subclass, frozen, module = "ferroflask._core")]
#[derive(Default)]
pub struct RequestBase {
    state: Attached<Option<Arc<RequestState>>>,
    environ: Slot,
    method: Slot,
    scheme: Slot,
    server: Slot,
    root_path: Slot,
    path: Slot,
    query_string: Slot,
    headers: Slot,
    remote_addr: Slot,
    shallow: Slot,
    json_module: Slot,
}

impl RequestBase {
    fn state(&self, py: Python<'_>) -> PyResult<Arc<RequestState>> {
        self.shared_state(py).ok_or_else(|| {
            PyAttributeError::new_err("the request was not initialised: call Request.__init__ with an environ")
        })
    }

    /// Makes this the request of a state; for one that was made without `__init__`.
    pub fn take_state(&self, py: Python<'_>, state: Arc<RequestState>) {
        self.state.put(py, Some(state));
    }

    /// The state this request shares with its context; None before `__init__`.
    pub fn shared_state(&self, py: Python<'_>) -> Option<Arc<RequestState>> {
        self.state.look(py).clone()
    }

    /// The query string that was put on the request in place of its own.
    pub fn replaced_query<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.query_string.get(py)?.cast_into().ok()
    }

    fn slots(&self) -> [&Slot; 11] {
        [
            &self.environ,
            &self.method,
            &self.scheme,
            &self.server,
            &self.root_path,
            &self.path,
            &self.query_string,
            &self.headers,
            &self.remote_addr,
            &self.shallow,
            &self.json_module,
        ]
    }

    /// The environ of the state, which knows its request from the start.
    fn made_environ<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyDict>> {
        let py = slf.py();
        let state = slf.get().state(py)?;
        if let Some(environ) = state.environ_if_made(py) {
            return Ok(environ);
        }
        let environ = state.environ(py)?;
        let shown = (!state.is_over()).then_some(slf);
        environ.set_item(intern!(py, "werkzeug.request"), shown)?;
        Ok(environ)
    }

    fn text<'py>(
        &self,
        py: Python<'py>,
        slot: &Slot,
        read: impl Fn(&RequestState) -> &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        slot.get_or_make(py, || Ok(PyString::new(py, read(&*self.state(py)?)).into_any()))
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
        let environ = environ
            .cast::<PyDict>()
            .map_err(|_| PyTypeError::new_err("a request is made from a WSGI environ, a dict"))?;
        class::initialise(slf, environ, populate_request.0, shallow.0)
    }

    #[getter]
    fn method<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.method
            .get_or_make(py, || Ok(PyString::intern(py, &self.state(py)?.head.method).into_any()))
    }

    #[setter]
    fn set_method(&self, py: Python<'_>, value: Py<PyAny>) {
        self.method.set(py, Some(value));
    }

    #[getter]
    fn scheme<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.text(py, &self.scheme, |state| &state.head.scheme)
    }

    #[setter]
    fn set_scheme(&self, py: Python<'_>, value: Py<PyAny>) {
        self.scheme.set(py, Some(value));
    }

    #[getter]
    fn root_path<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.text(py, &self.root_path, |state| &state.head.root_path)
    }

    #[setter]
    fn set_root_path(&self, py: Python<'_>, value: Py<PyAny>) {
        self.root_path.set(py, Some(value));
    }

    #[getter]
    fn path<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.text(py, &self.path, |state| &state.head.path)
    }

    #[setter]
    fn set_path(&self, py: Python<'_>, value: Py<PyAny>) {
        self.path.set(py, Some(value));
    }

    #[getter]
    fn query_string<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.query_string
            .get_or_make(py, || Ok(PyBytes::new(py, &self.state(py)?.head.query).into_any()))
    }

    #[setter]
    fn set_query_string(&self, py: Python<'_>, value: Py<PyAny>) {
        self.query_string.set(py, Some(value));
    }

    #[getter]
    fn server<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.server.get_or_make(py, || {
            let server = self.state(py)?.server_tuple(py)?;
            Ok(server.map_or_else(|| py.None().into_bound(py), Bound::into_any))
        })
    }

    #[setter]
    fn set_server(&self, py: Python<'_>, value: Py<PyAny>) {
        self.server.set(py, Some(value));
    }

    #[getter]
    fn remote_addr<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.remote_addr
            .get_or_make(py, || Ok(self.state(py)?.remote_addr().into_pyobject(py)?))
    }

    #[setter]
    fn set_remote_addr(&self, py: Python<'_>, value: Py<PyAny>) {
        self.remote_addr.set(py, Some(value));
    }

    /// A live `werkzeug.datastructures.EnvironHeaders`.
    #[getter]
    fn headers<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        static HEADERS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let py = slf.py();
        slf.get().headers.get_or_make(py, || {
            let kind = HEADERS.import(py, "werkzeug.datastructures", "EnvironHeaders")?;
            kind.call1((Self::made_environ(slf)?,))
        })
    }

    #[setter]
    fn set_headers(&self, py: Python<'_>, value: Py<PyAny>) {
        self.headers.set(py, Some(value));
    }

    #[getter]
    fn args<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        values::args(slf)
    }

    #[setter]
    fn set_args(slf: &Bound<'_, Self>, value: Py<PyAny>) -> PyResult<()> {
        ffi::instance_dict(slf.as_any())?.set_item(intern!(slf.py(), "args"), value)
    }

    #[getter]
    fn cookies<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        values::cookies(slf)
    }

    #[setter]
    fn set_cookies(slf: &Bound<'_, Self>, value: Py<PyAny>) -> PyResult<()> {
        ffi::instance_dict(slf.as_any())?.set_item(intern!(slf.py(), "cookies"), value)
    }

    #[getter]
    fn form<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        values::form_part(slf, intern!(slf.py(), "form"))
    }

    #[setter]
    fn set_form(slf: &Bound<'_, Self>, value: Py<PyAny>) -> PyResult<()> {
        ffi::instance_dict(slf.as_any())?.set_item(intern!(slf.py(), "form"), value)
    }

    #[getter]
    fn files<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        values::form_part(slf, intern!(slf.py(), "files"))
    }

    #[setter]
    fn set_files(slf: &Bound<'_, Self>, value: Py<PyAny>) -> PyResult<()> {
        ffi::instance_dict(slf.as_any())?.set_item(intern!(slf.py(), "files"), value)
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

    /// The parsed JSON body; what is wrong with another one is answered by `on_json_loading_failed`.
    #[getter(json)]
    fn json_body<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        if class::is_core(&slf.get_type())? {
            return values::get_json(slf, false, false, true);
        }
        slf.as_any().call_method0(intern!(slf.py(), "get_json"))
    }

    #[pyo3(
        signature = (force=Truth(false), silent=Truth(false), cache=Truth(true)),
        text_signature = "($self, force=False, silent=False, cache=True)"
    )]
    fn get_json<'py>(slf: &Bound<'py, Self>, force: Truth, silent: Truth, cache: Truth) -> PyResult<Bound<'py, PyAny>> {
        values::get_json(slf, force.0, silent.0, cache.0)
    }

    /// The WSGI environ, made when it is first asked for.
    #[getter]
    fn environ<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyDict>> {
        let py = slf.py();
        if let Some(replaced) = slf.get().environ.get(py) {
            return Ok(replaced.cast_into()?);
        }
        Self::made_environ(slf)
    }

    #[setter]
    fn set_environ(&self, py: Python<'_>, value: Py<PyAny>) {
        self.environ.set(py, Some(value));
    }

    #[getter]
    fn shallow<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.shallow
            .get_or_make(py, || Ok(false.into_pyobject(py)?.to_owned().into_any()))
    }

    #[setter]
    pub fn set_shallow(&self, py: Python<'_>, value: Py<PyAny>) {
        self.shallow.set(py, Some(value));
    }

    /// What `get_json` parses with: the app's JSON provider.
    #[getter]
    pub fn json_module<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.json_module
            .get_or_make(py, || Ok(py.import("flask.json")?.into_any()))
    }

    #[setter]
    pub fn set_json_module(&self, py: Python<'_>, value: Py<PyAny>) {
        self.json_module.set(py, Some(value));
    }

    /// The rule that matched, or None.
    #[getter]
    fn url_rule<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        Ok(self.state(py)?.url_rule.get(py))
    }

    #[setter]
    fn set_url_rule(&self, py: Python<'_>, value: Option<Py<PyAny>>) -> PyResult<()> {
        self.state(py)?.url_rule.set(py, value);
        Ok(())
    }

    /// The view arguments the URL gave, or None when nothing matched.
    #[getter]
    fn view_args<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        Ok(self.state(py)?.view_args.get(py))
    }

    #[setter]
    fn set_view_args(&self, py: Python<'_>, value: Option<Py<PyAny>>) -> PyResult<()> {
        self.state(py)?.view_args.set(py, value);
        Ok(())
    }

    /// What matching raised, or None.
    #[getter]
    fn routing_exception<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        Ok(self.state(py)?.routing_exception.get(py))
    }

    #[setter]
    fn set_routing_exception(&self, py: Python<'_>, value: Option<Py<PyAny>>) -> PyResult<()> {
        self.state(py)?.routing_exception.set(py, value);
        Ok(())
    }

    /// A copy shares what was matched and read so far, as copying the attributes of Werkzeug's would.
    fn __copy__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let copy = ffi::bare_instance::<Self>(&slf.get_type())?;
        let (from, to) = (slf.get(), copy.cast::<Self>()?.get());
        to.state.put(py, from.state.look(py).clone());
        for (from, to) in from.slots().iter().zip(to.slots()) {
            to.set(py, from.get(py).map(Bound::unbind));
        }
        ffi::instance_dict(&copy)?.update(ffi::instance_dict(slf.as_any())?.as_mapping())?;
        Ok(copy)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Some(Some(state)) = self.state.visited(&visit).as_deref() {
            state.traverse(&visit)?;
        }
        self.slots().iter().try_for_each(|slot| slot.traverse(&visit))
    }

    fn __clear__(&self, py: Python<'_>) {
        for slot in self.slots() {
            slot.set(py, None);
        }
    }
}
