//! Python's switch interval: how long a thread that computes may make an I/O thread wait for the GIL.
//!
//! While Python code computes beside the server, each request would cost it a whole switch interval, and the computing
//! threads would request the GIL back in the midst of what is being served for that price. So the interval is short while
//! an I/O thread waits, and as long as ever while it has the GIL. An interval that the program sets itself stays. Must not
//! know who computes.

use std::sync::atomic::{AtomicBool, Ordering};

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// What `dev_server.server.short_switch_interval` has set, and what is set while I/O threads wait, in seconds.
const USUAL: f64 = 500e-6;
const SHORT: f64 = 100e-6;

/// Whether others compute. The interval is `SHORT` then, except while an I/O thread has the GIL.
#[derive(Default)]
pub struct SwitchInterval {
    contended: AtomicBool,
}

impl SwitchInterval {
    #[inline]
    pub fn is_contended(&self) -> bool {
        self.contended.load(Ordering::Relaxed)
    }

    /// An I/O thread, which has the GIL, has waited long for it.
    pub fn begin(&self, py: Python<'_>) {
        // Any other value is the program's own.
        if !self.is_contended() && is(py, USUAL) {
            self.contended.store(true, Ordering::Relaxed);
        }
    }

    /// An I/O thread has got the GIL (`true`), or is about to give it back.
    #[inline]
    pub fn hold(&self, py: Python<'_>, holds: bool) {
        if self.is_contended() {
            self.change(py, holds);
        }
    }

    #[cold]
    fn change(&self, py: Python<'_>, long: bool) {
        let (from, to) = if long { (SHORT, USUAL) } else { (USUAL, SHORT) };
        if is(py, from) {
            set(py, to);
        } else if !is(py, to) {
            self.contended.store(false, Ordering::Relaxed);
        }
    }

    /// Nobody has waited for a while. Gives whether there is something to [`restore`].
    pub fn end(&self) -> bool {
        self.contended.swap(false, Ordering::Relaxed)
    }
}

/// Sets the interval to what it was before, unless the program has set it meanwhile.
pub fn restore(py: Python<'_>) {
    if is(py, SHORT) {
        set(py, USUAL);
    }
}

fn is(py: Python<'_>, seconds: f64) -> bool {
    static GET: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let now = GET
        .import(py, "sys", "getswitchinterval")
        .and_then(|get| get.call0()?.extract::<f64>());
    now.is_ok_and(|now| (now - seconds).abs() < 1e-7)
}

fn set(py: Python<'_>, seconds: f64) {
    static SET: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if let Ok(set) = SET.import(py, "sys", "setswitchinterval") {
        // It fails for numbers out of range alone.
        let _ = set.call1((seconds,));
    }
}
