//! A file opened to be sent, and its bytes: small ones at once, large ones by the server as the client takes them. Must
//! not know what is announced of it.

use std::fs::{File, Metadata, OpenOptions};
use std::ops::Range;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use pyo3::prelude::*;

use crate::engine::exchange::{FileBody, WirePayload};

/// Bodies up to this many bytes are read before the answer leaves the engine.
const AT_ONCE: u64 = 64 * 1024;

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
    /// When it was last changed, as Python's `st_mtime` has it.
    pub moment: f64,
}

pub struct Opened {
    file: File,
    pub facts: Facts,
}

/// Looks at a regular file; None for anything else.
pub fn look(path: &str) -> Option<Facts> {
    std::fs::metadata(path).ok().as_ref().and_then(facts_of)
}

fn facts_of(status: &Metadata) -> Option<Facts> {
    status.is_file().then(|| Facts {
        size: status.size(),
        moment: python_moment(status.mtime(), status.mtime_nsec()),
    })
}

/// Opens a regular file; None for anything else and for what can't be opened.
pub fn open(path: &str) -> Option<Opened> {
    // A pipe of that name must not make the request wait for its writer.
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)
        .ok()?;
    Opened::over(file)
}

#[expect(clippy::cast_precision_loss, reason = "Python's own sum, with the same loss")]
fn python_moment(seconds: i64, nanoseconds: i64) -> f64 {
    seconds as f64 + 1e-9 * nanoseconds as f64
}

impl Opened {
    /// An open file; None unless it is a regular one.
    pub fn over(file: File) -> Option<Self> {
        let facts = file.metadata().ok().as_ref().and_then(facts_of)?;
        Some(Self { file, facts })
    }

    /// The bytes of a range, as an answer's body; None when the file has shrunk meanwhile.
    pub fn body(self, range: Range<u64>) -> Option<WirePayload> {
        let length = range.end - range.start;
        if length == 0 {
            return Some(WirePayload::Empty);
        }
        if length > AT_ONCE {
            return Some(WirePayload::File(FileBody { file: self.file, range }));
        }
        let mut bytes = vec![0; usize::try_from(length).ok()?];
        self.file.read_exact_at(&mut bytes, range.start).ok()?;
        Some(WirePayload::Bytes(Bytes::from(bytes)))
    }
}
