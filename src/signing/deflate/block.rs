//! One final deflate block: weighs the stored, fixed and dynamic forms and writes the cheapest between zlib's header and checksum.

use super::huffman::Code;
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

/// `input` deflated, if that is at least `gain` bytes shorter. `None` as well for input beyond [`LARGEST_INPUT`].
pub fn deflate_if_shorter(input: &[u8], gain: usize) -> Option<Vec<u8>> {
    if input.len() > LARGEST_INPUT {
        return None;
    }
    let plan = Plan::new(tokens(input));
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
        Self { code, extra: 0, value: 0 }
    }

    /// Lengths: eight symbols of their own, then four symbols for each power of two, and one for the longest.
    fn of_length(length: usize) -> Self {
        let over = length - SHORTEST;
        match over {
            0..8 => Self::bare(END_OF_BLOCK + 1 + over),
            255 => Self::bare(LITERALS - 1),
            _ => {
                let power = over.ilog2() as usize;
                Self::with_low_bits(END_OF_BLOCK + 1 + 4 * (power - 1) + (over >> (power - 2) & 3), over, power - 2)
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

    #[expect(clippy::cast_possible_truncation, reason = "at most thirteen bits of a number below 2^15")]
    fn with_low_bits(code: usize, number: usize, bits: usize) -> Self {
        Self { code, extra: bits as u8, value: (number & ((1 << bits) - 1)) as u16 }
    }
}

fn length_extra(code: usize) -> u8 {
    match code {
        0..265 | 285 => 0,
        _ => u8::try_from((code - 261) / 4).expect("invariant: at most five"),
    }
}

fn distance_extra(code: usize) -> u8 {
    u8::try_from((code / 2).saturating_sub(1)).expect("invariant: at most thirteen")
}

fn run_extra(code: usize) -> u8 {
    match code {
        16 => 2,
        17 => 3,
        18 => 7,
        _ => 0,
    }
}

fn fixed_length(code: usize) -> u8 {
    match code {
        144..256 => 9,
        256..280 => 7,
        _ => 8,
    }
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
    fn new(tokens: Vec<Token>) -> Self {
        let mut literal_counts = [0_u16; LITERALS];
        let mut distance_counts = [0_u16; DISTANCES];
        literal_counts[END_OF_BLOCK] = 1;
        for token in &tokens {
            match *token {
                Token::Literal(letter) => literal_counts[usize::from(letter)] += 1,
                Token::Repeat { length, distance } => {
                    literal_counts[Symbol::of_length(length).code] += 1;
                    distance_counts[Symbol::of_distance(distance).code] += 1;
                }
            }
        }
        let literals = Code::new(&literal_counts, 15);
        let distances = Code::new(&distance_counts, 15);
        let mut runs = Vec::with_capacity(64);
        take_runs(&literals.lengths[..=literals.last], &mut runs);
        take_runs(&distances.lengths[..=distances.last], &mut runs);
        let mut run_counts = [0_u16; LENGTH_ORDER.len()];
        runs.iter().for_each(|run| run_counts[run.code] += 1);
        let run_code = Code::new(&run_counts, 7);
        let sent = LENGTH_ORDER.iter().rposition(|&code| run_code.lengths[code] > 0).unwrap_or(0).max(3) + 1;

        let dynamic = literals.cost(&literal_counts, length_extra)
            + distances.cost(&distance_counts, distance_extra)
            + run_code.cost(&run_counts, run_extra)
            + 3 * sent
            + 14;
        let fixed_literals = literal_counts.iter().enumerate();
        let fixed = fixed_literals
            .map(|(code, &times)| usize::from(times) * usize::from(fixed_length(code) + length_extra(code)))
            .chain(distance_counts.iter().enumerate().map(|(code, &times)| usize::from(times) * usize::from(5 + distance_extra(code))))
            .sum::<usize>();
        let in_bytes = |bits: usize| (bits + 3).div_ceil(8);
        Self {
            tokens,
            literals,
            distances,
            runs,
            run_code,
            run_lengths: sent,
            fixed: in_bytes(fixed),
            dynamic: in_bytes(dynamic),
        }
    }

    /// Stored text: one byte for the form, four for its length.
    fn stores(&self, input: usize) -> bool {
        input + 4 <= self.fixed.min(self.dynamic)
    }

    /// Bytes of the whole zlib stream.
    fn size(&self, input: usize) -> usize {
        let block = if self.stores(input) { input + 5 } else { self.fixed.min(self.dynamic) };
        ZLIB_HEADER.len() + block + 4
    }

    fn write(&self, input: &[u8], size: usize) -> Vec<u8> {
        let mut out = Bits { bytes: Vec::with_capacity(size), pending: 0, count: 0 };
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
            self.write_tokens(&mut out, &fixed_literals(), &fixed_distances());
        } else {
            out.push(0b101, 3);
            self.write_lengths(&mut out);
            self.write_tokens(&mut out, &self.literals, &self.distances);
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
            out.push_symbol(run, &self.run_code, &codes);
        }
    }

    fn write_tokens(&self, out: &mut Bits, literals: &Code, distances: &Code) {
        let (literal_codes, distance_codes) = (literals.codes(), distances.codes());
        for &token in &self.tokens {
            match token {
                Token::Literal(letter) => out.push_symbol(Symbol::bare(letter.into()), literals, &literal_codes),
                Token::Repeat { length, distance } => {
                    out.push_symbol(Symbol::of_length(length), literals, &literal_codes);
                    out.push_symbol(Symbol::of_distance(distance), distances, &distance_codes);
                }
            }
        }
        out.push_symbol(Symbol::bare(END_OF_BLOCK), literals, &literal_codes);
    }
}

/// The fixed code has two symbols more than may be used; they only shift codes that nobody sends.
fn fixed_literals() -> Code {
    Code { lengths: std::array::from_fn(fixed_length), last: LITERALS - 1 }
}

fn fixed_distances() -> Code {
    Code { lengths: std::array::from_fn(|_| 5), last: DISTANCES - 1 }
}

/// Appends `lengths` as symbols of the code-length code: 16 repeats the last length 3 to 6 times, 17 and 18 are 3 to 10 and 11 to 138 zeros.
fn take_runs(lengths: &[u8], runs: &mut Vec<Symbol>) {
    let repeat = |code, least: usize, count: usize| Symbol::with_low_bits(code, count - least, run_extra(code).into());
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

    fn push_symbol(&mut self, symbol: Symbol, code: &Code, codes: &[u16]) {
        self.push(codes[symbol.code], code.lengths[symbol.code]);
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
            assert_eq!(deflated.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), hex);
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
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
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
