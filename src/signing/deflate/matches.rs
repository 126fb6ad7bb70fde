//! Which earlier text each part of the input repeats: lazy matching over hash chains.
//!
//! The result depends on details that look accidental, and all of them are kept because other details change the bytes:
//! position 0 is never found, chains follow a 15-bit hash of three letters, at most 128 candidates are tried (32 once a
//! match of eight is in hand), a match waits one letter for a longer one.

use std::cell::RefCell;

use super::chains::{Chains, Link, POSITIONS};

/// Shortest and longest repetition that deflate can say.
pub const SHORTEST: usize = 3;
const LONGEST: usize = 258;

/// Level 6: a match this long makes the search for a longer one shorter…
const GOOD: usize = 8;
/// …makes it superfluous…
const LAZY: usize = 16;
/// …and ends a search that is under way.
const NICE: usize = 128;
const CANDIDATES: u32 = 128;
/// Three letters from farther away cost more than they save.
const TOO_FAR: usize = 4096;

/// A letter, or a repetition of `SHORTEST + longer` letters from `distance` back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    Literal(u8),
    Repeat { longer: u8, distance: u16 },
}

impl Token {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most 258 letters, in a window of 2^15"
    )]
    fn repeat(length: usize, distance: usize) -> Self {
        Self::Repeat {
            longer: (length - SHORTEST) as u8,
            distance: distance as u16,
        }
    }
}

thread_local! {
    /// Making the tables costs more than filling them, so each thread keeps its own.
    static CHAINS: RefCell<Chains> = RefCell::new(Chains::new());
}

/// The input as tokens. Must be shorter than deflate's window.
pub fn tokens(input: &[u8]) -> Vec<Token> {
    CHAINS.with_borrow_mut(|chains| {
        let links = chains.link(input);
        Search { text: input, links }.tokens()
    })
}

#[derive(Clone, Copy)]
struct Found {
    start: usize,
    length: usize,
}

impl Found {
    /// One less than what would be worth saying.
    const NONE: Self = Self {
        start: 0,
        length: SHORTEST - 1,
    };
}

struct Search<'a> {
    text: &'a [u8],
    links: &'a [Link; POSITIONS],
}

impl Search<'_> {
    fn tokens(&self) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(self.text.len());
        // The match at the position before, which may still turn out to be the start of nothing.
        let mut held = Found::NONE;
        let mut letter_held = false;
        let mut at = 0;
        while at < self.text.len() {
            let mut found = Found::NONE;
            if self.links[at].older() != 0 && held.length < LAZY {
                found = self.longest(at, held);
                if found.length == SHORTEST && at - found.start > TOO_FAR {
                    found.length = Found::NONE.length;
                }
            }
            if held.length >= SHORTEST && found.length <= held.length {
                tokens.push(Token::repeat(held.length, at - 1 - held.start));
                at += held.length - 1;
                held = Found::NONE;
                letter_held = false;
            } else {
                if letter_held {
                    tokens.push(Token::Literal(self.text[at - 1]));
                }
                held = found;
                letter_held = true;
                at += 1;
            }
        }
        if letter_held {
            tokens.push(Token::Literal(self.text[at - 1]));
        }
        tokens
    }

    /// The longest match at `at` that beats `held`; of equally long ones the nearest.
    ///
    /// The candidates are the positions of the same hash, but a good match has usually a rarer neighbour: once `length`
    /// letters agree, a longer match agrees in the three letters that end behind them too, and the chain of those is
    /// followed when it is shorter. Ranks tell which of its finds are candidates.
    fn longest(&self, at: usize, held: Found) -> Found {
        let left = self.text.len() - at;
        let mut best = held;
        if best.length >= left {
            return best;
        }
        let tries = if held.length >= GOOD {
            CANDIDATES / 4
        } else {
            CANDIDATES
        };
        let last_rank = self.links[at].rank().saturating_sub(tries);
        let mut lane = Lane {
            ahead: 0,
            next: self.links[at].older(),
            last_rank,
        };
        let mut to_go = self.links[at].rank() - last_rank;
        lane.change(self.links, at, best.length, to_go);
        let mut ending = self.pair(at + best.length - 1);
        while lane.next > lane.ahead {
            let link = self.links[lane.next];
            if link.rank() < lane.last_rank {
                break;
            }
            let start = lane.next - lane.ahead;
            lane.next = link.older();
            if self.pair(start + best.length - 1) != ending {
                continue;
            }
            let length = self.common(start, at);
            if length <= best.length {
                continue;
            }
            // Found in another lane, it may be one that would not be tried, as are all behind it.
            if self.links[start].rank() < last_rank {
                break;
            }
            best = Found { start, length };
            if length >= NICE.min(left) {
                break;
            }
            to_go = link.rank() - lane.last_rank;
            lane.change(self.links, at, length, to_go);
            ending = self.pair(at + length - 1);
        }
        best
    }

    fn pair(&self, at: usize) -> [u8; 2] {
        [self.text[at], self.text[at + 1]]
    }

    /// How many letters agree.
    fn common(&self, earlier: usize, at: usize) -> usize {
        let ahead = &self.text[at..self.text.len().min(at + LONGEST)];
        let behind = &self.text[earlier..][..ahead.len()];
        let mut same = 0;
        for (left, right) in behind.chunks_exact(8).zip(ahead.chunks_exact(8)) {
            let differing = word(left) ^ word(right);
            if differing != 0 {
                return same + differing.trailing_zeros() as usize / 8;
            }
            same += 8;
        }
        let rest = behind[same..].iter().zip(&ahead[same..]);
        same + rest.take_while(|(left, right)| left == right).count()
    }
}

/// A chain to follow: that of the letters `ahead` of the match.
struct Lane {
    ahead: usize,
    next: usize,
    /// Where it ends, if not at the beginning of the input.
    last_rank: u32,
}

impl Lane {
    /// Changes over to the chain of the last letters that a match of more than `length` at `at` has to have, if it is
    /// less than half as long as what there is `to_go`.
    fn change(&mut self, links: &[Link; POSITIONS], at: usize, length: usize, to_go: u32) {
        let ahead = length + 1 - SHORTEST;
        let link = links[at + ahead];
        if link.rank() < to_go / 2 {
            *self = Self {
                ahead,
                next: link.older(),
                last_rank: 0,
            };
        }
    }
}

fn word(letters: &[u8]) -> u64 {
    u64::from_le_bytes(letters.try_into().expect("invariant: eight letters"))
}

#[cfg(test)]
mod tests {
    use super::{SHORTEST, Token, tokens};

    fn spelled(input: &str) -> String {
        let mut out = String::new();
        for token in tokens(input.as_bytes()) {
            match token {
                Token::Literal(letter) => out.push(char::from(letter)),
                Token::Repeat { longer, distance } => {
                    out.push_str(&format!("<{},{distance}>", SHORTEST + usize::from(longer)));
                }
            }
        }
        out
    }

    #[test]
    fn repetitions() {
        let table = [
            ("", ""),
            ("ab", "ab"),
            ("abcabc", "abcabc"), // position 0 is never found
            ("xabcabc", "xabc<3,3>"),
            ("aaaaaaaa", "aa<6,1>"),
            ("xabc_bcde_abcde", "xabc_bcde_a<4,6>"), // the match of "abc" waits and loses
        ];
        for (input, tokens) in table {
            assert_eq!(spelled(input), tokens);
        }
    }
}
