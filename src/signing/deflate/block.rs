//! One final deflate block: weighs the stored, fixed and dynamic forms and writes the cheapest between zlib's header
//! and checksum.

use std::sync::LazyLock;

use super::huffman::{Code, Codes};
use super::matches::{SHORTEST, Token, tokens};

/// More symbols than this would need a second block, in bytes of input.
pub const LARGEST_INPUT: usize = 16_382;

const END_OF_BLOCK: usize = 256;
const LITERALS: usize = 286;
const DISTANCES: usize = 30;
/// Order in which the lengths of the code-length code are sent (RFC 1951, 3.2.7).
const LENGTH_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
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

/// A symbol and the plain bits after it.
#[derive(Clone, Copy)]
struct Symbol {
    code: usize,
    extra: u8,
    value: u16,
}

impl Symbol {
    const fn bare(code: usize) -> Self {
        Self {
            code,
            extra: 0,
            value: 0,
        }
    }

    /// Lengths: eight symbols of their own, then four symbols for each power of two, and one for the longest.
    fn of_length(length: usize) -> Self {
        let over = length - SHORTEST;
        match over {
            0..8 => Self::bare(END_OF_BLOCK + 1 + over),
            255 => Self::bare(LITERALS - 1),
            _ => {
                let power = over.ilog2() as usize;
                Self::with_low_bits(
                    END_OF_BLOCK + 1 + 4 * (power - 1) + (over >> (power - 2) & 3),
                    over,
                    power - 2,
                )
            }
        }
    }

    /// Distances: four symbols of their own, then two for each power of two.
    fn of_distance(distance: usize) -> Self {
        let over = distance - 1;
        if over < 4 {
            return Self::bare(over);
        }
        let power = over.ilog2() as usize;
        Self::with_low_bits(2 * power + (over >> (power - 1) & 1), over, power - 1)
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most thirteen bits of a number below 2^15"
    )]
    fn with_low_bits(code: usize, number: usize, bits: usize) -> Self {
        Self {
            code,
            extra: bits as u8,
            value: (number & ((1 << bits) - 1)) as u16,
        }
    }
}

/// Plain bits after each symbol of the literal and length code.
#[expect(clippy::cast_possible_truncation, reason = "at most five")]
const LENGTH_EXTRA: [u8; LITERALS] = {
    let mut extra = [0; LITERALS];
    let mut code = 265;
    while code < LITERALS - 1 {
        extra[code] = ((code - 261) / 4) as u8;
        code += 1;
    }
    extra
};

#[expect(clippy::cast_possible_truncation, reason = "at most thirteen")]
const DISTANCE_EXTRA: [u8; DISTANCES] = {
    let mut extra = [0; DISTANCES];
    let mut code = 4;
    while code < DISTANCES {
        extra[code] = (code / 2 - 1) as u8;
        code += 1;
    }
    extra
};

/// Of the code for code lengths.
const RUN_EXTRA: [u8; LENGTH_ORDER.len()] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 7];

/// The fixed code (RFC 1951, 3.2.6). It has two symbols more than may be used; they only shift codes that nobody sends.
const FIXED_LENGTHS: [u8; LITERALS] = {
    let mut lengths = [8; LITERALS];
    let mut code = 144;
    while code < 280 {
        lengths[code] = if code < 256 { 9 } else { 7 };
        code += 1;
    }
    lengths
};

/// Bits of each symbol in the fixed form, the plain ones included.
const FIXED_LITERAL_BITS: [u8; LITERALS] = {
    let mut bits = [0; LITERALS];
    let mut code = 0;
    while code < LITERALS {
        bits[code] = FIXED_LENGTHS[code] + LENGTH_EXTRA[code];
        code += 1;
    }
    bits
};

/// How often each symbol occurs.
struct Counts {
    literals: [u16; LITERALS],
    distances: [u16; DISTANCES],
}

impl Counts {
    fn new(tokens: &[Token]) -> Self {
        let mut counts = Self {
            literals: [0; LITERALS],
            distances: [0; DISTANCES],
        };
        counts.literals[END_OF_BLOCK] = 1;
        for token in tokens {
            match *token {
                Token::Literal(letter) => counts.literals[usize::from(letter)] += 1,
                Token::Repeat { length, distance } => {
                    counts.literals[Symbol::of_length(length).code] += 1;
                    counts.distances[Symbol::of_distance(distance).code] += 1;
                }
            }
        }
        counts
    }

    fn fixed_bytes(&self) -> usize {
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
    /// on.
    fn least_bytes(&self) -> usize {
        let total: u32 = self.literals.iter().map(|&times| u32::from(times)).sum();
        let (mut half_bits, mut gap, mut entropy, mut extra) = (0, 0, 0.0, 0);
        for (code, &times) in self.literals.iter().enumerate() {
            if times == 0 {
                gap += 1;
                continue;
            }
            half_bits += 1 + 2 * if gap > 10 { 8 } else { gap.min(3) };
            gap = 0;
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
        // Three counts, four lengths of the code for the lengths, and two distances: the least that is sent.
        let dynamic = 14 + 4 * 3 + 2 + half_bits / 2 + whole_bits + extra;
        self.fixed_bytes().min(block_bytes(dynamic))
    }
}

/// Bytes of a block: three bits say which form it has.
fn block_bytes(bits: usize) -> usize {
    (bits + 3).div_ceil(8)
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
        let mut out = Bits {
            bytes: Vec::with_capacity(size),
            pending: 0,
            count: 0,
        };
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
                Token::Repeat { length, distance } => {
                    out.push_symbol(Symbol::of_length(length), literals);
                    out.push_symbol(Symbol::of_distance(distance), distances);
                }
            }
        }
        out.push_symbol(Symbol::bare(END_OF_BLOCK), literals);
    }
}

static FIXED: LazyLock<(Codes, Codes)> = LazyLock::new(|| {
    let distances = std::array::from_fn(|_| 5);
    (
        Code {
            lengths: FIXED_LENGTHS,
            last: LITERALS - 1,
        }
        .codes(),
        Code {
            lengths: distances,
            last: DISTANCES - 1,
        }
        .codes(),
    )
});

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

/// Bits, lowest first, into bytes.
struct Bits {
    bytes: Vec<u8>,
    pending: u64,
    count: u8,
}

impl Bits {
    fn push(&mut self, bits: u16, count: u8) {
        self.pending |= u64::from(bits) << self.count;
        self.count += count;
        if self.count >= 32 {
            self.bytes.extend_from_slice(&self.pending.to_le_bytes()[..4]);
            self.pending >>= 32;
            self.count -= 32;
        }
    }

    fn push_number(&mut self, number: usize, count: u8) {
        self.push(u16::try_from(number).expect("invariant: five bits at most"), count);
    }

    fn push_symbol(&mut self, symbol: Symbol, codes: &Codes) {
        let (bits, count) = codes[symbol.code];
        self.push(bits, count);
        self.push(symbol.value, symbol.extra);
    }

    /// Fills the last byte with zeros.
    fn flush(&mut self) {
        let bytes = usize::from(self.count).div_ceil(8);
        self.bytes.extend_from_slice(&self.pending.to_le_bytes()[..bytes]);
        (self.pending, self.count) = (0, 0);
    }
}

/// The checksum of RFC 1950. The sums of up to 5,552 bytes fit 32 bits, so the remainders can wait that long.
fn adler32(bytes: &[u8]) -> u32 {
    const PRIME: u32 = 65_521;
    let (mut sum, mut sum_of_sums) = (1_u32, 0_u32);
    for part in bytes.chunks(5552) {
        for &byte in part {
            sum += u32::from(byte);
            sum_of_sums += sum;
        }
        sum %= PRIME;
        sum_of_sums %= PRIME;
    }
    sum_of_sums << 16 | sum
}

#[cfg(test)]
mod tests {
    use super::{LARGEST_INPUT, deflate_if_shorter};
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
        let table: [(&str, &str); 2] = [
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "789c4b4c240e000036eb0f29"),
            (&repeated, "789cab56ca56b2522a4bcc294d55aad5a91ee58df2f0f2001c9eb131"),
        ];
        for (text, hex) in table {
            let deflated = deflate_if_shorter(text.as_bytes(), 0).unwrap();
            assert_eq!(
                deflated.iter().map(|byte| format!("{byte:02x}")).collect::<String>(),
                hex
            );
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
        let mut state = 7_u64;
        let mut random = |below: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for letters in [1, 2, 3, 10, 60, 256] {
            for size in [1, 2, 3, 50, 300, 4000, LARGEST_INPUT] {
                let input: Vec<u8> = (0..size).map(|_| u8::try_from(random(letters)).unwrap()).collect();
                // Against a gain of "at most so much loss" by appending nothing: sizes are checked where it pays.
                if let Some(deflated) = deflate_if_shorter(&input, 0) {
                    assert_eq!(inflated(&deflated), input, "{letters} letters, {size} bytes");
                }
            }
        }
        assert_eq!(deflate_if_shorter(&vec![b'x'; LARGEST_INPUT + 1], 0), None);
    }
}
