//! Files without a name for uploads that are too large for the memory. One that is done with is written again for the
//! next upload while it is warm: giving a file its blocks and taking them back costs more than filling it.
//!
//! Nobody else has ever had such a file: one that is handed out, or was open while the process forked, is not used again.
//! Knows nothing of Python or of forms.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Result};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// What files nobody uses at the moment may take on disk together, in bytes.
const KEPT: u64 = 64 * 1024 * 1024;
/// How long a file nobody needs is kept.
const PATIENCE: Duration = Duration::from_secs(1);
/// How old a file may become. A kernel writes to disk what has been waiting for that for half a minute: a file that is
/// gone before never gets there.
const AGE: Duration = Duration::from_secs(15);

/// A file being filled or read.
pub struct Scratch {
    /// `None` only while it is being dropped.
    opened: Option<Opened>,
    length: u64,
    /// Somebody else has the file too.
    shared: AtomicBool,
}

struct Opened {
    file: File,
    folder: PathBuf,
    born: Instant,
    forks: u64,
    /// The longest content so far.
    size: u64,
}

/// How often the process has forked, as far as we have been told.
static FORKS: AtomicU64 = AtomicU64::new(0);

/// The files nobody uses.
struct Shelf {
    files: Vec<(Instant, Opened)>,
    /// The process in which a thread is there to close them, or zero.
    watched: u32,
}

static SHELF: Mutex<Shelf> = Mutex::new(Shelf {
    files: Vec::new(),
    watched: 0,
});

impl Scratch {
    /// An empty file in `folder`.
    ///
    /// # Errors
    /// Whatever stops it from being made, among them a system or a file system without nameless files.
    pub fn open(folder: &Path) -> Result<Self> {
        let opened = match used(folder) {
            Some(opened) => opened,
            None => Opened {
                forks: FORKS.load(Ordering::Acquire),
                file: nameless(folder)?,
                folder: folder.to_owned(),
                born: Instant::now(),
                size: 0,
            },
        };
        Ok(Self {
            opened: Some(opened),
            length: 0,
            shared: AtomicBool::new(false),
        })
    }

    pub fn len(&self) -> u64 {
        self.length
    }

    /// Reads are to be kept within [`Scratch::len`]: what is behind is of another upload.
    pub fn file(&self) -> &File {
        &self.opened.as_ref().expect("invariant: taken by drop alone").file
    }

    pub fn append(&mut self, data: &[u8]) -> Result<()> {
        let opened = self.opened.as_mut().expect("invariant: taken by drop alone");
        match opened.file.write_all_at(data, self.length) {
            // A disk is not full while files are kept that nobody needs.
            Err(error) if error.kind() == ErrorKind::StorageFull && clear() => {
                opened.file.write_all_at(data, self.length)?;
            }
            outcome => outcome?,
        }
        self.length += data.len() as u64;
        opened.size = opened.size.max(self.length);
        Ok(())
    }

    /// The file for somebody else, with this content and no more.
    pub fn share(&self) -> Result<OwnedFd> {
        self.shared.store(true, Ordering::Release);
        self.file().set_len(self.length)?;
        Ok(self.file().try_clone()?.into())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(opened) = self.opened.take()
            && !self.shared.load(Ordering::Acquire)
        {
            keep(opened);
        }
    }
}

impl Opened {
    fn usable(&self) -> bool {
        self.forks == FORKS.load(Ordering::Acquire) && self.born.elapsed() < AGE
    }
}

#[cfg(target_os = "linux")]
fn nameless(folder: &Path) -> Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .mode(0o600)
        .custom_flags(libc::O_TMPFILE | libc::O_EXCL)
        .open(folder)
}

#[cfg(not(target_os = "linux"))]
fn nameless(_folder: &Path) -> Result<File> {
    Err(ErrorKind::Unsupported.into())
}

/// The file of `folder` that was put away last.
fn used(folder: &Path) -> Option<Opened> {
    // Never waited for: whoever held it in a process that forked does not exist in its child.
    let mut shelf = SHELF.try_lock()?;
    let place = shelf.files.iter().rposition(|(_, opened)| opened.folder == folder)?;
    let (_, opened) = shelf.files.remove(place);
    opened.usable().then_some(opened)
}

fn keep(opened: Opened) {
    if !opened.usable() {
        return;
    }
    let Some(mut shelf) = SHELF.try_lock() else { return };
    let kept: u64 = shelf.files.iter().map(|(_, other)| other.size).sum();
    if kept + opened.size > KEPT {
        return;
    }
    if shelf.watched != std::process::id() {
        let watch = std::thread::Builder::new().name("upload files".to_owned());
        if watch.spawn(|| while close_old() {}).is_err() {
            return;
        }
        shelf.watched = std::process::id();
    }
    shelf.files.push((Instant::now(), opened));
}

/// Waits a little and closes what nobody has needed; `false` when nothing is left.
fn close_old() -> bool {
    std::thread::sleep(PATIENCE);
    let mut shelf = SHELF.lock();
    let old: Vec<_> = shelf
        .files
        .extract_if(.., |(since, opened)| since.elapsed() >= PATIENCE || !opened.usable())
        .collect();
    let done = shelf.files.is_empty();
    if done {
        shelf.watched = 0;
    }
    drop(shelf);
    // Closing takes its time, without the lock.
    drop(old);
    !done
}

/// Closes the files nobody uses, if there are any.
fn clear() -> bool {
    let files = SHELF
        .try_lock()
        .map(|mut shelf| std::mem::take(&mut shelf.files))
        .unwrap_or_default();
    !files.is_empty()
}

/// To be called right before the process forks, and after it on both sides: no file that both have is used again.
pub fn forking() {
    FORKS.fetch_add(1, Ordering::AcqRel);
    clear();
}
