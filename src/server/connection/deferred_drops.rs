//! References to Python objects whose bytes were sent. Connections drop them without the interpreter's lock, and pyo3
//! releases them when a thread is next attached: soon while requests come, and by a visit from here when none does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use pyo3::prelude::*;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

/// One visit is for all the references that are dropped in this time.
const GATHERED: Duration = Duration::from_millis(100);

#[derive(Default)]
pub struct DeferredDrops {
    is_due: AtomicBool,
}

impl DeferredDrops {
    /// Says that references may have been dropped.
    pub fn release_soon(self: &Arc<Self>) {
        if self.is_due.swap(true, Ordering::Relaxed) {
            return;
        }
        let drops = Arc::clone(self);
        tokio::spawn(async move {
            sleep(GATHERED).await;
            drops.is_due.store(false, Ordering::Relaxed);
            // Not on the I/O thread: another one may compute for long without letting anybody in.
            let _ = spawn_blocking(|| Python::attach(|_| ())).await;
        });
    }
}
