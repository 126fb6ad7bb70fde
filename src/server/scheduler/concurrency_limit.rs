//! The limit of views that run at once on the pool: as many as wait for something, but of those that compute no more than
//! Python can run.
//!
//! Views that compute take the GIL from each other after every switch interval: two changes of threads and cold caches
//! each time, and all of them end late. Let in one after the other they cost what their code costs. The kernel says
//! which threads wait, a probe whether the GIL has time to spare. Must not know about queues or Python.

use super::thread_stat::{is_waiting, turns};

/// No limit.
pub const ANY: usize = usize::MAX;
/// What counts for one in averages, each of a few looks.
const WHOLE: u32 = 1024;
const LOOKS: u32 = 8;
/// The GIL is used up when it is found in use more often than this, and has time to spare when less often. Views that only
/// compute have it in use about nine times in ten: a thread between two views gives it back.
const USED_UP: u32 = WHOLE * 13 / 16;
const SPARE: u32 = WHOLE * 10 / 16;
/// A view that computes and is found without the GIL so often has another thread beside it that uses it.
const ROBBED: u32 = WHOLE / 4;
/// Looks from one view more to the next.
const PACE: u32 = 4;
/// Ticks without any view's end after which one more is let in, whatever the others do: they may wait for it.
const NOTHING_ENDS: u32 = 50;
/// Ticks between two looks while views end, and while there can be no more threads.
const LOOK_WHILE_BUSY: u32 = 4;
const LOOK_WHILE_FULL: u32 = 32;
/// Views let in at once when all others wait, and when the GIL is used by another thread.
const MANY: usize = 8;
const AGAINST_OTHERS: usize = 4;

/// What the watchdog has seen of the threads that run views.
pub struct ConcurrencyLimit {
    /// Number and turns of each thread at the last look.
    seen: Vec<(u32, u64)>,
    ticks: u32,
    since_end: u32,
    since_change: u32,
    /// How often the GIL was in use, in parts of [`WHOLE`].
    in_use: u32,
    /// How often a view alone in computing was seen without the GIL, in parts of [`WHOLE`].
    robbed: u32,
}

/// How many views may run at once from now on, and for how many of them a thread may be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadLimits {
    pub limit: usize,
    pub threads: usize,
}

/// The threads in views at one moment.
#[derive(Debug, Clone, Copy)]
struct Census {
    all: usize,
    /// They did nothing since the last look.
    waiting: usize,
    /// They would go on if the kernel let them.
    runnable: usize,
}

impl Default for ConcurrencyLimit {
    fn default() -> Self {
        Self {
            seen: Vec::new(),
            ticks: 0,
            since_end: 0,
            since_change: 0,
            in_use: SPARE,
            robbed: 0,
        }
    }
}

impl ConcurrencyLimit {
    /// To be called once a tick while requests wait; whether it is time for a look, which costs two small files read per
    /// thread. `ended` says whether a view has ended since the last tick.
    pub fn is_due(&mut self, ended: bool, full: bool) -> bool {
        self.ticks = self.ticks.wrapping_add(1);
        self.since_end = if ended { 0 } else { self.since_end + 1 };
        let pause = match (full, ended) {
            (true, _) => LOOK_WHILE_FULL,
            (false, true) => LOOK_WHILE_BUSY,
            (false, false) => 1,
        };
        self.ticks.is_multiple_of(pause)
    }

    /// A look at the threads in views. `found` says how often the GIL was at hand and how often in use since the last
    /// one, `limit` is the one in force.
    pub fn look(&mut self, threads: &[u32], found: (u32, u32), limit: usize) -> ThreadLimits {
        let census = self.count(threads);
        let (quick, late) = found;
        (0..quick).for_each(|_| average(&mut self.in_use, false));
        (0..late).for_each(|_| average(&mut self.in_use, true));
        self.weigh(census, limit)
    }

    fn count(&mut self, threads: &[u32]) -> Census {
        let now: Vec<(u32, u64)> = threads.iter().map(|&id| (id, turns(id))).collect();
        let mut census = Census {
            all: threads.len(),
            waiting: 0,
            runnable: 0,
        };
        for thread in &now {
            if !is_waiting(thread.0) {
                census.runnable += 1;
            } else if self.seen.contains(thread) {
                census.waiting += 1;
            }
        }
        self.seen = now;
        census
    }

    fn weigh(&mut self, census: Census, limit: usize) -> ThreadLimits {
        let Census { all, waiting, runnable } = census;
        let computing = all - waiting;
        average(&mut self.robbed, computing == 1 && runnable == 0);
        self.since_change = self.since_change.saturating_add(1);
        if computing == 0 {
            return self.change(ANY, MANY);
        }
        if self.since_end >= NOTHING_ENDS {
            self.since_end = 0;
            return self.change(limit.max(all + 1), 1);
        }
        if self.in_use > USED_UP {
            let fewer = match computing {
                1 if self.robbed > ROBBED => AGAINST_OTHERS,
                1 => 1,
                2..=4 => computing - 1,
                _ => computing / 2,
            };
            if fewer != computing {
                // Whether that is few enough shows in the next looks.
                self.in_use = SPARE;
                return self.change(waiting + fewer, fewer);
            }
            return ThreadLimits {
                limit: limit.min(all),
                threads: 0,
            };
        }
        if self.in_use < SPARE && self.since_change >= PACE {
            return self.change(limit.saturating_add(usize::from(limit <= all)), 1);
        }
        ThreadLimits { limit, threads: 0 }
    }

    fn change(&mut self, limit: usize, threads: usize) -> ThreadLimits {
        self.since_change = 0;
        ThreadLimits { limit, threads }
    }
}

/// Takes one more finding into an average.
fn average(of: &mut u32, found: bool) {
    *of = (*of * (LOOKS - 1) + if found { WHOLE } else { 0 }) / LOOKS;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weighs views that all do the same until nothing changes any more; gives the last verdict. `in_use` is how often of
    /// ten times the GIL is in use with so many of them.
    fn settled(waiting: usize, runnable: usize, in_use: impl Fn(usize) -> u32) -> ThreadLimits {
        let mut admission = ConcurrencyLimit::default();
        let mut verdict = ThreadLimits { limit: ANY, threads: 0 };
        for look in 0..200 {
            let all = verdict.limit.min(waiting + 20);
            average(&mut admission.in_use, look % 10 < in_use(all - waiting));
            let census = Census { all, waiting, runnable };
            verdict = admission.weigh(census, verdict.limit);
        }
        verdict
    }

    #[test]
    fn views_that_wait_are_let_in_by_the_dozen() {
        let mut admission = ConcurrencyLimit::default();
        let census = Census {
            all: 4,
            waiting: 4,
            runnable: 0,
        };
        let many = ThreadLimits {
            limit: ANY,
            threads: MANY,
        };
        assert_eq!(admission.weigh(census, 4), many);
    }

    #[test]
    fn views_that_compute_run_one_after_the_other() {
        assert_eq!(settled(0, 1, |_| 10).limit, 1);
        assert_eq!(settled(24, 1, |_| 10).limit, 25, "beside any number of sleepers");
    }

    #[test]
    fn others_who_compute_do_not_drive_them_out() {
        assert!(settled(0, 0, |_| 10).limit > 1);
    }

    #[test]
    fn views_that_need_no_gil_are_not_limited() {
        assert_eq!(settled(0, 4, |_| 1).limit, ANY);
        let mut admission = ConcurrencyLimit {
            in_use: 0,
            ..ConcurrencyLimit::default()
        };
        let census = Census {
            all: 2,
            waiting: 0,
            runnable: 2,
        };
        let more = (0..PACE).map(|_| admission.weigh(census, 2).limit).max();
        assert_eq!(more, Some(3));
    }

    #[test]
    fn one_more_is_let_in_when_nothing_ends() {
        let mut admission = ConcurrencyLimit {
            in_use: WHOLE,
            ..ConcurrencyLimit::default()
        };
        let census = Census {
            all: 1,
            waiting: 0,
            runnable: 1,
        };
        assert_eq!(admission.weigh(census, 1).limit, 1);
        for _ in 0..NOTHING_ENDS {
            admission.is_due(false, false);
        }
        assert_eq!(admission.weigh(census, 1).limit, 2);
    }
}
