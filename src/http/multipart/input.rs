//! The bytes a decoder has received and not used yet.
//!
//! Either a body that is in memory as a whole and is revealed step by step (nothing is copied), or pieces that arrive
//! and are put together. Knows nothing of what the bytes mean.

use bytes::{Bytes, BytesMut};

/// Unused bytes, and where in the body they begin.
#[derive(Debug)]
pub(super) struct Input {
    store: Store,
    position: u64,
}

#[derive(Debug)]
enum Store {
    Whole { rest: Bytes, revealed: usize },
    Pieces(BytesMut),
}

impl Input {
    pub(super) fn pieces() -> Self {
        Self {
            store: Store::Pieces(BytesMut::new()),
            position: 0,
        }
    }

    pub(super) fn whole(body: Bytes) -> Self {
        Self {
            store: Store::Whole {
                rest: body,
                revealed: 0,
            },
            position: 0,
        }
    }

    /// Adds a piece. The body in memory has no room for one: it is complete.
    pub(super) fn push(&mut self, piece: &[u8]) {
        match &mut self.store {
            Store::Pieces(buffer) => buffer.extend_from_slice(piece),
            Store::Whole { .. } => debug_assert!(false, "a body in memory is revealed, not fed"),
        }
    }

    /// The length of the next step of a body in memory, zero at its end.
    pub(super) fn hidden(&self, step: usize) -> usize {
        match &self.store {
            Store::Whole { rest, revealed } => step.min(rest.len() - revealed),
            Store::Pieces(_) => 0,
        }
    }

    pub(super) fn reveal(&mut self, length: usize) {
        if let Store::Whole { rest, revealed } = &mut self.store {
            *revealed = (*revealed + length).min(rest.len());
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match &self.store {
            Store::Whole { rest, revealed } => &rest[..*revealed],
            Store::Pieces(buffer) => buffer,
        }
    }

    /// Where in the body the unused bytes begin.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Uses up `length` bytes and gives them, without copying.
    pub(super) fn take(&mut self, length: usize) -> Bytes {
        self.position += length as u64;
        match &mut self.store {
            Store::Whole { rest, revealed } => {
                *revealed -= length;
                rest.split_to(length)
            }
            Store::Pieces(buffer) => buffer.split_to(length).freeze(),
        }
    }

    /// Uses up `length` bytes.
    pub(super) fn skip(&mut self, length: usize) {
        if length > 0 {
            drop(self.take(length));
        }
    }
}
