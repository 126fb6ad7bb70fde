//! The inline slot: at most one view at a time runs on an I/O thread, and a request that finds the slot occupied is queued
//! behind it.
//!
//! That costs a queue entry; a thread of the pool would cost two context switches and a fight for the GIL. The thread that
//! frees the slot has the queue served, the watchdog moves it to the pool when the view turns out to be long. Must not know
//! about sockets or Python.

use std::collections::VecDeque;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::endpoint_stats::EndpointId;
use super::thread_stat::{is_waiting, own_id};

/// The lowest bits of the value; the others count, so that one run differs from the next.
const PHASE: u64 = 3;
const FREE: u64 = 0;
/// Taken by a thread that waits for Python.
const ENTERING: u64 = 1;
/// A view runs.
const RUNNING: u64 = 2;

pub struct InlineSlot<W> {
    value: AtomicU64,
    /// Whose view runs.
    lane: AtomicUsize,
    /// The thread that sits here.
    thread: AtomicU32,
    /// The value at which the watchdog gave up on the view.
    given_up: AtomicU64,
    waiting: Mutex<VecDeque<W>>,
    /// How many wait, to be read without the lock.
    count: AtomicUsize,
}

/// What the watchdog sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotState {
    value: u64,
    lane: EndpointId,
    thread: u32,
}

impl SlotState {
    pub fn is_free(self) -> bool {
        self.value & PHASE == FREE
    }

    /// Whether who sits there waits for something: in the view, or for Python.
    pub fn is_waiting(self) -> bool {
        is_waiting(self.thread)
    }

    /// The endpoint whose view runs.
    pub fn running(self) -> Option<EndpointId> {
        (self.value & PHASE == RUNNING).then_some(self.lane)
    }
}

impl<W> InlineSlot<W> {
    pub fn new() -> Self {
        Self {
            value: AtomicU64::new(FREE),
            lane: AtomicUsize::new(0),
            thread: AtomicU32::new(0),
            given_up: AtomicU64::new(u64::MAX),
            waiting: Mutex::default(),
            count: AtomicUsize::new(0),
        }
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<W>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn look(&self) -> SlotState {
        SlotState {
            value: self.value.load(SeqCst),
            lane: EndpointId::numbered(self.lane.load(Relaxed)),
            thread: self.thread.load(Relaxed),
        }
    }

    #[inline]
    pub fn take(&self) -> bool {
        let value = self.value.load(Relaxed);
        let taken = value & PHASE == FREE
            && self
                .value
                .compare_exchange(value, next(value, ENTERING), SeqCst, Relaxed)
                .is_ok();
        if taken {
            self.thread.store(own_id(), Relaxed);
        }
        taken
    }

    /// For who has taken the seat: a view of the endpoint begins.
    #[inline]
    pub fn begin(&self, lane: EndpointId) {
        self.lane.store(lane.number(), Relaxed);
        self.enter(RUNNING);
    }

    /// For who has taken the seat: gives it back.
    #[inline]
    pub fn free(&self) {
        self.enter(FREE);
    }

    /// Only who has taken the seat writes, so a load and a store will do.
    #[inline]
    fn enter(&self, phase: u64) {
        self.value.store(next(self.value.load(Relaxed), phase), SeqCst);
    }

    /// Whether it makes sense to wait for the seat: the watchdog has not given up on the view that runs.
    pub fn is_lively(&self) -> bool {
        self.value.load(Relaxed) != self.given_up.load(Relaxed)
    }

    /// Leaves `work` for who sits here next. The caller has to look afterwards whether the seat is free: it may have
    /// become so before this.
    pub fn leave(&self, work: W) {
        let mut waiting = self.queue();
        waiting.push_back(work);
        self.count.store(waiting.len(), SeqCst);
    }

    #[inline]
    pub fn has_waiting(&self) -> bool {
        self.count.load(SeqCst) > 0
    }

    /// The one that has waited longest.
    #[inline]
    pub fn next_waiting(&self) -> Option<W> {
        if !self.has_waiting() {
            return None;
        }
        let mut waiting = self.queue();
        let work = waiting.pop_front();
        self.count.store(waiting.len(), SeqCst);
        work
    }

    /// Takes out all that wait; nobody is to wait any more for the view that was seen.
    pub fn give_up(&self, seen: SlotState) -> VecDeque<W> {
        self.given_up.store(seen.value, Relaxed);
        let mut waiting = self.queue();
        self.count.store(0, SeqCst);
        std::mem::take(&mut *waiting)
    }
}

fn next(value: u64, phase: u64) -> u64 {
    (value & !PHASE).wrapping_add(PHASE + 1) | phase
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sits_and_the_others_wait_in_order() {
        let seat = InlineSlot::new();
        assert!(seat.take());
        assert!(!seat.take());
        seat.leave(1);
        seat.leave(2);
        assert_eq!(seat.next_waiting(), Some(1));
        seat.free();
        assert!(seat.has_waiting());
        assert!(seat.take());
        assert_eq!(seat.next_waiting(), Some(2));
        assert_eq!(seat.next_waiting(), None);
    }

    #[test]
    fn every_run_looks_different() {
        let seat = InlineSlot::<u8>::new();
        let lane = EndpointId::numbered(7);
        assert!(seat.look().is_free());
        assert!(seat.take());
        assert_eq!(seat.look().running(), None, "it has not got Python yet");
        seat.begin(lane);
        let first = seat.look();
        assert_eq!(first.running(), Some(lane));
        seat.begin(lane);
        assert_ne!(first, seat.look());
    }

    #[test]
    fn who_sits_there_can_be_looked_at() {
        let seat = InlineSlot::<u8>::new();
        assert!(seat.take());
        assert!(!seat.look().is_waiting(), "it is running this");
    }

    #[test]
    fn nobody_waits_for_a_view_that_was_given_up() {
        let seat = InlineSlot::new();
        assert!(seat.take());
        seat.begin(EndpointId::numbered(0));
        seat.leave(1);
        assert!(seat.is_lively());
        assert_eq!(seat.give_up(seat.look()), [1]);
        assert!(!seat.is_lively() && !seat.has_waiting());
        seat.free();
        assert!(seat.is_lively());
    }
}
