//! Flask's signals: sent by blinker, and not even prepared when nobody is connected.

use pyo3::exceptions::PyAttributeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use crate::engine::ffi;
use crate::engine::ffi::gil_cell::GilCell;
use crate::engine::interpreter::name_enum::named;

named! {
    /// The signals that a request sends by itself, as `flask.signals` calls them.
    pub enum Signal {
        AppcontextPopped = "appcontext_popped",
        AppcontextPushed = "appcontext_pushed",
        AppcontextTearingDown = "appcontext_tearing_down",
        BeforeRenderTemplate = "before_render_template",
        RequestFinished = "request_finished",
        RequestStarted = "request_started",
        RequestTearingDown = "request_tearing_down",
        TemplateRendered = "template_rendered",
    }
}

/// What receivers get besides the sender, by name.
pub type Extra<'a, 'py> = &'a [(&'a str, &'a Bound<'py, PyAny>)];

/// Sends a signal of the app, if anybody listens.
pub fn send<'py>(app: &Bound<'py, PyAny>, which: Signal, extra: Extra<'_, 'py>) -> PyResult<()> {
    let py = app.py();
    let Some(signal) = connected(py, which)? else {
        return Ok(());
    };
    let arguments = PyDict::new(py);
    arguments.set_item(intern!(py, "_async_wrapper"), app.getattr(intern!(py, "ensure_sync"))?)?;
    for (name, value) in extra {
        arguments.set_item(name, value)?;
    }
    signal.call_method(intern!(py, "send"), (app,), Some(&arguments))?;
    Ok(())
}

/// Whether the app's own signal reaches anybody.
pub fn is_awaited(app: &Bound<'_, PyAny>, which: Signal) -> PyResult<bool> {
    let py = app.py();
    connected(py, which)?.map_or(Ok(false), |signal| {
        signal
            .call_method1(intern!(py, "has_receivers_for"), (app,))?
            .is_truthy()
    })
}

/// The signal if it has a receiver.
fn connected(py: Python<'_>, which: Signal) -> PyResult<Option<Bound<'_, PyAny>>> {
    static KNOWN: [GilCell<Option<KnownReceivers>>; Signal::COUNT] = [const { GilCell::new(None) }; Signal::COUNT];
    let names = names(py)?;
    let version = ffi::dict_version(names);
    let known = KNOWN[which as usize]
        .look(py)
        .as_ref()
        .and_then(|known| known.at(py, version));
    if let Some((signal, attributes)) = known {
        return Ok(may_be_connected(&attributes)?.then_some(signal));
    }
    let Some(signal) = names.get_item(which.name())? else {
        return Err(PyAttributeError::new_err(format!(
            "flask.signals has no {}",
            which.name()
        )));
    };
    if let (Some(version), Ok(attributes)) = (version, ffi::instance_dict(&signal)) {
        let known = KnownReceivers {
            version,
            signal: signal.clone().unbind(),
            attributes: attributes.unbind(),
        };
        KNOWN[which as usize].put(py, Some(known));
    }
    Ok(signal.getattr(intern!(py, "receivers"))?.is_truthy()?.then_some(signal))
}

/// The names of `flask.signals`, live.
fn names(py: Python<'_>) -> PyResult<&Bound<'_, PyDict>> {
    static MODULE: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
    let names = MODULE.get_or_try_init(py, || py.import("flask.signals").map(|module| module.dict().unbind()))?;
    Ok(names.bind(py))
}

/// A signal, for as long as the module's names are at this version.
struct KnownReceivers {
    version: u64,
    signal: Py<PyAny>,
    /// Its `__dict__`, where a look-up costs a fifth of asking the signal.
    attributes: Py<PyDict>,
}

impl KnownReceivers {
    /// The signal and its attributes, if the names are still at this version.
    fn at<'py>(&self, py: Python<'py>, version: Option<u64>) -> Option<(Bound<'py, PyAny>, Bound<'py, PyDict>)> {
        (version == Some(self.version)).then(|| (self.signal.bind(py).clone(), self.attributes.bind(py).clone()))
    }
}

/// Whether a signal with these attributes has receivers; one that is not blinker's may have.
fn may_be_connected(attributes: &Bound<'_, PyDict>) -> PyResult<bool> {
    let receivers = attributes.get_item(intern!(attributes.py(), "receivers"))?;
    Ok(match receivers.as_ref().map(|found| found.cast_exact::<PyDict>()) {
        Some(Ok(receivers)) => !receivers.is_empty(),
        _ => true,
    })
}
