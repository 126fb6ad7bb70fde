//! How often each symbol occurs, and what follows from that alone about a block's size.

use super::matches::Token;
use super::symbols::{
    DISTANCE_EXTRA, DISTANCES, END_OF_BLOCK, FIXED_LITERAL_BITS, LENGTH_EXTRA, LENGTH_ORDER, LITERALS, Symbol,
};

/// How often each symbol occurs.
pub struct Counts {
    pub literals: [u16; LITERALS],
    pub distances: [u16; DISTANCES],
}

impl Counts {
    pub fn new(tokens: &[Token]) -> Self {
        let mut counts = Self {
            literals: [0; LITERALS],
            distances: [0; DISTANCES],
        };
        counts.literals[END_OF_BLOCK] = 1;
        for token in tokens {
            match *token {
                Token::Literal(letter) => counts.literals[usize::from(letter)] += 1,
                Token::Repeat { longer, distance } => {
                    counts.literals[Symbol::of_length(longer).code] += 1;
                    counts.distances[Symbol::of_distance(distance).code] += 1;
                }
            }
        }
        counts
    }

    pub fn fixed_bytes(&self) -> usize {
        let literals = self
            .literals
            .iter()
            .zip(FIXED_LITERAL_BITS)
            .map(|(&times, bits)| usize::from(times) * usize::from(bits));
        let distances = self
            .distances
            .iter()
            .zip(DISTANCE_EXTRA)
            .map(|(&times, extra)| usize::from(times) * usize::from(5 + extra));
        block_bytes(literals.sum::<usize>() + distances.sum::<usize>())
    }

    /// A block can't be smaller than this, in whatever form; had without making a code. Spares short texts, for which
    /// deflating rarely pays, most of the work.
    ///
    /// No code beats the entropy. The lengths of a dynamic block's code cost at least half a bit per symbol (one repeat
    /// stands for six of them) and, per gap, a bit for each of up to three missing symbols or eight bits from eleven
    /// on. The code for these lengths has at least the shortest of them, which comes late in the order they are sent in.
    pub fn least_bytes(&self) -> usize {
        let total: u32 = self.literals.iter().map(|&times| u32::from(times)).sum();
        let (mut used, mut half_bits, mut gap, mut entropy, mut extra) = (0_usize, 0, 0, 0.0, 0);
        for (code, &times) in self.literals.iter().enumerate() {
            if times == 0 {
                gap += 1;
                continue;
            }
            half_bits += 1 + 2 * if gap > 10 { 8 } else { gap.min(3) };
            gap = 0;
            used += 1;
            entropy += f64::from(times) * (f64::from(total) / f64::from(times)).log2();
            extra += usize::from(times) * usize::from(LENGTH_EXTRA[code]);
        }
        for (code, &times) in self.distances.iter().enumerate() {
            extra += usize::from(times) * usize::from(DISTANCE_EXTRA[code]);
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "positive and far below 2^32"
        )]
        let whole_bits = entropy as usize;
        // Of so many words of a code, one at least is no longer than this.
        let shortest = used.ilog2() as usize;
        let run_lengths = LENGTH_ORDER
            .iter()
            .position(|length| (1..=shortest).contains(length))
            .map_or(4, |place| place + 1);
        // Beside that three counts and two distances: the least that is sent.
        let dynamic = 14 + 3 * run_lengths + 2 + half_bits / 2 + whole_bits + extra;
        self.fixed_bytes().min(block_bytes(dynamic))
    }
}

/// Bytes of a block: three bits say which form it has.
pub fn block_bytes(bits: usize) -> usize {
    (bits + 3).div_ceil(8)
}
