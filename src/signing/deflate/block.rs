//! One final deflate block: weighs the stored, fixed and dynamic forms and writes the cheapest between zlib's header
//! and its checksum.

use std::sync::LazyLock;

use super::counts::{Counts, block_bytes};
use super::huffman::{Code, Codes, codes};
use super::matches::{Token, tokens};
use super::stream::{Bits, adler32};
use super::symbols::{
    DISTANCE_EXTRA, DISTANCES, END_OF_BLOCK, FIXED_LENGTHS, LENGTH_EXTRA, LENGTH_ORDER, RUN_EXTRA, Symbol,
};

/// More symbols than this would need a second block, in bytes of input.
pub const LARGEST_INPUT: usize = 16_382;

/// Header for deflate with a 32 KiB window at the default level.
const ZLIB_HEADER: [u8; 2] = [0x78, 0x9c];

/// Header and checksum.
const ENVELOPE: usize = ZLIB_HEADER.len() + 4;

/// `input` deflated, if that is at least `gain` bytes shorter. `None` as well for input beyond [`LARGEST_INPUT`].
pub fn deflate_if_shorter(input: &[u8], gain: usize) -> Option<Vec<u8>> {
    if input.len() > LARGEST_INPUT {
        return None;
    }
    let tokens = tokens(input);
    let counts = Counts::new(&tokens);
    if ENVELOPE + counts.least_bytes() + gain > input.len() {
        return None;
    }
    let plan = Plan::new(tokens, &counts);
    let size = plan.size(input.len());
    (size + gain <= input.len()).then(|| plan.write(input, size))
}

struct Plan {
    tokens: Vec<Token>,
    literals: Code,
    distances: Code,
    /// The lengths of both codes, with runs taken together, and the code for that.
    runs: Vec<Symbol>,
    run_code: Code,
    /// How many lengths of `run_code` are sent.
    run_lengths: usize,
    /// Bytes that the whole block takes, by form.
    fixed: usize,
    dynamic: usize,
}

impl Plan {
    fn new(tokens: Vec<Token>, counts: &Counts) -> Self {
        let literals = Code::new(&counts.literals, 15);
        let distances = Code::new(&counts.distances, 15);
        let mut runs = Vec::with_capacity(64);
        take_runs(&literals.lengths[..=literals.last], &mut runs);
        take_runs(&distances.lengths[..=distances.last], &mut runs);
        let mut run_counts = [0_u16; LENGTH_ORDER.len()];
        for run in &runs {
            run_counts[run.code] += 1;
        }
        let run_code = Code::new(&run_counts, 7);
        let run_lengths = LENGTH_ORDER
            .iter()
            .rposition(|&code| run_code.lengths[code] > 0)
            .unwrap_or(0)
            .max(3)
            + 1;

        let dynamic = literals.cost(&counts.literals, &LENGTH_EXTRA)
            + distances.cost(&counts.distances, &DISTANCE_EXTRA)
            + run_code.cost(&run_counts, &RUN_EXTRA)
            + 3 * run_lengths
            + 14;
        let dynamic = block_bytes(dynamic);
        Self {
            tokens,
            literals,
            distances,
            runs,
            run_code,
            run_lengths,
            fixed: counts.fixed_bytes(),
            dynamic,
        }
    }

    /// Stored text: one byte for the form, four for its length.
    fn stores(&self, input: usize) -> bool {
        input + 4 <= self.fixed.min(self.dynamic)
    }

    /// Bytes of the whole zlib stream.
    fn size(&self, input: usize) -> usize {
        let block = if self.stores(input) {
            input + 5
        } else {
            self.fixed.min(self.dynamic)
        };
        ENVELOPE + block
    }

    fn write(&self, input: &[u8], size: usize) -> Vec<u8> {
        let mut out = Bits::after(Vec::with_capacity(size));
        out.bytes.extend_from_slice(&ZLIB_HEADER);
        if self.stores(input.len()) {
            let length = u16::try_from(input.len()).expect("invariant: the input is small");
            out.push(0b001, 3);
            out.flush();
            out.bytes.extend_from_slice(&length.to_le_bytes());
            out.bytes.extend_from_slice(&(!length).to_le_bytes());
            out.bytes.extend_from_slice(input);
        } else if self.fixed <= self.dynamic {
            out.push(0b011, 3);
            let (literals, distances) = &*FIXED;
            self.write_tokens(&mut out, literals, distances);
        } else {
            out.push(0b101, 3);
            self.write_lengths(&mut out);
            self.write_tokens(&mut out, &self.literals.codes(), &self.distances.codes());
        }
        out.flush();
        out.bytes.extend_from_slice(&adler32(input).to_be_bytes());
        out.bytes
    }

    fn write_lengths(&self, out: &mut Bits) {
        out.push_number(self.literals.last - END_OF_BLOCK, 5);
        out.push_number(self.distances.last, 5);
        out.push_number(self.run_lengths - 4, 4);
        for &code in &LENGTH_ORDER[..self.run_lengths] {
            out.push(self.run_code.lengths[code].into(), 3);
        }
        let codes = self.run_code.codes();
        for &run in &self.runs {
            out.push_symbol(run, &codes);
        }
    }

    fn write_tokens(&self, out: &mut Bits, literals: &Codes, distances: &Codes) {
        for &token in &self.tokens {
            match token {
                Token::Literal(letter) => out.push_symbol(Symbol::bare(letter.into()), literals),
                Token::Repeat { longer, distance } => {
                    out.push_symbol(Symbol::of_length(longer), literals);
                    out.push_symbol(Symbol::of_distance(distance), distances);
                }
            }
        }
        out.push_symbol(Symbol::bare(END_OF_BLOCK), literals);
    }
}

static FIXED: LazyLock<(Codes, Codes)> = LazyLock::new(|| (codes(&FIXED_LENGTHS), codes(&[5; DISTANCES])));

/// Appends `lengths` as symbols of the code-length code: 16 repeats the last length 3 to 6 times, 17 and 18 are 3 to 10
/// and 11 to 138 zeros.
fn take_runs(lengths: &[u8], runs: &mut Vec<Symbol>) {
    let repeat = |code, least: usize, count: usize| Symbol::with_low_bits(code, count - least, RUN_EXTRA[code].into());
    for run in lengths.chunk_by(|left, right| left == right) {
        let (length, mut left) = (run[0], run.len());
        let mut said = false;
        while left > 0 {
            let take = left.min(match (length, said) {
                (0, _) => 138,
                (_, true) => 6,
                (_, false) => 7,
            });
            left -= take;
            match (length, said, take) {
                (0, _, 11..) => runs.push(repeat(18, 11, take)),
                (0, _, 3..) => runs.push(repeat(17, 3, take)),
                (1.., true, 3..) => runs.push(repeat(16, 3, take)),
                (1.., false, 4..) => runs.extend([Symbol::bare(length.into()), repeat(16, 3, take - 1)]),
                _ => runs.extend(std::iter::repeat_n(Symbol::bare(length.into()), take)),
            }
            said = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LARGEST_INPUT, deflate_if_shorter};
    use crate::signing::noise::noise;
    use std::io::Read;

    fn inflated(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        flate2::read::ZlibDecoder::new(bytes).read_to_end(&mut out).unwrap();
        out
    }

    /// `zlib.compress` of Python 3.11 with zlib 1.2.13.
    #[test]
    fn bytes_of_python() {
        let repeated = "{\"k\":\"value\"},".repeat(40);
        let table: [(&str, &str); 4] = [
            (
                "日本語テ日本語テ日本語テ",
                "789c7b367de9b3396b5eac9af7b8b9ed190e3600d9d31945",
            ),
            ("ÿþýüÿþýüÿþýü", "789c3bbcfff0bec37b0fef398c460300e1a21207"),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "789c4b4c240e000036eb0f29"),
            (&repeated, "789cab56ca56b2522a4bcc294d55aad5a91ee58df2f0f2001c9eb131"),
        ];
        for (text, hex) in table {
            let deflated = deflate_if_shorter(text.as_bytes(), 0).unwrap();
            let written = deflated
                .iter()
                .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
            assert_eq!(written, hex);
        }
    }

    #[test]
    fn only_when_it_pays() {
        assert_eq!(deflate_if_shorter(b"{\"user_id\":31,\"visits\":5}", 0), None);
        assert_eq!(deflate_if_shorter(b"", 0), None);
        let text = b"abcabcabcabcabcabcabcabcabcabc";
        let size = deflate_if_shorter(text, 0).unwrap().len();
        assert!(deflate_if_shorter(text, text.len() - size).is_some());
        assert!(deflate_if_shorter(text, text.len() - size + 1).is_none());
    }

    /// Text of every flavour and size from a small random generator comes back.
    #[test]
    fn a_library_reads_it() {
        let mut random = noise(7);
        for (letters, first) in [
            (1, 0),
            (2, 0),
            (3, 0),
            (10, 0),
            (60, 0),
            (256, 0),
            (2, 254),
            (20, 200),
            (112, 144),
        ] {
            for size in [1, 2, 3, 20, 50, 300, 4000, LARGEST_INPUT] {
                let input: Vec<u8> = (0..size)
                    .map(|_| u8::try_from(first + random(letters)).unwrap())
                    .collect();
                // Against a gain of "at most so much loss" by appending nothing: sizes are checked where it pays.
                if let Some(deflated) = deflate_if_shorter(&input, 0) {
                    assert_eq!(
                        inflated(&deflated),
                        input,
                        "{letters} letters from {first}, {size} bytes"
                    );
                }
            }
        }
        assert_eq!(deflate_if_shorter(&vec![b'x'; LARGEST_INPUT + 1], 0), None);
    }
}
