//! Bits into bytes, and the checksum at the end.

use super::huffman::Codes;
use super::symbols::Symbol;

/// Bits, lowest first, into bytes.
pub struct Bits {
    pub bytes: Vec<u8>,
    pending: u64,
    count: u8,
}

impl Bits {
    /// After `bytes`.
    pub fn after(bytes: Vec<u8>) -> Self {
        Self {
            bytes,
            pending: 0,
            count: 0,
        }
    }

    /// At most 32 bits.
    pub fn push(&mut self, bits: u32, count: u8) {
        self.pending |= u64::from(bits) << self.count;
        self.count += count;
        if self.count >= 32 {
            self.bytes.extend_from_slice(&self.pending.to_le_bytes()[..4]);
            self.pending >>= 32;
            self.count -= 32;
        }
    }

    pub fn push_number(&mut self, number: usize, count: u8) {
        self.push(u32::try_from(number).expect("invariant: five bits at most"), count);
    }

    pub fn push_symbol(&mut self, symbol: Symbol, codes: &Codes) {
        let (bits, count) = codes[symbol.code];
        // Together at most 15 and 13 bits.
        self.push(u32::from(bits) | u32::from(symbol.value) << count, count + symbol.extra);
    }

    /// Fills the last byte with zeros.
    pub fn flush(&mut self) {
        let bytes = usize::from(self.count).div_ceil(8);
        self.bytes.extend_from_slice(&self.pending.to_le_bytes()[..bytes]);
        (self.pending, self.count) = (0, 0);
    }
}

/// The checksum of RFC 1950. The sums of up to 5,552 bytes fit 32 bits, so the remainders can wait that long.
pub fn adler32(bytes: &[u8]) -> u32 {
    const PRIME: u32 = 65_521;
    /// So many sums are kept side by side, for the compiler to do it in vectors.
    const LANES: usize = 16;
    const ROW: u32 = 16;
    let (mut sum, mut sum_of_sums) = (1_u32, 0_u32);
    for part in bytes.chunks(5552) {
        let (rows, rest) = part.as_chunks::<LANES>();
        let (mut sums, mut sums_of_sums) = ([0_u32; LANES], [0_u32; LANES]);
        for row in rows {
            for lane in 0..LANES {
                sums_of_sums[lane] += sums[lane];
                sums[lane] += u32::from(row[lane]);
            }
        }
        sum_of_sums += u32::try_from(part.len() - rest.len()).expect("invariant: a part is short") * sum;
        for (times, lane) in (1..=ROW).rev().zip(0..LANES) {
            sum_of_sums += ROW * sums_of_sums[lane] + times * sums[lane];
            sum += sums[lane];
        }
        for &byte in rest {
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
    use super::{Bits, adler32};

    #[test]
    fn lowest_bit_first() {
        let mut out = Bits::after(vec![7]);
        out.push(0b1, 1);
        out.push(0b10, 2);
        out.push(0x7fff, 15);
        out.push(0, 15);
        out.push(0b1, 1);
        out.flush();
        assert_eq!(out.bytes, [7, 0xfd, 0xff, 0x03, 0, 0b10]);
    }

    #[test]
    fn checksum() {
        assert_eq!(adler32(b""), 1);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
        assert_eq!(adler32(&vec![0xff; 100_000]), 0x149a_302c);
    }
}
