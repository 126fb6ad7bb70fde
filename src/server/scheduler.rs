//! Who runs the view: *a view earns its place on the I/O thread*.
//!
//! An endpoint starts on the pool's threads; once it has proven short it runs where its request arrived, at most one at
//! a time; the surplus is served after it, or by the pool when that takes long. Must not know about sockets.

use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use tokio::runtime::Handle;

use super::lanes::{LaneId, Lanes};
use super::pool::{Place, Pool, Work};
use super::seat::Seat;
use super::standby::Standby;
use super::switching::Switching;
use super::thread_hooks;
use super::watchdog::{self, Bell};

/// Requests served in one hold of the GIL before the I/O thread goes back to its sockets.
const SERVED_AT_ONCE: usize = 64;

/// A wait for Python that says that other threads use it much; the shorter one while [`Switching`] has shortened it.
const CONTENDED: Duration = Duration::from_micros(200);
const STILL_CONTENDED: Duration = Duration::from_micros(80);

/// When a view began, attached to Python, and how long it took.
#[derive(Debug, Clone, Copy)]
pub struct RunTime {
    pub began: Instant,
    pub took: Duration,
}

/// What scheduler and watchdog both look at.
pub struct Bench<W> {
    pub lanes: Lanes,
    pub seat: Seat<W>,
    pub pool: Arc<Pool<W>>,
    pub standby: Arc<Standby>,
    pub bell: Bell,
    /// Set when an I/O thread has waited long for Python; the watchdog takes it back.
    pub contention: AtomicBool,
    pub switching: Switching,
    pub closed: AtomicBool,
    /// A task is on its way that serves those who wait for the seat.
    serving: AtomicBool,
}

pub struct Scheduler<W> {
    bench: Arc<Bench<W>>,
    inline: bool,
}

/// The right to run a view on the I/O thread; given back when dropped.
pub struct InlinePass<'a, W: Work> {
    seated: Seated<'a, W>,
    lane: LaneId,
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

/// Who sits inline. Dropped, it leaves the seat and sees to it that those who wait are served.
struct Seated<'a, W: Work>(&'a Arc<Bench<W>>);

impl<W: Work> Drop for Seated<'_, W> {
    #[inline]
    fn drop(&mut self) {
        self.0.seat.free();
        if self.0.seat.has_waiting() {
            self.0.send_for_them();
        }
    }
}

impl<W: Work> Bench<W> {
    /// Takes the seat, if nobody sits there.
    #[inline]
    fn sit(self: &Arc<Self>) -> Option<Seated<'_, W>> {
        self.seat.take().then(|| {
            self.bell.ring();
            Seated(self)
        })
    }

    /// Attaches to Python; tells `run` when it was asked for.
    #[inline]
    fn hold_python<R>(&self, run: impl FnOnce(Python<'_>, Instant) -> R) -> R {
        let asked = Instant::now();
        Python::attach(|py| {
            self.switching.hold(py, true);
            let result = run(py, asked);
            self.switching.hold(py, false);
            result
        })
    }

    #[inline]
    fn note_inline(&self, lane: LaneId, time: Duration) {
        self.lanes.get(lane).note_inline(time, || !self.seat.is_lively());
    }

    /// Hands `work` to the pool, behind the short ones if its endpoint takes long.
    pub fn send_to_pool(&self, work: W) {
        let slow = self.lanes.get(work.lane()).is_slow();
        self.pool.submit(work, slow);
    }

    /// An I/O thread has waited so long for Python.
    #[inline]
    fn note_wait(&self, py: Python<'_>, waited: Duration) {
        if waited > STILL_CONTENDED && (waited > CONTENDED || self.switching.is_contended()) {
            self.contended(py);
        }
    }

    /// Python is busy on other threads: while one I/O thread waits for it, the other gathers requests, which are then
    /// served in one go.
    #[cold]
    fn contended(&self, py: Python<'_>) {
        self.contention.store(true, Ordering::Relaxed);
        self.standby.let_go();
        self.switching.begin(py);
    }

    /// Has those who wait for the seat served by a task of its own, on an I/O thread.
    #[cold]
    fn send_for_them(self: &Arc<Self>) {
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
    fn serve_waiting(self: &Arc<Self>) {
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

impl<W: Work> Scheduler<W> {
    /// A scheduler beside a runtime of `io_threads`, with up to `threads` pool threads; with only one of them nothing
    /// ever runs inline, so that requests are run one at a time.
    pub fn new(threads: usize, io_threads: usize) -> Self {
        let bench = Bench {
            lanes: Lanes::new(),
            seat: Seat::new(),
            pool: Pool::new(threads.max(1)),
            standby: Standby::new(io_threads - 1),
            bell: Bell::default(),
            contention: AtomicBool::new(false),
            switching: Switching::default(),
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

    pub fn lane(&self, key: u64) -> LaneId {
        self.bench.lanes.find(key)
    }

    /// Whether the endpoint has earned to run on the I/O thread, and no debugger or tracer has to see it run.
    fn has_earned(&self, lane: LaneId) -> bool {
        self.inline && self.bench.lanes.get(lane).is_inline() && !thread_hooks::at_work()
    }

    /// A pass for the endpoint, if it has earned it and nobody else is inline. Not while Python is busy elsewhere: then
    /// every hold of the GIL is dear, and those who wait for it are served together.
    #[inline]
    pub fn inline_pass(&self, lane: LaneId) -> Option<InlinePass<'_, W>> {
        let may = self.has_earned(lane) && !self.bench.switching.is_contended();
        let seated = may.then(|| self.bench.sit()).flatten()?;
        Some(InlinePass { seated, lane })
    }

    /// Hands over `work` that got no pass: to whoever is inline next if its endpoint has earned it, else to the pool.
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
    pub fn note(&self, lane: LaneId, place: Place, time: Duration) {
        match place {
            Place::Inline => self.bench.note_inline(lane, time),
            Place::Pool => self.bench.lanes.get(lane).note_pooled(time),
        }
    }

    /// The endpoint answers with a stream.
    pub fn never_inline(&self, lane: LaneId) {
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
