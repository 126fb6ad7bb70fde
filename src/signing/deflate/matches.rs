//! Which earlier text each part of the input repeats: lazy matching over hash chains.
//!
//! The result depends on details that look accidental, and all of them are kept because other details change the bytes:
//! position 0 is never found, chains follow a 15-bit hash of three letters, at most 128 candidates are tried (32 once a
//! match of eight is in hand), a match waits one letter for a longer one.

/// Shortest and longest repetition that deflate can say.
pub const SHORTEST: usize = 3;
const LONGEST: usize = 258;

/// Level 6: a match this long makes the search for a longer one shorter…
const GOOD: usize = 8;
/// …makes it superfluous…
const LAZY: usize = 16;
/// …and ends a search that is under way.
const NICE: usize = 128;
const CANDIDATES: usize = 128;
/// Three letters from farther away cost more than they save.
const TOO_FAR: usize = 4096;

/// What the hash of three letters can be.
const HASHES: usize = 1 << 15;
/// Up to this many bytes the table of hashes is kept small.
const SHORT_INPUT: usize = 512;

/// A letter, or a repetition of `length` letters from `distance` back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    Literal(u8),
    Repeat { length: usize, distance: usize },
}

/// The input as tokens. Must be shorter than deflate's window.
pub fn tokens(input: &[u8]) -> Vec<Token> {
    let mut search = Search::new(input);
    let mut tokens = Vec::with_capacity(input.len());
    // The match at the position before, which may still turn out to be the start of nothing.
    let mut held = Found::NONE;
    let mut letter_held = false;
    let mut at = 0;
    while at < input.len() {
        let candidate = search.insert(at);
        let mut found = Found::NONE;
        if candidate != 0 && held.length < LAZY {
            found = search.longest(at, candidate, held);
            if found.length == SHORTEST && at - found.start > TOO_FAR {
                found.length = Found::NONE.length;
            }
        }
        if held.length >= SHORTEST && found.length <= held.length {
            tokens.push(Token::Repeat {
                length: held.length,
                distance: at - 1 - held.start,
            });
            let next = at - 1 + held.length;
            for covered in at + 1..next {
                search.insert(covered);
            }
            at = next;
            held = Found::NONE;
            letter_held = false;
        } else {
            if letter_held {
                tokens.push(Token::Literal(input[at - 1]));
            }
            held = found;
            letter_held = true;
            at += 1;
        }
    }
    if letter_held {
        tokens.push(Token::Literal(input[at - 1]));
    }
    tokens
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

/// Earlier positions by hash. For a short input `newest` is indexed by a part of the hash only, since clearing it would
/// cost more than stepping over the entries of other hashes.
struct Search {
    /// The input with zeros behind it, which a comparison may run into.
    text: Vec<u8>,
    len: usize,
    newest: Vec<u16>,
    /// The next older position in the same slot.
    older: Vec<u16>,
}

impl Search {
    fn new(input: &[u8]) -> Self {
        let mut text = Vec::with_capacity(input.len() + LONGEST + 1);
        text.extend_from_slice(input);
        text.resize(input.len() + LONGEST + 1, 0);
        let slots = if input.len() > SHORT_INPUT {
            HASHES
        } else {
            input.len().next_power_of_two().max(64)
        };
        Self {
            text,
            len: input.len(),
            newest: vec![0; slots],
            older: vec![0; input.len()],
        }
    }

    fn hash(&self, at: usize) -> u16 {
        let [first, second, third] = [0, 1, 2].map(|offset| u16::from(self.text[at + offset]));
        (first << 10 ^ second << 5 ^ third) & 0x7fff
    }

    /// Makes the letters at `at` known; the newest earlier position with the same hash, or 0.
    fn insert(&mut self, at: usize) -> usize {
        if at + SHORTEST > self.len {
            return 0;
        }
        let hash = self.hash(at);
        let slot = usize::from(hash) & (self.newest.len() - 1);
        let before = std::mem::replace(&mut self.newest[slot], narrow(at));
        self.older[at] = before;
        self.same_hash(usize::from(before), hash)
    }

    /// The newest position with this hash, from a position of the same slot on.
    #[inline]
    fn same_hash(&self, mut at: usize, hash: u16) -> usize {
        if self.newest.len() == HASHES {
            return at;
        }
        while at != 0 && self.hash(at) != hash {
            at = usize::from(self.older[at]);
        }
        at
    }

    /// The longest match at `at` that beats `held`; of equally long ones the nearest.
    fn longest(&self, at: usize, mut candidate: usize, held: Found) -> Found {
        let left = self.len - at;
        let enough = NICE.min(left);
        let tries = if held.length >= GOOD {
            CANDIDATES / 4
        } else {
            CANDIDATES
        };
        let hash = self.hash(at);
        let mut best = Found {
            start: held.start,
            length: held.length,
        };
        for _ in 0..tries {
            let length = self.common(candidate, at, best.length);
            if length > best.length {
                best = Found {
                    start: candidate,
                    length,
                };
                if length >= enough {
                    break;
                }
            }
            candidate = self.same_hash(usize::from(self.older[candidate]), hash);
            if candidate == 0 {
                break;
            }
        }
        best.length = best.length.min(left);
        best
    }

    /// How many letters agree; 0 when it can't be more than `beat`.
    fn common(&self, earlier: usize, at: usize, beat: usize) -> usize {
        // Most candidates fail where they would have to be better than the best so far.
        if self.text[earlier + beat - 1..=earlier + beat] != self.text[at + beat - 1..=at + beat] {
            return 0;
        }
        let (behind, ahead) = (&self.text[earlier..earlier + LONGEST], &self.text[at..at + LONGEST]);
        let eights = behind.chunks_exact(8).zip(ahead.chunks_exact(8));
        let same = 8 * eights.take_while(|(left, right)| left == right).count();
        let rest = behind[same..].iter().zip(&ahead[same..]);
        same + rest.take_while(|(left, right)| left == right).count()
    }
}

fn narrow(position: usize) -> u16 {
    u16::try_from(position).expect("invariant: the input is shorter than the window")
}

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    fn spelled(input: &str) -> String {
        let mut out = String::new();
        for token in tokens(input.as_bytes()) {
            match token {
                Token::Literal(letter) => out.push(char::from(letter)),
                Token::Repeat { length, distance } => out.push_str(&format!("<{length},{distance}>")),
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
