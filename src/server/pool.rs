//! The Python threads: a queue of requests in two classes, and threads that come and go with demand.
//!
//! A thread keeps its Python thread state and waits detached. Must not know about sockets or about who is promoted.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use pyo3::prelude::*;

use super::ffi;
use super::lanes::LaneId;

/// Threads kept however quiet it is.
const KEPT: usize = 4;
/// Streams that may hold a thread beside the pool's own number.
const MOST_STREAMS: usize = 512;
/// A thread not needed for this long ends.
const IDLE_END: Duration = Duration::from_secs(30);
/// A request waiting longer than this asks for one more thread.
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
    fn lane(&self) -> LaneId;
    fn run(self, py: Python<'_>, place: Place);
}

struct Queued<W> {
    work: W,
    since: Instant,
}

struct State<W> {
    short: VecDeque<Queued<W>>,
    slow: VecDeque<Queued<W>>,
    /// Last in, first out: the warmest thread goes on, the coldest ends.
    idle: Vec<Arc<Sleeper>>,
    threads: usize,
    slow_running: usize,
    streams: usize,
    closed: bool,
}

struct Sleeper {
    thread: Thread,
    woken: AtomicBool,
}

pub struct Pool<W> {
    state: Mutex<State<W>>,
    all_gone: Condvar,
    most: usize,
    completed: AtomicU64,
}

impl<W: Work> Pool<W> {
    /// A pool of at most `most` threads; none runs yet.
    pub fn new(most: usize) -> Arc<Self> {
        let state = State {
            short: VecDeque::new(),
            slow: VecDeque::new(),
            idle: Vec::new(),
            threads: 0,
            slow_running: 0,
            streams: 0,
            closed: false,
        };
        Arc::new(Self {
            state: Mutex::new(state),
            all_gone: Condvar::new(),
            most,
            completed: AtomicU64::new(0),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State<W>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues `work`; short ones go before slow ones. Dropped when the pool is closed.
    pub fn submit(self: &Arc<Self>, work: W, slow: bool) {
        let queued = Queued {
            work,
            since: Instant::now(),
        };
        let mut state = self.lock();
        if state.closed {
            return;
        }
        if slow {
            state.slow.push_back(queued);
        } else {
            state.short.push_back(queued);
        }
        if let Some(sleeper) = state.idle.pop() {
            drop(state);
            sleeper.woken.store(true, Ordering::Release);
            sleeper.thread.unpark();
        } else if state.threads < KEPT.min(self.most) {
            self.start_thread(&mut state);
        }
    }

    /// A look from the watchdog, once a tick. More threads when somebody waits: many when nothing gets done (all are
    /// asleep in their views), else now and then one. True while anybody waits.
    pub fn tick(self: &Arc<Self>, since_growth: &mut u32, last_completed: &mut u64) -> bool {
        let completed = self.completed.load(Ordering::Relaxed);
        let stuck = std::mem::replace(last_completed, completed) == completed;
        *since_growth = since_growth.saturating_add(1);
        let mut state = self.lock();
        let now = Instant::now();
        let oldest = [state.short.front(), state.slow.front()]
            .into_iter()
            .flatten()
            .map(|queued| queued.since)
            .min();
        let Some(oldest) = oldest else { return false };
        if now.duration_since(oldest) > PATIENCE && state.idle.is_empty() {
            let wanted = if stuck { 8 } else { usize::from(*since_growth >= 10) };
            let waiting = state.short.len() + state.slow.len();
            let room = self.allowed(&state).saturating_sub(state.threads);
            let grown = wanted.min(waiting).min(room);
            (0..grown).for_each(|_| self.start_thread(&mut state));
            if grown > 0 {
                *since_growth = 0;
            }
        }
        true
    }

    /// Streams don't count, except where requests are run one at a time.
    fn allowed(&self, state: &State<W>) -> usize {
        if self.most == 1 {
            1
        } else {
            self.most + state.streams.min(MOST_STREAMS)
        }
    }

    fn start_thread(self: &Arc<Self>, state: &mut State<W>) {
        let pool = Arc::clone(self);
        let name = "ferroflask-view".to_owned();
        if thread::Builder::new()
            .name(name)
            .stack_size(STACK)
            .spawn(move || pool.live())
            .is_ok()
        {
            state.threads += 1;
        }
    }

    /// A thread's life.
    fn live(self: Arc<Self>) {
        let _leaving = Leaving(&self);
        ffi::keep_thread_state();
        let sleeper = Arc::new(Sleeper {
            thread: thread::current(),
            woken: AtomicBool::new(false),
        });
        while let Some((work, slow)) = self.next(&sleeper) {
            let _running = Running { pool: &self, slow };
            Python::attach(|py| work.run(py, Place::Pool));
        }
        ffi::release_thread_state();
    }

    /// Waits for work; `None` ends the thread.
    fn next(&self, sleeper: &Arc<Sleeper>) -> Option<(W, bool)> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            if let Some(queued) = state.short.pop_front() {
                return Some((queued.work, false));
            }
            // Two threads are held back for the short ones.
            let place = state.slow_running < self.allowed(&state).saturating_sub(2).max(1);
            if place && let Some(queued) = state.slow.pop_front() {
                state.slow_running += 1;
                return Some((queued.work, true));
            }
            sleeper.woken.store(false, Ordering::Relaxed);
            state.idle.push(Arc::clone(sleeper));
            drop(state);
            thread::park_timeout(IDLE_END);
            state = self.lock();
            if !sleeper.woken.load(Ordering::Acquire) {
                state.idle.retain(|other| !Arc::ptr_eq(other, sleeper));
                let spare = state.threads > KEPT.min(self.most) && state.short.is_empty() && state.slow.is_empty();
                if spare && !state.closed {
                    return None;
                }
            }
        }
    }

    /// The calling pool thread begins (`true`) or ends (`false`) a stream; its place in the pool is free meanwhile.
    pub fn stream(&self, begins: bool) {
        let mut state = self.lock();
        state.streams = if begins {
            state.streams + 1
        } else {
            state.streams.saturating_sub(1)
        };
    }

    /// Drops what waits and lets the threads end; gives whether all had ended when `patience` was over. Must be called
    /// detached from Python.
    pub fn close(&self, patience: Duration) -> bool {
        let mut state = self.lock();
        state.closed = true;
        let dropped = (std::mem::take(&mut state.short), std::mem::take(&mut state.slow));
        for sleeper in state.idle.drain(..) {
            sleeper.woken.store(true, Ordering::Release);
            sleeper.thread.unpark();
        }
        drop(state);
        drop(dropped);
        let (state, _) = self
            .all_gone
            .wait_timeout_while(self.lock(), patience, |state| state.threads > 0)
            .unwrap_or_else(PoisonError::into_inner);
        state.threads == 0
    }
}

/// Counts a run as over, also when it panicked.
struct Running<'a, W: Work> {
    pool: &'a Pool<W>,
    slow: bool,
}

impl<W: Work> Drop for Running<'_, W> {
    fn drop(&mut self) {
        self.pool.completed.fetch_add(1, Ordering::Relaxed);
        if self.slow {
            self.pool.lock().slow_running -= 1;
        }
    }
}

/// Counts a thread as gone, also when it panicked.
struct Leaving<'a, W: Work>(&'a Arc<Pool<W>>);

impl<W: Work> Drop for Leaving<'_, W> {
    fn drop(&mut self) {
        self.0.lock().threads -= 1;
        self.0.all_gone.notify_all();
    }
}
