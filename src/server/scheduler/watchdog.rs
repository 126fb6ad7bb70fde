//! A thread that looks every millisecond whether the inline view is still the same one, whether requests wait for a
//! thread, and whether one I/O thread is enough.
//!
//! When the inline view waits for something, the requests that wait for it go to the pool. A tokio worker that is stuck in
//! a view does not hand the I/O driver over: the parked worker is released, which then takes it. Parked while nothing
//! happens. Must not know what a view is.

use std::sync::Weak;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;

use super::concurrency_limit::ConcurrencyLimit;
use super::inline_slot::SlotState;
use super::state::SchedulerState;
use super::thread_pool::{Pool, Work};

const TICK: Duration = Duration::from_millis(1);
/// Ticks without anything to watch after which the thread parks.
const CALM: u32 = 20;
/// Ticks without trouble after which the standby workers are parked again.
const PEACE: u32 = 50;
/// Ticks in one inline run after which it is too long, also if all it does is to compute.
const TOO_LONG: u32 = 10;

/// Starts the watchdog of `bench`; it ends when the bench is gone or closed.
pub fn start<W: Work>(bench: Weak<SchedulerState<W>>, runtime: Handle) -> std::io::Result<()> {
    let builder = thread::Builder::new().name("ferroflask-watch".to_owned());
    builder
        .spawn(move || {
            Watch {
                runtime,
                seen: None,
                stuck: 0,
                peace: PEACE,
                calm: 0,
                admission: ConcurrencyLimit::default(),
            }
            .run(&bench);
        })
        .map(drop)
}

struct Watch {
    runtime: Handle,
    /// What the inline seat looked like last and for how many ticks it has looked like that.
    seen: Option<SlotState>,
    stuck: u32,
    /// Ticks since one I/O thread was not enough.
    peace: u32,
    calm: u32,
    admission: ConcurrencyLimit,
}

impl Watch {
    fn run<W: Work>(&mut self, bench: &Weak<SchedulerState<W>>) {
        if let Some(bench) = bench.upgrade() {
            let _ = bench.bell.thread.set(thread::current());
        }
        loop {
            let Some(bench) = bench.upgrade().filter(|bench| !bench.closed.load(Ordering::Relaxed)) else {
                return;
            };
            let busy = self.look_at_seat(&bench) | self.look_at_pool(&bench.pool) | self.look_at_standby(&bench);
            self.calm = if busy { 0 } else { self.calm + 1 };
            if self.calm > CALM {
                bench.bell.asleep.store(true, Ordering::SeqCst);
                // A request may have come between the look and the store.
                let quiet = Some(bench.seat.look()) == self.seen
                    && !bench.seat.has_waiting()
                    && !self.look_at_pool(&bench.pool);
                drop(bench);
                if quiet {
                    thread::park();
                }
                self.calm = 0;
            } else {
                drop(bench);
                thread::park_timeout(TICK);
            }
        }
    }

    fn look_at_seat<W: Work>(&mut self, bench: &SchedulerState<W>) -> bool {
        let look = bench.seat.look();
        let moved = Some(look) != self.seen.replace(look);
        self.stuck = if moved { 0 } else { self.stuck + 1 };
        if look.is_free() {
            if bench.seat.has_waiting() {
                Self::send_waiting_to_pool(bench, look);
            }
            return moved;
        }
        if moved || !(look.is_waiting() || self.stuck.is_multiple_of(TOO_LONG)) {
            return true;
        }
        self.peace = 0;
        bench.standby.let_go();
        if self.stuck % TOO_LONG == 1 {
            self.wake_a_worker();
        }
        // A thread that waits for Python can't be helped: any other one would wait as well.
        if let Some(lane) = look.running() {
            Self::send_waiting_to_pool(bench, look);
            if self.stuck == TOO_LONG {
                bench.lanes.get(lane).demote();
            }
        }
        true
    }

    /// Parks the standby workers while one is enough; true while there is something left to do about them.
    fn look_at_standby<W: Work>(&mut self, bench: &SchedulerState<W>) -> bool {
        if bench.contention.swap(false, Ordering::Relaxed) {
            self.peace = 0;
        }
        self.peace = self.peace.saturating_add(1);
        if self.peace > PEACE && bench.switching.end() {
            bench.pool.restore_switching();
        }
        if bench.standby.has_settled() {
            self.wake_a_worker();
        } else if self.peace > PEACE {
            bench.standby.hold(&self.runtime);
        }
        bench.standby.is_settling() || self.peace <= PEACE
    }

    /// A worker that is woken looks for tasks everywhere, and for events of the sockets.
    fn wake_a_worker(&self) {
        self.runtime.spawn(async {});
    }

    fn send_waiting_to_pool<W: Work>(bench: &SchedulerState<W>, look: SlotState) {
        for work in bench.seat.give_up(look) {
            bench.send_to_pool(work);
        }
    }

    fn look_at_pool<W: Work>(&mut self, pool: &std::sync::Arc<Pool<W>>) -> bool {
        pool.tick(&mut self.admission)
    }
}
