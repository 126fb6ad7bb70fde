//! Who runs the view: *a view earns its place on the I/O thread*.
//!
//! An endpoint starts on the pool's threads; once it has proven short it runs where its request arrived, at most one at
//! a time; the surplus is served after it, or by the pool when that takes long. Must not know about sockets.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use pyo3::prelude::*;
use tokio::runtime::Handle;

use super::bell::Bell;
use super::endpoint_stats::{EndpointId, EndpointTable};
use super::idle_workers::IdleWorkers;
use super::inline_slot::InlineSlot;
use super::state::{RunTime, SchedulerState, Seated};
use super::switch_interval::SwitchInterval;
use super::thread_pool::{Place, Pool, Work};
use super::{thread_hooks, watchdog};

pub struct Scheduler<W> {
    bench: Arc<SchedulerState<W>>,
    inline: bool,
}

/// The right to run a view on the I/O thread; given back when dropped.
pub struct InlinePass<'a, W: Work> {
    seated: Seated<'a, W>,
    lane: EndpointId,
}

impl<W: Work> InlinePass<'_, W> {
    /// Runs `view`, which gives its result and its time.
    #[inline]
    pub fn run<R>(self, view: impl FnOnce(Python<'_>) -> (R, RunTime)) -> R {
        let bench = self.seated.0;
        bench.hold_python(|py, asked| {
            bench.seat.begin(self.lane);
            let (result, time) = view(py);
            bench.note_inline(self.lane, time.took);
            bench.note_wait(py, time.began.duration_since(asked));
            result
        })
    }
}

impl<W: Work> Scheduler<W> {
    /// A scheduler beside a runtime of `io_threads`, with up to `threads` pool threads; with only one of them nothing
    /// ever runs inline, so that requests are run one at a time.
    pub fn new(threads: usize, io_threads: usize) -> Self {
        let bench = SchedulerState {
            lanes: EndpointTable::new(),
            seat: InlineSlot::new(),
            pool: Pool::new(threads.max(1)),
            standby: IdleWorkers::new(io_threads - 1),
            bell: Bell::default(),
            contention: AtomicBool::new(false),
            switching: SwitchInterval::default(),
            closed: AtomicBool::new(false),
            serving: AtomicBool::new(false),
        };
        Self {
            bench: Arc::new(bench),
            // A lone I/O thread would have nobody to take over from it.
            inline: threads > 1 && io_threads > 1,
        }
    }

    /// Starts the watchdog over `runtime`.
    pub fn watch(&self, runtime: Handle) -> std::io::Result<()> {
        watchdog::start(Arc::downgrade(&self.bench), runtime)
    }

    pub fn lane(&self, key: u64) -> EndpointId {
        self.bench.lanes.find(key)
    }

    /// Whether the endpoint has earned to run on the I/O thread, and no debugger or tracer has to see it run.
    fn has_earned(&self, lane: EndpointId) -> bool {
        self.inline && self.bench.lanes.get(lane).is_inline() && !thread_hooks::at_work()
    }

    /// A pass for the endpoint, if it has earned it and nobody else is inline. Not while Python is busy elsewhere: then
    /// every hold of the GIL is dear, and those who wait for it are served together.
    #[inline]
    pub fn inline_pass(&self, lane: EndpointId) -> Option<InlinePass<'_, W>> {
        let may = self.has_earned(lane) && !self.bench.switching.is_contended();
        let seated = may.then(|| self.bench.sit()).flatten()?;
        Some(InlinePass { seated, lane })
    }

    /// Hands over `work` that got no pass: to the queue behind the slot if its endpoint has earned it, else to the pool.
    pub fn hand_over(&self, work: W) {
        let seat = &self.bench.seat;
        if !self.has_earned(work.lane()) || !seat.is_lively() {
            return self.submit(work);
        }
        seat.leave(work);
        self.bench.bell.ring();
        if seat.look().is_free() {
            self.bench.send_for_them();
        }
    }

    /// Hands `work` to the pool.
    pub fn submit(&self, work: W) {
        self.bench.send_to_pool(work);
        self.bench.bell.ring();
    }

    /// A run of the endpoint took `time`.
    pub fn note(&self, lane: EndpointId, place: Place, time: Duration) {
        match place {
            Place::Inline => self.bench.note_inline(lane, time),
            Place::Pool => self.bench.lanes.get(lane).note_pooled(time),
        }
    }

    /// The endpoint answers with a stream.
    pub fn never_inline(&self, lane: EndpointId) {
        self.bench.lanes.get(lane).never_inline();
    }

    /// The calling pool thread begins or ends a stream.
    pub fn stream(&self, begins: bool) {
        self.bench.pool.stream(begins);
    }

    /// Lets every I/O thread go, so that the runtime can end.
    pub fn begin_close(&self) {
        self.bench.closed.store(true, Ordering::Relaxed);
        self.bench.standby.close();
        self.bench.bell.ring();
    }

    /// Ends watchdog and pool; gives whether no thread is left in a view. Must be called detached from Python.
    pub fn close(&self, patience: Duration) -> bool {
        self.begin_close();
        self.bench.pool.close(patience)
    }
}
