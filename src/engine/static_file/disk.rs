//! Files on disk: what the file system says of one, and opening it. Must not know what is announced of it.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use pyo3::prelude::*;

/// From this time on, what was spent on the disk is too long for holding Python up.
const SLOW: Duration = Duration::from_micros(200);

/// Does disk work: holding on to Python, since what is in the page cache takes only microseconds, unless the disk was
/// slow the last time.
pub fn visit<R: Send>(py: Python<'_>, work: impl FnOnce() -> R + Send) -> R {
    static WAS_SLOW: AtomicBool = AtomicBool::new(false);
    let timed = || {
        let started = Instant::now();
        let result = work();
        (result, started.elapsed() >= SLOW)
    };
    let was_slow = WAS_SLOW.load(Ordering::Relaxed);
    let (result, is_slow) = if was_slow { py.detach(timed) } else { timed() };
    if is_slow != was_slow {
        WAS_SLOW.store(is_slow, Ordering::Relaxed);
    }
    result
}

/// What the file system says of a file.
#[derive(Clone, Copy)]
pub struct Facts {
    /// Bytes.
    pub size: u64,
    /// When its content was last changed, as Python's `st_mtime` has it: seconds since 1970.
    pub modified: f64,
}

/// Looks at a regular file; None for anything else.
pub fn look(path: &str) -> Option<Facts> {
    facts_of(std::fs::metadata(path))
}

/// What is known of a regular file; None for anything else.
#[expect(clippy::cast_precision_loss, reason = "Python's own sum, with the same loss")]
pub fn facts_of(status: io::Result<Metadata>) -> Option<Facts> {
    let status = status.ok().filter(Metadata::is_file)?;
    Some(Facts {
        size: status.size(),
        modified: status.mtime() as f64 + 1e-9 * status.mtime_nsec() as f64,
    })
}

/// Opens a regular file; None for anything else and for what can't be opened.
pub fn open(path: &str) -> Option<(File, Facts)> {
    // A pipe of that name must not make the request wait for its writer.
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)
        .ok()?;
    let facts = facts_of(file.metadata())?;
    Some((file, facts))
}
