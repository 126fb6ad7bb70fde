//! The bytes a decoder has received and not used yet.
//!
//! A piece is revealed step by step and used where it lies; only what a piece leaves unused at its end is copied, to
//! stand before the next one. Knows nothing of what the bytes mean.

use bytes::{Bytes, BytesMut};

/// Unused bytes, and where in the body they begin.
#[derive(Debug)]
pub(super) struct Input {
    store: Store,
    position: u64,
}

#[derive(Debug)]
enum Store {
    /// The rest of one piece, of which so much is revealed.
    Piece { rest: Bytes, revealed: usize },
    /// What earlier pieces left, with the revealed part of the last one; and the hidden part of that.
    Joined { held: BytesMut, hidden: Bytes },
}

impl Input {
    pub(super) fn new() -> Self {
        Self {
            store: Store::Piece {
                rest: Bytes::new(),
                revealed: 0,
            },
            position: 0,
        }
    }

    /// Takes a piece, nothing of which is revealed yet; the one before it must have been revealed.
    pub(super) fn give(&mut self, piece: Bytes) {
        debug_assert_eq!(
            self.hidden(usize::MAX),
            0,
            "a piece is revealed before the next one is given"
        );
        match &mut self.store {
            Store::Piece { rest, .. } if rest.is_empty() => {
                self.store = Store::Piece {
                    rest: piece,
                    revealed: 0,
                }
            }
            Store::Piece { rest, .. } => {
                let held = BytesMut::from(&rest[..]);
                self.store = Store::Joined { held, hidden: piece };
            }
            Store::Joined { hidden, .. } => *hidden = piece,
        }
    }

    /// How much the next step reveals; zero when all is revealed.
    pub(super) fn hidden(&self, step: usize) -> usize {
        match &self.store {
            Store::Piece { rest, revealed } => step.min(rest.len() - revealed),
            Store::Joined { hidden, .. } => step.min(hidden.len()),
        }
    }

    /// Reveals up to `length` bytes.
    pub(super) fn reveal(&mut self, length: usize) {
        let length = self.hidden(length);
        match &mut self.store {
            Store::Piece { revealed, .. } => *revealed += length,
            Store::Joined { held, hidden } => held.extend_from_slice(&hidden.split_to(length)),
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match &self.store {
            Store::Piece { rest, revealed } => &rest[..*revealed],
            Store::Joined { held, .. } => held,
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
            Store::Piece { rest, revealed } => {
                *revealed -= length;
                rest.split_to(length)
            }
            Store::Joined { held, hidden } => {
                let taken = held.split_to(length).freeze();
                if held.is_empty() {
                    self.store = Store::Piece {
                        rest: std::mem::take(hidden),
                        revealed: 0,
                    };
                }
                taken
            }
        }
    }

    /// Uses up `length` bytes.
    pub(super) fn skip(&mut self, length: usize) {
        if length > 0 {
            drop(self.take(length));
        }
    }
}
