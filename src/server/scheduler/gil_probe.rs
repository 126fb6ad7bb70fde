//! A thread that measures on request how long it takes to acquire the GIL: no time while Python is idle, a switch interval
//! or more while some thread computes. It also restores that interval.
//!
//! A thread of its own, since the watchdog can't wait for as long as a program may have the GIL. Must not know what its
//! measurements are used for.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use pyo3::prelude::*;

use super::switch_interval;
use crate::server::ffi;

/// A longer wait means that the GIL is in use.
const AT_ONCE: Duration = Duration::from_micros(100);

#[derive(Default)]
pub struct GilProbe {
    thread: OnceLock<Thread>,
    trying: AtomicBool,
    restoring: AtomicBool,
    closed: AtomicBool,
    quick: AtomicU32,
    late: AtomicU32,
}

impl GilProbe {
    /// The body of its thread.
    pub fn live(&self) {
        ffi::keep_thread_state();
        let _ = self.thread.set(thread::current());
        while !self.closed.load(Ordering::SeqCst) {
            if self.trying.load(Ordering::SeqCst) {
                let asked = Instant::now();
                let waited = Python::attach(|_| asked.elapsed());
                let kind = if waited > AT_ONCE { &self.late } else { &self.quick };
                kind.fetch_add(1, Ordering::Relaxed);
                self.trying.store(false, Ordering::SeqCst);
            } else if self.restoring.swap(false, Ordering::SeqCst) {
                Python::attach(switch_interval::restore);
            } else {
                thread::park();
            }
        }
        ffi::release_thread_state();
    }

    fn wake(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }

    /// What was found since the last call, as numbers of quick and of late tries; then tries once more. One that still
    /// goes on is late.
    pub fn ask(&self) -> (u32, u32) {
        let still_trying = self.trying.swap(true, Ordering::SeqCst);
        self.wake();
        let late = self.late.swap(0, Ordering::Relaxed) + u32::from(still_trying && self.thread.get().is_some());
        (self.quick.swap(0, Ordering::Relaxed), late)
    }

    /// Has the switch interval restored.
    pub fn restore_switching(&self) {
        self.restoring.store(true, Ordering::SeqCst);
        self.wake();
    }

    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.wake();
    }
}
