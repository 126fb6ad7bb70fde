//! The memory that bodies are received into: pieces of a body that is passed on as it arrives, and bodies that are kept
//! in memory as a whole, of which all together may take only so much.
//!
//! Must not know about framing or about who reads a body.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Buf, Bytes};

/// The largest piece, in bytes. Shorter ones cost more when they are written to a file, and read from there: a kernel
/// that is given a megabyte at once lays it out in larger pages.
pub const PIECE: usize = 1024 * 1024;
/// What whole bodies in memory may take together, in bytes.
const WHOLE_BODIES: u64 = 64 * 1024 * 1024;
/// The memory of a whole body is a multiple of this, in bytes, so that it fits other bodies too.
const GRAIN: u64 = 256 * 1024;
/// What is kept of it while nobody needs it, in bytes.
const KEPT: usize = 4 * 1024 * 1024;

/// A piece being filled. Its memory is used again once the piece was read.
#[derive(Default)]
pub struct Filling {
    bytes: Vec<u8>,
    shelf: Option<Arc<Shelf>>,
}

/// Buffers nobody uses at the moment.
type Shelf = Mutex<Vec<Vec<u8>>>;

impl Filling {
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// How much more the piece may hold.
    pub fn room(&self) -> usize {
        PIECE - self.len()
    }

    /// Moves what there is room for from `piece`.
    pub fn put(&mut self, piece: &mut Bytes) {
        let length = piece.len().min(self.room());
        self.buffer().extend_from_slice(&piece[..length]);
        piece.advance(length);
    }

    /// What the piece is received into, up to its [room](Self::room).
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        if self.bytes.capacity() == 0 {
            let shelf = self.shelf.get_or_insert_default();
            let used = shelf.lock().unwrap_or_else(PoisonError::into_inner).pop();
            self.bytes = used.unwrap_or_else(|| Vec::with_capacity(PIECE));
        }
        &mut self.bytes
    }

    /// Ends the piece and begins the next one.
    pub fn take(&mut self) -> Bytes {
        Bytes::from_owner(FilledBuffer {
            bytes: std::mem::take(&mut self.bytes),
            shelf: Arc::clone(self.shelf.get_or_insert_default()),
        })
    }
}

/// A piece that is being read.
struct FilledBuffer {
    bytes: Vec<u8>,
    shelf: Arc<Shelf>,
}

impl AsRef<[u8]> for FilledBuffer {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for FilledBuffer {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner).push(bytes);
    }
}

/// The memory for whole bodies: what is left of it, and some that was given back and is used again first, since memory
/// fresh from the system costs more than receiving into it.
pub struct Budget {
    left: AtomicU64,
    used: Mutex<Vec<Vec<u8>>>,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            left: AtomicU64::new(WHOLE_BODIES),
            used: Mutex::default(),
        }
    }
}

impl Budget {
    /// Room for a body of `length` bytes, if so much is left.
    pub fn reserve(self: &Arc<Self>, length: u64) -> Option<Whole> {
        let reserved = length.checked_next_multiple_of(GRAIN)?;
        let room = usize::try_from(reserved).ok()?;
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(reserved))
            .ok()?;
        Some(Whole {
            bytes: self.used(room).unwrap_or_else(|| Vec::with_capacity(room)),
            reserved,
            budget: Arc::clone(self),
        })
    }

    /// A buffer that was given back, the latest one that is large enough.
    fn used(&self, room: usize) -> Option<Vec<u8>> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let place = used.iter().rposition(|bytes| bytes.capacity() >= room)?;
        Some(used.remove(place))
    }

    fn give_back(&self, mut bytes: Vec<u8>, reserved: u64) {
        self.left.fetch_add(reserved, Ordering::Relaxed);
        bytes.clear();
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.iter().map(Vec::capacity).sum::<usize>() + bytes.capacity() <= KEPT {
            used.push(bytes);
        }
    }
}

/// A body that is kept in memory as a whole.
pub struct Whole {
    pub bytes: Vec<u8>,
    reserved: u64,
    budget: Arc<Budget>,
}

impl Whole {
    pub fn freeze(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Whole {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        self.budget.give_back(std::mem::take(&mut self.bytes), self.reserved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_full_and_their_memory_is_used_again() {
        let mut filling = Filling::default();
        let mut arriving = Bytes::from(vec![1; PIECE + 5]);
        filling.put(&mut arriving);
        assert_eq!((filling.room(), arriving.len()), (0, 5));
        let first = filling.take();
        filling.put(&mut arriving);
        assert_eq!((filling.len(), arriving.len()), (5, 0));
        let place = first.as_ptr();
        drop(filling.take());
        drop(first);
        filling.put(&mut Bytes::from_static(b"more"));
        assert_eq!(filling.take().as_ptr(), place);
    }

    #[test]
    fn whole_bodies_share_a_budget() {
        let budget = Arc::new(Budget::default());
        let most = budget.reserve(WHOLE_BODIES - 5 * GRAIN);
        assert!(most.is_some() && budget.reserve(6 * GRAIN).is_none());
        let mut rest = budget.reserve(5 * GRAIN - 1).unwrap();
        assert!(budget.reserve(1).is_none());
        rest.bytes.extend_from_slice(b"body");
        let rest = rest.freeze();
        assert_eq!(rest, b"body"[..]);
        let place = rest.as_ptr();
        drop(rest);
        let again = budget.reserve(3).unwrap();
        assert_eq!((again.bytes.as_ptr(), again.bytes.len()), (place, 0));
        drop((most, again));
        assert_eq!(budget.used.lock().unwrap().len(), 1, "the large one is not kept");
        assert!(budget.reserve(WHOLE_BODIES).is_some());
    }
}
