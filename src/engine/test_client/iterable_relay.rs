//! Between a response that is run inside the request and Werkzeug's `run_wsgi_app`, which collects it after the request:
//! what the response said to `start_response` is said again.

use parking_lot::Mutex;
use pyo3::exceptions::PyRuntimeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::engine::interpreter::gil_slot::GilSlot;

/// The `start_response` that the response gets.
#[pyclass(frozen, module = "ferroflask._core")]
#[derive(Default)]
pub struct Relay {
    said: Mutex<Vec<Py<PyTuple>>>,
    written: Mutex<Vec<Py<PyAny>>>,
    start_response: GilSlot,
    write: GilSlot,
}

#[pymethods]
impl Relay {
    #[pyo3(signature = (status, headers, exc_info=None))]
    fn __call__<'py>(
        slf: &Bound<'py, Self>,
        status: Bound<'py, PyAny>,
        headers: Bound<'py, PyAny>,
        exc_info: Option<Bound<'py, PyTuple>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        if let Some(exc_info) = exc_info {
            return Err(PyErr::from_value(exc_info.get_item(1)?));
        }
        if let Some(start_response) = slf.get().start_response.get(py) {
            return start_response.call1((status, headers));
        }
        slf.get()
            .said
            .lock()
            .push(PyTuple::new(py, [status, headers])?.unbind());
        slf.as_any().getattr(intern!(py, "write"))
    }

    /// The old imperative way to send body bytes.
    fn write(&self, py: Python<'_>, data: Py<PyAny>) -> PyResult<()> {
        if let Some(write) = self.write.get(py) {
            return write.call1((data,)).map(drop);
        }
        self.written.lock().push(data);
        Ok(())
    }
}

/// The WSGI application that gives what the response gave.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct Replay {
    pub relay: Py<Relay>,
    pub body: Py<PyAny>,
}

#[pymethods]
impl Replay {
    fn __call__<'py>(
        &self,
        py: Python<'py>,
        _environ: &Bound<'py, PyAny>,
        start_response: Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let relay = self.relay.get();
        let said = std::mem::take(&mut *relay.said.lock());
        for arguments in said {
            relay
                .write
                .set(py, Some(start_response.call1(arguments.bind(py).clone())?.unbind()));
        }
        let written = std::mem::take(&mut *relay.written.lock());
        for data in written {
            let write = relay
                .write
                .get(py)
                .ok_or_else(|| PyRuntimeError::new_err("body bytes were written before start_response was called"))?;
            write.call1((data,))?;
        }
        relay.start_response.set(py, Some(start_response.unbind()));
        Ok(self.body.bind(py).clone())
    }
}
