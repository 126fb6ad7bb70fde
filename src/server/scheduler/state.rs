//! The state that the parts of the scheduler share, and how requests queued behind the inline slot are served.
//!
//! It must not know HTTP.

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use pyo3::prelude::*;

use super::bell::Bell;
use super::endpoint_stats::{EndpointId, EndpointTable};
use super::idle_workers::IdleWorkers;
use super::inline_slot::InlineSlot;
use super::switch_interval::SwitchInterval;
use super::thread_pool::{Place, Pool, Work};

/// Requests served in one hold of the GIL before the I/O thread goes back to its sockets.
const SERVED_AT_ONCE: usize = 64;

/// A wait for Python that says that other threads use it much; the shorter one while [`SwitchInterval`] has shortened it.
const CONTENDED: Duration = Duration::from_micros(200);

const STILL_CONTENDED: Duration = Duration::from_micros(80);

/// When a view began, attached to Python, and how long it took.
#[derive(Debug, Clone, Copy)]
pub struct RunTime {
    pub began: Instant,
    pub took: Duration,
}

/// What scheduler and watchdog both look at.
pub struct SchedulerState<W> {
    pub lanes: EndpointTable,
    pub seat: InlineSlot<W>,
    pub pool: Arc<Pool<W>>,
    pub standby: Arc<IdleWorkers>,
    pub bell: Bell,
    /// Set when an I/O thread has waited long for Python; the watchdog takes it back.
    pub contention: AtomicBool,
    pub switching: SwitchInterval,
    pub closed: AtomicBool,
    /// A task is on its way that serves those who wait for the seat.
    pub(super) serving: AtomicBool,
}

/// Who sits inline. Dropped, it leaves the seat and sees to it that those who wait are served.
pub struct Seated<'a, W: Work>(pub(super) &'a Arc<SchedulerState<W>>);

impl<W: Work> Drop for Seated<'_, W> {
    #[inline]
    fn drop(&mut self) {
        self.0.seat.free();
        if self.0.seat.has_waiting() {
            self.0.send_for_them();
        }
    }
}

impl<W: Work> SchedulerState<W> {
    /// Takes the seat, if nobody sits there.
    #[inline]
    pub(super) fn sit(self: &Arc<Self>) -> Option<Seated<'_, W>> {
        self.seat.take().then(|| {
            self.bell.ring();
            Seated(self)
        })
    }

    /// Attaches to Python; `run` gets the moment at which the wait for it began.
    #[inline]
    pub(super) fn hold_python<R>(&self, run: impl FnOnce(Python<'_>, Instant) -> R) -> R {
        let asked = Instant::now();
        Python::attach(|py| {
            self.switching.hold(py, true);
            let result = run(py, asked);
            self.switching.hold(py, false);
            result
        })
    }

    #[inline]
    pub(super) fn note_inline(&self, lane: EndpointId, time: Duration) {
        self.lanes.get(lane).note_inline(time, || !self.seat.is_lively());
    }

    /// Hands `work` to the pool, behind the short ones if its endpoint takes long.
    pub fn send_to_pool(&self, work: W) {
        let slow = self.lanes.get(work.lane()).is_slow();
        self.pool.submit(work, slow);
    }

    /// An I/O thread has waited so long for Python.
    #[inline]
    pub(super) fn note_wait(&self, py: Python<'_>, waited: Duration) {
        if waited > STILL_CONTENDED && (waited > CONTENDED || self.switching.is_contended()) {
            self.contended(py);
        }
    }

    /// Python is busy on other threads: while one I/O thread waits for it, the other gathers requests, which are then
    /// served in one go.
    #[cold]
    pub(super) fn contended(&self, py: Python<'_>) {
        self.contention.store(true, Ordering::Relaxed);
        self.standby.let_go();
        self.switching.begin(py);
    }

    /// Has those who wait for the seat served by a task of its own, on an I/O thread.
    #[cold]
    pub(super) fn send_for_them(self: &Arc<Self>) {
        if !self.serving.swap(true, Ordering::SeqCst) {
            let bench = Arc::clone(self);
            tokio::spawn(async move {
                bench.serving.store(false, Ordering::SeqCst);
                bench.serve_waiting();
            });
        }
    }

    /// Takes the seat and serves those who wait for it, in one hold of the GIL. Nothing may be left on this thread's stack
    /// that others wait for, since any of the views may turn out to take long.
    pub(super) fn serve_waiting(self: &Arc<Self>) {
        let Some(_seated) = self.sit() else {
            // Who sits there is going to look again.
            return;
        };
        self.hold_python(|py, asked| {
            self.note_wait(py, asked.elapsed());
            for _ in 0..SERVED_AT_ONCE {
                let Some(work) = self.seat.next_waiting() else { return };
                self.seat.begin(work.lane());
                work.run(py, Place::Inline);
                if self.seat.has_waiting() {
                    // The task that was woken by the answer is this thread's next and nobody else's, until another one is.
                    tokio::spawn(ready(()));
                }
            }
        });
    }
}
