//! The server's threads as Python's `threading` has them, by way of `ferroflask.dev_server.view_threads`: who starts and
//! names them, and the hooks that debuggers, tracers and profilers set for all threads.
//!
//! While one of these is at work, views run on threads that Python has started and never on an I/O thread. Must not know
//! what a view is.

use std::cell::Cell;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyCFunction, PyDict};

use crate::engine::ffi::dict_version;

struct Threading {
    /// `ferroflask.dev_server.view_threads`.
    module: Py<PyModule>,
    /// What `threading` has, the hooks among it.
    names: Py<PyDict>,
}

static THREADING: PyOnceLock<Threading> = PyOnceLock::new();

/// Whether a debugger, tracer or profiler is at work.
static AT_WORK: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// The version of `threading`'s names whose hooks the calling thread has.
    static FOLLOWED: Cell<Option<u64>> = const { Cell::new(None) };
}

fn threading(py: Python<'_>) -> PyResult<&Threading> {
    THREADING.get_or_try_init(py, || {
        let names = py.import("threading")?.getattr("__dict__")?.cast_into::<PyDict>()?;
        Ok(Threading {
            module: py.import("ferroflask.dev_server.view_threads")?.unbind(),
            names: names.unbind(),
        })
    })
}

/// Whether views have to run on threads that Python has started.
#[inline]
pub fn at_work() -> bool {
    AT_WORK.load(Relaxed)
}

/// Gives the calling thread, on which a view is about to run, the hooks that are set now.
#[inline]
pub fn follow(py: Python<'_>) {
    let version = THREADING.get(py).and_then(|known| dict_version(known.names.bind(py)));
    if version.is_none() || version != FOLLOWED.get() {
        report(py, follow_anew(py, version));
    }
}

#[cold]
fn follow_anew(py: Python<'_>, version: Option<u64>) -> PyResult<()> {
    FOLLOWED.set(version);
    let module = threading(py)?.module.bind(py);
    AT_WORK.store(module.call_method0(intern!(py, "follow_hooks"))?.extract()?, Relaxed);
    Ok(())
}

/// Has Python start a thread that calls `live`, attached; gives whether it did. Nothing is called otherwise.
pub fn start(py: Python<'_>, live: impl Fn(Python<'_>) + Send + Sync + 'static) -> bool {
    let started = threading(py).and_then(|known| {
        let live = PyCFunction::new_closure(py, None, None, move |arguments, _| live(arguments.py()))?;
        let module = known.module.bind(py);
        module.call_method1(intern!(py, "start"), (live,))?.extract()
    });
    started.unwrap_or_else(|error: PyErr| {
        report(py, Err(error));
        false
    })
}

/// Gives the calling thread, which Python has not started, a name: `kind` and a number.
pub fn enter(py: Python<'_>, kind: &str) {
    let named = threading(py).and_then(|known| known.module.bind(py).call_method1(intern!(py, "enter"), (kind,)));
    report(py, named.map(drop));
}

/// Undoes [`enter`].
pub fn leave(py: Python<'_>) {
    let left = threading(py).and_then(|known| known.module.bind(py).call_method0(intern!(py, "leave")));
    report(py, left.map(drop));
}

/// A request is served all the same.
fn report(py: Python<'_>, outcome: PyResult<()>) {
    if let Err(error) = outcome {
        error.write_unraisable(py, None);
    }
}
