//! The live connections, and how they are ended: an idle one at once, a busy one after its answer.
//!
//! Must not know what connections do.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::Duration;

#[derive(Default)]
pub struct ConnectionRegistry {
    draining: AtomicBool,
    live: Mutex<Live>,
    empty: Condvar,
}

#[derive(Default)]
struct Live {
    wakers: Vec<Option<Waker>>,
    free: Vec<usize>,
    count: usize,
}

impl ConnectionRegistry {
    /// No connection shall wait for another request.
    #[inline]
    pub fn draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection begins; `waker` wakes its task. The number is for [`ConnectionRegistry::leave`].
    pub fn enter(&self, waker: Waker) -> usize {
        let mut live = self.lock();
        live.count += 1;
        if let Some(place) = live.free.pop() {
            live.wakers[place] = Some(waker);
            place
        } else {
            live.wakers.push(Some(waker));
            live.wakers.len() - 1
        }
    }

    pub fn leave(&self, place: usize) {
        let mut live = self.lock();
        live.wakers[place] = None;
        live.free.push(place);
        live.count -= 1;
        if live.count == 0 {
            self.empty.notify_all();
        }
    }

    /// Makes every connection end and waits until they have, but not longer than `grace`.
    pub fn drain(&self, grace: Duration) {
        self.draining.store(true, Ordering::SeqCst);
        let live = self.lock();
        let wakers: Vec<Waker> = live.wakers.iter().flatten().cloned().collect();
        drop(live);
        wakers.iter().for_each(Waker::wake_by_ref);
        drop(
            self.empty
                .wait_timeout_while(self.lock(), grace, |live| live.count > 0)
                .unwrap_or_else(PoisonError::into_inner),
        );
    }
}
