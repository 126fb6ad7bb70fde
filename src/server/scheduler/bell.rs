//! Wakes the watchdog's thread, at no cost while that is awake.
//!
//! It must not know what the watchdog looks at.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::Thread;

/// Wakes the watchdog; cheap when it is awake.
#[derive(Default)]
pub struct Bell {
    pub(super) asleep: AtomicBool,
    pub(super) thread: OnceLock<Thread>,
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
