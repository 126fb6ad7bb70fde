//! Run times of each endpoint, and the rule by which it is promoted to the I/O thread and demoted from it.
//!
//! Atomics only; a race loses a sample, never more. Must not know about threads, Python or requests.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64};
use std::time::Duration;

/// Endpoints with a lane of their own; all others share one.
const LANES: usize = 1024;
/// The table for requests that no endpoint was found for. Clients make up as many of these keys as they like, so they share
/// by hash and can't take an endpoint's place.
const STRANGERS: usize = 256;
/// Places looked at for a key before it is sent to the shared lane.
const PROBES: usize = 16;
/// Short runs that promote, at first and at most; a longer one costs half of those counted.
const NEED_AT_FIRST: u32 = 16;
const NEED_AT_MOST: u32 = 1024;
/// Good inline runs that make up for a strike.
const CLEAN_STRETCH: u32 = 200;
const STRIKES_OUT: u32 = 3;

const SHORT: Duration = Duration::from_micros(300);
const LONG: Duration = Duration::from_millis(2);
const VERY_LONG: Duration = Duration::from_millis(10);

const POOLED: u8 = 0;
const INLINE: u8 = 1;
const NEVER_INLINE: u8 = 2;

/// One endpoint's record.
pub struct EndpointStats {
    /// 0: unused.
    key: AtomicU64,
    mode: AtomicU8,
    slow: AtomicBool,
    streak: AtomicU32,
    need: AtomicU32,
    strikes: AtomicU32,
    good: AtomicU32,
}

impl EndpointStats {
    fn new(mode: u8) -> Self {
        Self {
            key: AtomicU64::new(0),
            mode: AtomicU8::new(mode),
            slow: AtomicBool::new(false),
            streak: AtomicU32::new(0),
            need: AtomicU32::new(NEED_AT_FIRST),
            strikes: AtomicU32::new(0),
            good: AtomicU32::new(0),
        }
    }

    pub fn is_inline(&self) -> bool {
        self.mode.load(Relaxed) == INLINE
    }

    /// Its last run on a pool thread took long: it queues behind the short ones.
    pub fn is_slow(&self) -> bool {
        self.slow.load(Relaxed)
    }

    /// Its answers are streams: they block their thread, so it must never be the I/O thread.
    pub fn never_inline(&self) {
        self.mode.store(NEVER_INLINE, Relaxed);
    }

    /// A run on a pool thread took `time`, measured after attaching to Python.
    pub fn note_pooled(&self, time: Duration) {
        let slow = time > LONG;
        if self.slow.load(Relaxed) != slow {
            self.slow.store(slow, Relaxed);
        }
        if self.mode.load(Relaxed) != POOLED {
            return;
        }
        if time >= SHORT {
            self.streak.store(self.streak.load(Relaxed) / 2, Relaxed);
        } else if self.streak.fetch_add(1, Relaxed) + 1 >= self.need.load(Relaxed) {
            self.strikes.store(0, Relaxed);
            self.good.store(0, Relaxed);
            self.mode.store(INLINE, Relaxed);
        }
    }

    /// A run on the I/O thread took `time`; `waited` says whether it was seen to wait for something. Tolerant: a thread
    /// that the kernel does not let run looks like a long view now and then.
    #[inline]
    pub fn note_inline(&self, time: Duration, waited: impl FnOnce() -> bool) {
        if time <= LONG {
            // Not an atomic increment: one inline run at a time.
            let good = self.good.load(Relaxed) + 1;
            self.good
                .store(if good >= CLEAN_STRETCH { self.forgive() } else { good }, Relaxed);
            return;
        }
        let heavy = time > VERY_LONG && waited();
        let strikes = self.strikes.load(Relaxed) + if heavy { STRIKES_OUT } else { 1 };
        self.strikes.store(strikes, Relaxed);
        if strikes >= STRIKES_OUT {
            self.demote();
        }
    }

    fn forgive(&self) -> u32 {
        let strikes = self.strikes.load(Relaxed);
        self.strikes.store(strikes.saturating_sub(1), Relaxed);
        if strikes == 0 {
            self.need
                .store((self.need.load(Relaxed) / 2).max(NEED_AT_FIRST), Relaxed);
        }
        0
    }

    /// Back to the pool, with twice the proof required next time.
    pub fn demote(&self) {
        if self.mode.compare_exchange(INLINE, POOLED, Relaxed, Relaxed).is_ok() {
            self.streak.store(0, Relaxed);
            self.need
                .store((self.need.load(Relaxed) * 2).min(NEED_AT_MOST), Relaxed);
        }
    }
}

/// All lanes: a fixed table, so that finding one takes no lock.
pub struct EndpointTable {
    table: Box<[EndpointStats]>,
}

/// A lane's place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndpointId(usize);

impl EndpointId {
    /// Its number, for an atomic to hold.
    pub fn number(self) -> usize {
        self.0
    }

    pub fn numbered(number: usize) -> Self {
        Self(number)
    }
}

impl EndpointTable {
    pub fn new() -> Self {
        let mut table: Vec<EndpointStats> = (0..LANES + STRANGERS).map(|_| EndpointStats::new(POOLED)).collect();
        table.push(EndpointStats::new(NEVER_INLINE));
        Self {
            table: table.into_boxed_slice(),
        }
    }

    /// The lane of `key`, made on first sight. Keys with the highest bit set belong to no endpoint.
    pub fn find(&self, key: u64) -> EndpointId {
        if key >> 63 == 1 {
            return EndpointId(LANES + usize::try_from(key % STRANGERS as u64).unwrap_or(0));
        }
        let key = key + 1;
        // Fibonacci hashing: rule ids are small and neighbours.
        let first = usize::try_from(key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32).unwrap_or(0);
        for probe in 0..PROBES {
            let at = (first + probe) % LANES;
            let taken = self.table[at].key.load(Relaxed);
            if taken == key || (taken == 0 && self.claim(at, key)) {
                return EndpointId(at);
            }
        }
        EndpointId(LANES + STRANGERS)
    }

    fn claim(&self, at: usize, key: u64) -> bool {
        match self.table[at].key.compare_exchange(0, key, Relaxed, Relaxed) {
            Ok(_) => true,
            Err(other) => other == key,
        }
    }

    pub fn get(&self, id: EndpointId) -> &EndpointStats {
        &self.table[id.0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUICK: Duration = Duration::from_micros(20);

    fn promoted() -> EndpointStats {
        let lane = EndpointStats::new(POOLED);
        (0..NEED_AT_FIRST).for_each(|_| lane.note_pooled(QUICK));
        assert!(lane.is_inline());
        lane
    }

    #[test]
    fn promotes_after_short_runs() {
        let lane = EndpointStats::new(POOLED);
        (0..NEED_AT_FIRST - 1).for_each(|_| lane.note_pooled(QUICK));
        lane.note_pooled(SHORT);
        (0..NEED_AT_FIRST / 2).for_each(|_| lane.note_pooled(QUICK));
        assert!(!lane.is_inline());
        lane.note_pooled(QUICK);
        assert!(lane.is_inline());
    }

    #[test]
    fn demotes_on_strikes_and_forgets_them() {
        let lane = promoted();
        let computing = || false;
        lane.note_inline(Duration::from_millis(3), computing);
        lane.note_inline(Duration::from_millis(30), computing);
        (0..CLEAN_STRETCH).for_each(|_| lane.note_inline(QUICK, computing));
        lane.note_inline(Duration::from_millis(3), computing);
        assert!(lane.is_inline());
        lane.note_inline(Duration::from_millis(3), computing);
        assert!(!lane.is_inline());
        (0..NEED_AT_FIRST).for_each(|_| lane.note_pooled(QUICK));
        assert!(!lane.is_inline(), "the second proof is longer");
    }

    #[test]
    fn demotes_at_once_what_was_seen_to_wait() {
        let lane = promoted();
        lane.note_inline(Duration::from_millis(11), || true);
        assert!(!lane.is_inline());
    }

    /// One long run in a hundred: with every demotion more proof is required, until there is never enough.
    #[test]
    fn a_view_that_waits_now_and_then_settles_in_the_pool() {
        let lane = EndpointStats::new(POOLED);
        let mut inline = 0;
        for run in 0..100_000 {
            let time = if run % 100 == 99 {
                Duration::from_millis(50)
            } else {
                QUICK
            };
            if lane.is_inline() {
                inline += 1;
                lane.note_inline(time, || true);
            } else {
                lane.note_pooled(time);
            }
        }
        assert!(inline < 1000, "{inline} runs held the I/O thread");
    }

    #[test]
    fn a_streaming_endpoint_stays_in_the_pool() {
        let lane = promoted();
        lane.never_inline();
        (0..5000).for_each(|_| lane.note_pooled(QUICK));
        assert!(!lane.is_inline());
    }

    #[test]
    fn same_key_same_lane_and_a_full_table_still_answers() {
        let lanes = EndpointTable::new();
        assert_eq!(lanes.find(7), lanes.find(7));
        assert_ne!(lanes.find(7), lanes.find(8));
        let first = lanes.find(7);
        for key in 0..10_000 {
            lanes.find(key);
        }
        assert_eq!(lanes.find(7), first);
    }

    #[test]
    fn strangers_take_no_endpoints_place() {
        let lanes = EndpointTable::new();
        for key in 0..10_000 {
            lanes.find(1 << 63 | key);
        }
        for key in 0..LANES as u64 / 2 {
            assert!(lanes.find(key).number() < LANES);
        }
    }
}
