//! A thread that looks every millisecond whether the inline view is still the same one, and whether requests wait for a
//! thread.
//!
//! A tokio worker that is stuck in a view does not hand the I/O driver over; spawning an empty task wakes the other
//! worker, which then takes it. Parked while nothing happens. Must not know what a view is.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{OnceLock, Weak};
use std::thread::{self, Thread};
use std::time::Duration;

use tokio::runtime::Handle;

use super::pool::{Pool, Work};
use super::scheduler::Bench;

const TICK: Duration = Duration::from_millis(1);
/// Ticks without anything to watch after which the thread parks.
const CALM: u32 = 20;
/// Ticks in one inline run after which its endpoint goes back to the pool.
const TOO_LONG: u32 = 10;

/// Wakes the watchdog; cheap when it is awake.
#[derive(Default)]
pub struct Bell {
    asleep: AtomicBool,
    thread: OnceLock<Thread>,
}

impl Bell {
    #[inline]
    pub fn ring(&self) {
        if self.asleep.load(Ordering::SeqCst) {
            self.wake();
        }
    }

    #[cold]
    fn wake(&self) {
        self.asleep.store(false, Ordering::SeqCst);
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }
}

/// Starts the watchdog of `bench`; it ends when the bench is gone or closed.
pub fn start<W: Work>(bench: Weak<Bench<W>>, runtime: Handle) -> std::io::Result<()> {
    let builder = thread::Builder::new().name("ferroflask-watch".to_owned());
    builder
        .spawn(move || {
            Watch {
                runtime,
                seen: 0,
                stuck: 0,
                calm: 0,
                since_growth: 0,
                completed: 0,
            }
            .run(&bench);
        })
        .map(drop)
}

struct Watch {
    runtime: Handle,
    /// The inline slot's last value and for how many ticks it has been that.
    seen: u64,
    stuck: u32,
    calm: u32,
    since_growth: u32,
    completed: u64,
}

impl Watch {
    fn run<W: Work>(&mut self, bench: &Weak<Bench<W>>) {
        if let Some(bench) = bench.upgrade() {
            let _ = bench.bell.thread.set(thread::current());
        }
        loop {
            let Some(bench) = bench.upgrade().filter(|bench| !bench.closed.load(Ordering::Relaxed)) else {
                return;
            };
            let busy = self.look_at_slot(&bench) | self.look_at_pool(&bench.pool);
            self.calm = if busy { 0 } else { self.calm + 1 };
            if self.calm > CALM {
                bench.bell.asleep.store(true, Ordering::SeqCst);
                // Somebody may have come between the look and the store.
                let quiet = bench.slot.value() == self.seen && !self.look_at_pool(&bench.pool);
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

    fn look_at_slot<W: Work>(&mut self, bench: &Bench<W>) -> bool {
        let value = bench.slot.value();
        if value != std::mem::replace(&mut self.seen, value) {
            self.stuck = 0;
            return true;
        }
        let Some(lane) = bench.slot.occupant(value) else {
            return false;
        };
        self.stuck += 1;
        if self.stuck % 10 == 1 {
            self.runtime.spawn(async {});
        }
        if self.stuck == TOO_LONG {
            bench.lanes.get(lane).demote();
        }
        true
    }

    fn look_at_pool<W: Work>(&mut self, pool: &std::sync::Arc<Pool<W>>) -> bool {
        pool.tick(&mut self.since_growth, &mut self.completed)
    }
}
