//! The Python threads: a queue of requests in two classes, and threads that come and go with demand.
//!
//! A thread keeps its Python thread state and waits detached. Must not know about sockets or about who is promoted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;

use pyo3::prelude::*;

use super::concurrency_limit::ConcurrencyLimit;
use super::endpoint_stats::EndpointId;
use super::gil_probe::GilProbe;
use super::queue::Queue;
use super::thread_hooks;
use super::thread_stat::own_id;
use crate::server::ffi;

/// Threads that stay however quiet it is.
const KEPT: usize = 4;
/// Streams that may occupy a thread beside the pool's own number.
const MOST_STREAMS: usize = 512;
/// A thread not needed for this long ends.
const IDLE_END: Duration = Duration::from_secs(30);
/// A request waiting longer than this calls for one more thread.
const PATIENCE: Duration = Duration::from_millis(1);
/// Python code that recurses in C needs what the main thread has.
pub const STACK: usize = 8 * 1024 * 1024;

/// Where a request is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On a thread of the pool, which it may hold for as long as it likes.
    Pool,
    /// On an I/O thread: it must not wait for anything.
    Inline,
}

/// A request to be run: called once, attached.
pub trait Work: Send + 'static {
    /// Its endpoint.
    fn lane(&self) -> EndpointId;
    fn run(self, py: Python<'_>, place: Place);
}

struct PoolState<W> {
    queue: Queue<W>,
    /// Last in, first out: the warmest thread goes on, the coldest ends.
    idle: Vec<Arc<Sleeper>>,
    threads: usize,
    /// Whether the probe's thread is there.
    probing: bool,
    streams: usize,
    closed: bool,
}

struct Sleeper {
    thread: Thread,
    woken: AtomicBool,
}

impl Sleeper {
    fn wake(&self) {
        self.woken.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

pub struct Pool<W> {
    state: Mutex<PoolState<W>>,
    all_gone: Condvar,
    most: usize,
    probe: GilProbe,
}

impl<W: Work> Pool<W> {
    /// A pool of at most `most` threads; none runs yet.
    pub fn new(most: usize) -> Arc<Self> {
        let state = PoolState {
            queue: Queue::new(most),
            idle: Vec::new(),
            threads: 0,
            probing: false,
            streams: 0,
            closed: false,
        };
        Arc::new(Self {
            state: Mutex::new(state),
            all_gone: Condvar::new(),
            most,
            probe: GilProbe::default(),
        })
    }

    fn lock(&self) -> MutexGuard<'_, PoolState<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues `work`; short ones go before slow ones. Dropped when the pool is closed.
    pub fn submit(self: &Arc<Self>, work: W, slow: bool) {
        let mut state = self.lock();
        if state.closed || !state.queue.push(work, slow) {
            return;
        }
        if let Some(sleeper) = state.idle.pop() {
            drop(state);
            sleeper.wake();
        } else if state.threads < KEPT.min(self.most) {
            self.start_thread(&mut state);
        }
    }

    /// A look from the watchdog, once a tick: lets more views in, or fewer, while requests wait. True while any does.
    pub fn tick(self: &Arc<Self>, admission: &mut ConcurrencyLimit) -> bool {
        let mut state = self.lock();
        let Some(patience) = state.queue.patience() else {
            // Not at once: the next request of those who compute may just be on its way.
            state.queue.limit = state.queue.limit.saturating_mul(2);
            return false;
        };
        let limit = state.queue.limit;
        let full = state.threads >= self.allowed(&state) && limit >= state.threads;
        let ended = std::mem::take(&mut state.queue.ended);
        if patience > PATIENCE && admission.is_due(ended, full) {
            self.start_probe(&mut state);
            let threads = state.queue.threads();
            drop(state);
            let verdict = admission.look(&threads, self.probe.ask(), limit);
            state = self.lock();
            state.queue.limit = verdict.limit;
            self.grow(&mut state, verdict.threads);
        }
        true
    }

    /// Has as many threads awake as views may begin; starts at most `most` more.
    fn grow(self: &Arc<Self>, state: &mut PoolState<W>, most: usize) {
        let wanted = state.queue.admitted();
        let asleep = state.idle.len().saturating_sub(wanted);
        let woken = state.idle.split_off(asleep);
        for sleeper in &woken {
            sleeper.wake();
        }
        let room = self.allowed(state).saturating_sub(state.threads);
        let started = (wanted - woken.len()).min(room).min(most);
        (0..started).for_each(|_| self.start_thread(state));
    }

    /// Streams don't count, except where requests are run one at a time.
    fn allowed(&self, state: &PoolState<W>) -> usize {
        if self.most == 1 {
            1
        } else {
            self.most + state.streams.min(MOST_STREAMS)
        }
    }

    fn start_thread(self: &Arc<Self>, state: &mut PoolState<W>) {
        let pool = Arc::clone(self);
        let name = "ferroflask-view".to_owned();
        if thread::Builder::new()
            .name(name)
            .stack_size(STACK)
            .spawn(move || pool.have_started())
            .is_ok()
        {
            state.threads += 1;
        }
    }

    /// Has Python start the new thread, on one that can wait for Python meanwhile; becomes it where Python can't.
    fn have_started(self: Arc<Self>) {
        let life = Arc::new(Mutex::new(Some(ThreadExit(self, |state| state.threads -= 1))));
        let take = |life: &Mutex<Option<_>>| life.lock().unwrap_or_else(PoisonError::into_inner).take();
        let theirs = Arc::clone(&life);
        ffi::keep_thread_state();
        let started = Python::attach(|py| {
            thread_hooks::start(py, move |py| {
                if let Some(leaving) = take(&theirs) {
                    let _counted = ffi::count_thread();
                    py.detach(|| leaving.0.live());
                }
            })
        });
        let own = if started { None } else { take(&life) };
        if let Some(leaving) = &own {
            Python::attach(|py| thread_hooks::enter(py, "view"));
            leaving.0.live();
            Python::attach(thread_hooks::leave);
        }
        ffi::release_thread_state();
    }

    /// Has Python's switch interval restored, on a thread that may wait for Python.
    pub fn restore_switching(self: &Arc<Self>) {
        self.start_probe(&mut self.lock());
        self.probe.restore_switching();
    }

    /// Starts the thread of the probe, if it is not there yet.
    fn start_probe(self: &Arc<Self>, state: &mut PoolState<W>) {
        if state.probing || state.closed {
            return;
        }
        let pool = Arc::clone(self);
        let name = "ferroflask-gil".to_owned();
        let life = move || {
            let leaving = ThreadExit(pool, |state| state.probing = false);
            leaving.0.probe.live();
        };
        state.probing = thread::Builder::new().name(name).spawn(life).is_ok();
    }

    /// A thread's life.
    fn live(&self) {
        let sleeper = Arc::new(Sleeper {
            thread: thread::current(),
            woken: AtomicBool::new(false),
        });
        while let Some(work) = self.next(&sleeper) {
            let _running = CountedRun(self);
            Python::attach(|py| work.run(py, Place::Pool));
        }
    }

    /// Waits for work; `None` ends the thread.
    fn next(&self, sleeper: &Arc<Sleeper>) -> Option<W> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(work) = state.queue.begin(own_id()) {
                return Some(work);
            }
            sleeper.woken.store(false, Ordering::Relaxed);
            state.idle.push(Arc::clone(sleeper));
            drop(state);
            thread::park_timeout(IDLE_END);
            state = self.lock();
            if !sleeper.woken.load(Ordering::Acquire) {
                state.idle.retain(|other| !Arc::ptr_eq(other, sleeper));
                let spare = state.threads > KEPT.min(self.most) && state.queue.waiting() == 0;
                if spare && !state.closed {
                    return None;
                }
            }
        }
    }

    /// The calling pool thread begins (`true`) or ends (`false`) a stream; its place in the pool is free meanwhile.
    pub fn stream(&self, begins: bool) {
        let mut state = self.lock();
        if begins {
            state.streams += 1;
            state.queue.end(own_id());
        } else {
            state.streams = state.streams.saturating_sub(1);
        }
    }

    /// Drops what waits and lets the threads end; gives whether all had ended when `patience` was over. Must be called
    /// detached from Python.
    pub fn close(&self, patience: Duration) -> bool {
        let mut state = self.lock();
        state.closed = true;
        let dropped = state.queue.take_waiting();
        state.idle.drain(..).for_each(|sleeper| sleeper.wake());
        drop(state);
        self.probe.close();
        drop(dropped);
        let (state, _) = self
            .all_gone
            .wait_timeout_while(self.lock(), patience, |state| state.threads > 0 || state.probing)
            .unwrap_or_else(PoisonError::into_inner);
        state.threads == 0 && !state.probing
    }
}

/// Counts a run as over, also when it panicked.
struct CountedRun<'a, W: Work>(&'a Pool<W>);

impl<W: Work> Drop for CountedRun<'_, W> {
    fn drop(&mut self) {
        self.0.lock().queue.end(own_id());
    }
}

/// Counts a thread as gone, also when it panicked.
struct ThreadExit<W: Work>(Arc<Pool<W>>, fn(&mut PoolState<W>));

impl<W: Work> Drop for ThreadExit<W> {
    fn drop(&mut self) {
        self.1(&mut self.0.lock());
        self.0.all_gone.notify_all();
    }
}
