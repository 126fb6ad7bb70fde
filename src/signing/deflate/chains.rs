//! Which earlier positions start with letters of the same hash.
//!
//! All of it follows from the input alone, so it is built in one go before the first match is looked for. Every position
//! knows its place among those of its hash: how many candidates lie between two of them is then a subtraction, and
//! nobody has to walk there to count.

use std::fmt::Debug;

use super::matches::SHORTEST;

/// What the hash of three letters can be.
const HASHES: usize = 1 << 15;
/// How long an input can be.
pub const POSITIONS: usize = 1 << 14;

/// A position's way back: the older position in the low bits, the rank above them.
#[derive(Debug, Clone, Copy)]
pub struct Link(u32);

impl Link {
    const NONE: Self = Self(0);
    const RANK: u32 = 1 << POSITIONS.ilog2();

    /// After `older`, whose own link is `link`.
    fn after(older: u32, link: Self) -> Self {
        Self((link.rank() + 1) * Self::RANK + older)
    }

    /// The next older position with the same hash, or 0.
    pub fn older(self) -> usize {
        self.0 as usize % POSITIONS
    }

    /// Its number among the positions with this hash, from 1 on. The very first position of the input is none of them.
    pub fn rank(self) -> u32 {
        self.0 / Self::RANK
    }
}

/// The links of one input, in memory that serves the next as well.
pub struct Chains {
    /// The newest position by hash, counted through all inputs: what is below `before` is another input's.
    newest: Box<[u32; HASHES]>,
    /// The positions of the inputs before this one.
    before: u32,
    links: Box<[Link; POSITIONS]>,
}

impl Chains {
    pub fn new() -> Self {
        Self {
            newest: filled(0),
            before: 0,
            links: filled(Link::NONE),
        }
    }

    /// The link of every position in `text`, of which there may be [`POSITIONS`].
    pub fn link(&mut self, text: &[u8]) -> &[Link; POSITIONS] {
        let count = u32::try_from(text.len()).unwrap_or(u32::MAX);
        assert!(text.len() <= POSITIONS, "invariant: the input is small");
        let after = self.before.checked_add(count).unwrap_or_else(|| {
            self.newest.fill(0);
            self.before = 0;
            count
        });
        let (newest, links, before) = (&mut *self.newest, &mut *self.links, self.before);
        links[0] = Link::NONE;
        for ((at, hash), number) in hashes(text).zip(before + 1..) {
            let older = std::mem::replace(&mut newest[hash], number).saturating_sub(before);
            links[at] = Link::after(older, links[older as usize % POSITIONS]);
        }
        // Too near to the end to have a hash.
        links[text.len().saturating_sub(SHORTEST - 1)..text.len()].fill(Link::NONE);
        self.before = after;
        links
    }
}

/// An array on the heap that never was on the stack.
#[expect(clippy::unnecessary_box_returns, reason = "too large for the stack")]
fn filled<T: Copy + Debug, const N: usize>(with: T) -> Box<[T; N]> {
    let slice = vec![with; N].into_boxed_slice();
    slice.try_into().expect("invariant: as long as it was made")
}

/// The positions that have [`SHORTEST`] letters, without the very first, and the hashes of those letters.
fn hashes(text: &[u8]) -> impl Iterator<Item = (usize, usize)> {
    let push = |hash: usize, letter: u8| (hash << 5 ^ usize::from(letter)) % HASHES;
    let mut hash = text
        .iter()
        .skip(1)
        .take(SHORTEST - 1)
        .fold(0, |hash, &letter| push(hash, letter));
    text.iter().skip(SHORTEST).enumerate().map(move |(before, &letter)| {
        hash = push(hash, letter);
        (before + 1, hash)
    })
}

#[cfg(test)]
mod tests {
    use super::Chains;

    /// Each position's way back, and its rank.
    #[test]
    fn links() {
        let table: [(&str, &[usize], &[u32]); 5] = [
            ("", &[], &[]),
            ("ab", &[0, 0], &[0, 0]),
            ("aaaaa", &[0, 0, 1, 0, 0], &[0, 1, 2, 0, 0]),
            ("xabcxabc", &[0, 0, 0, 0, 0, 1, 0, 0], &[0, 1, 1, 1, 1, 2, 0, 0]),
            // The first letter's upper bits are not part of the hash.
            (
                "xabcAbcabc",
                &[0, 0, 0, 0, 1, 0, 0, 4, 0, 0],
                &[0, 1, 1, 1, 2, 1, 1, 3, 0, 0],
            ),
        ];
        let mut chains = Chains::new();
        for (text, older, ranks) in table {
            // Of the input before, short or long, nothing is left.
            for before in ["", "abcabc", &"abc".repeat(1000)] {
                chains.link(before.as_bytes());
                let links = &chains.link(text.as_bytes())[..text.len()];
                assert_eq!(
                    links.iter().map(|link| link.older()).collect::<Vec<_>>(),
                    older,
                    "{text}"
                );
                assert_eq!(
                    links.iter().map(|link| link.rank()).collect::<Vec<_>>(),
                    ranks,
                    "{text}"
                );
            }
        }
    }
}
