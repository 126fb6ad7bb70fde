//! Who runs the view: *a view earns its place on the I/O thread*.
//!
//! An endpoint starts on the pool's threads; once it has proven short it runs where its request arrived, at most one at
//! a time, the surplus going to the pool. Must not know about sockets.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::runtime::Handle;

use super::lanes::{LaneId, Lanes};
use super::pool::{Pool, Work};
use super::watchdog::{self, Bell};

/// The inline slot: odd while taken; every use gives it a new value, so the watchdog can tell one run from the next.
#[derive(Default)]
pub struct Slot {
    value: AtomicU64,
    lane: AtomicUsize,
}

impl Slot {
    pub fn value(&self) -> u64 {
        self.value.load(Ordering::SeqCst)
    }

    /// Whose run it is, while `value` is what the slot holds.
    pub fn occupant(&self, value: u64) -> Option<LaneId> {
        (value & 1 == 1).then(|| LaneId::numbered(self.lane.load(Ordering::Relaxed)))
    }

    fn take(&self, lane: LaneId) -> bool {
        let value = self.value.load(Ordering::Relaxed);
        let free = value & 1 == 0;
        if free
            && self
                .value
                .compare_exchange(value, value + 1, Ordering::SeqCst, Ordering::Relaxed)
                .is_ok()
        {
            self.lane.store(lane.number(), Ordering::Relaxed);
            return true;
        }
        false
    }

    fn give_back(&self) {
        self.value.fetch_add(1, Ordering::SeqCst);
    }
}

/// What scheduler and watchdog both look at.
pub struct Bench<W> {
    pub lanes: Lanes,
    pub slot: Slot,
    pub pool: Arc<Pool<W>>,
    pub bell: Bell,
    pub closed: AtomicBool,
}

pub struct Scheduler<W> {
    bench: Arc<Bench<W>>,
    inline: bool,
}

/// The right to run one view on the I/O thread; given back when dropped.
pub struct InlinePass<'a, W> {
    bench: &'a Bench<W>,
    lane: LaneId,
}

impl<W> InlinePass<'_, W> {
    /// Says how long the run took, measured after attaching to Python.
    pub fn note(&self, time: Duration) {
        self.bench.lanes.get(self.lane).note_inline(time);
    }
}

impl<W> Drop for InlinePass<'_, W> {
    fn drop(&mut self) {
        self.bench.slot.give_back();
    }
}

impl<W: Work> Scheduler<W> {
    /// A scheduler with up to `threads` pool threads; with only one of them nothing ever runs inline, so that requests
    /// are run one at a time.
    pub fn new(threads: usize) -> Self {
        let bench = Bench {
            lanes: Lanes::new(),
            slot: Slot::default(),
            pool: Pool::new(threads.max(1)),
            bell: Bell::default(),
            closed: AtomicBool::new(false),
        };
        Self {
            bench: Arc::new(bench),
            inline: threads > 1,
        }
    }

    /// Starts the watchdog over `runtime`.
    pub fn watch(&self, runtime: Handle) -> std::io::Result<()> {
        watchdog::start(Arc::downgrade(&self.bench), runtime)
    }

    pub fn lane(&self, key: u64) -> LaneId {
        self.bench.lanes.find(key)
    }

    /// A pass for the endpoint, if it has earned it and nobody else is inline.
    #[inline]
    pub fn inline_pass(&self, lane: LaneId) -> Option<InlinePass<'_, W>> {
        let earned = self.inline && self.bench.lanes.get(lane).is_inline();
        if !earned || !self.bench.slot.take(lane) {
            return None;
        }
        self.bench.bell.ring();
        Some(InlinePass {
            bench: &self.bench,
            lane,
        })
    }

    /// Hands `work` of the endpoint to the pool.
    pub fn submit(&self, lane: LaneId, work: W) {
        self.bench.pool.submit(work, self.bench.lanes.get(lane).is_slow());
        self.bench.bell.ring();
    }

    /// A pool run of the endpoint took `time`.
    pub fn note_pooled(&self, lane: LaneId, time: Duration) {
        self.bench.lanes.get(lane).note_pooled(time);
    }

    /// The endpoint answers with a stream.
    pub fn never_inline(&self, lane: LaneId) {
        self.bench.lanes.get(lane).never_inline();
    }

    /// The calling pool thread begins or ends a stream.
    pub fn stream(&self, begins: bool) {
        self.bench.pool.stream(begins);
    }

    /// Ends watchdog and pool; gives whether no thread is left in a view. Must be called detached from Python.
    pub fn close(&self, patience: Duration) -> bool {
        self.bench.closed.store(true, Ordering::Relaxed);
        self.bench.bell.ring();
        self.bench.pool.close(patience)
    }
}
