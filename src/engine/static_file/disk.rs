//! A file opened to be sent, and its bytes: small ones at once, large ones by the server as the client takes them. Must
//! not know what is announced of it.

use std::fs::{File, Metadata, OpenOptions};
use std::ops::Range;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use pyo3::prelude::*;

use crate::engine::ffi;
use crate::engine::message::raw_response::FileBody;
use crate::engine::message::raw_response::WirePayload;

/// Bodies up to this many bytes are read before the answer leaves the engine.
pub const AT_ONCE: u64 = 64 * 1024;

/// The numbers that Linux has for ext2 to ext4, XFS, Btrfs, F2FS, ZFS and overlays. Not for those over a network or in
/// another process, whose word may be old, nor for `tmpfs`, which does not notice writes through a mapping.
const TELLING: [i64; 6] = [0xEF53, 0x5846_5342, 0x9123_683E, 0xF2F5_2010, 0x2FC1_2FC1, 0x794C_7630];

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

/// Seconds since 1970, and the nanoseconds that have passed of the next one.
type Moment = (i64, i64);

/// What the file system says of a file: which one it is, and which state of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    device: u64,
    inode: u64,
    /// Bytes.
    pub size: u64,
    modified: Moment,
    /// When anything of it changed last. Programs can't choose it, as they can the one before.
    changed: Moment,
}

impl Facts {
    /// When its content was last changed, as Python's `st_mtime` has it.
    #[expect(clippy::cast_precision_loss, reason = "Python's own sum, with the same loss")]
    pub fn moment(&self) -> f64 {
        let (seconds, nanoseconds) = self.modified;
        seconds as f64 + 1e-9 * nanoseconds as f64
    }

    /// Whether nothing of it has changed since a moment, in seconds since 1970.
    pub fn unchanged_since(&self, second: i64) -> bool {
        self.changed.0 < second
    }
}

pub struct OpenedFile {
    file: File,
    pub facts: Facts,
}

/// Looks at a regular file; None for anything else.
pub fn look(path: &str) -> Option<Facts> {
    std::fs::metadata(path).ok().as_ref().and_then(facts_of)
}

fn facts_of(status: &Metadata) -> Option<Facts> {
    status.is_file().then(|| Facts {
        device: status.dev(),
        inode: status.ino(),
        size: status.size(),
        modified: (status.mtime(), status.mtime_nsec()),
        changed: (status.ctime(), status.ctime_nsec()),
    })
}

/// Opens a regular file; None for anything else and for what can't be opened.
pub fn open(path: &str) -> Option<OpenedFile> {
    // A pipe of that name must not make the request wait for its writer.
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)
        .ok()?;
    OpenedFile::over(file)
}

impl OpenedFile {
    /// An open file; None unless it is a regular one.
    pub fn over(file: File) -> Option<Self> {
        let facts = file.metadata().ok().as_ref().and_then(facts_of)?;
        Some(Self { file, facts })
    }

    /// Whether it lies where each change of a file also changes the moment that the file system has for it, to the
    /// fraction of a second.
    pub fn tells_changes(&self) -> bool {
        ffi::file_system(&self.file).is_some_and(|kind| TELLING.contains(&kind))
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
