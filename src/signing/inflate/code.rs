//! A Huffman code to read with, made from the lengths of its words.

use super::Fault;
use super::input::Bits;
use crate::signing::deflate::symbols::FIXED_LENGTHS;

/// Words of up to so many bits are looked up at once; longer ones are rare, and counted out.
const SHORT: usize = 9;
const LONGEST: usize = 15;

/// What a code is for, which decides what may be missing from it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Of the lengths of the other codes: nothing.
    Lengths,
    /// Of literals and lengths, or of distances: such a code may have a single word, of one bit, or none.
    Symbols,
    /// The standard's own, which has words for symbols that don't exist.
    Fixed,
}

pub struct Code {
    /// For the next bits: a symbol and the length of its word in the low four bits, or zero if it is a longer one.
    short: [u16; 1 << SHORT],
    /// How many of the next bits that takes, at most [`SHORT`], as a mask.
    mask: u16,
    /// The symbols in the order of their words.
    symbols: [u16; FIXED_LENGTHS.len()],
    /// For each length: the end of its words, filled up to sixteen bits.
    ends: [u32; LONGEST + 1],
    /// For each length: what is to be added to a word to find its symbol, modulo 2^16.
    places: [u16; LONGEST + 1],
}

impl Default for Code {
    fn default() -> Self {
        Self {
            short: [0; 1 << SHORT],
            mask: 0,
            symbols: [0; FIXED_LENGTHS.len()],
            ends: [0; LONGEST + 1],
            places: [0; LONGEST + 1],
        }
    }
}

impl Code {
    /// Becomes the code in which symbol `n` has a word of `lengths[n]` bits, none if that is zero.
    ///
    /// # Errors
    /// [`Fault::NotZlib`] if that is no code.
    pub fn set(&mut self, lengths: &[u8], kind: Kind) -> Result<(), Fault> {
        let mut counts = [0_u16; LONGEST + 1];
        for &length in lengths.iter().filter(|&&length| length > 0) {
            counts[usize::from(length)] += 1;
        }
        let mut firsts = [0_u16; LONGEST + 1];
        let (mut word, mut place) = (0_u32, 0_u16);
        for length in 1..=LONGEST {
            word <<= 1;
            let end = word + u32::from(counts[length]);
            if end > 1 << length {
                return Err(Fault::NotZlib);
            }
            firsts[length] = place;
            #[expect(clippy::cast_possible_truncation, reason = "counted modulo 2^16")]
            let first = word as u16;
            self.places[length] = place.wrapping_sub(first);
            self.ends[length] = end << (16 - length);
            place += counts[length];
            word = end;
        }
        let is_complete = word == 1 << LONGEST;
        let has_one_bit_at_most = place == counts[1];
        if !is_complete && (kind == Kind::Lengths || kind == Kind::Symbols && !has_one_bit_at_most) {
            return Err(Fault::NotZlib);
        }
        let mut next = firsts;
        for (symbol, &length) in (0..).zip(lengths) {
            if length > 0 {
                let place = &mut next[usize::from(length)];
                self.symbols[usize::from(*place)] = symbol;
                *place += 1;
            }
        }
        let longest = counts.iter().rposition(|&count| count > 0).unwrap_or(0);
        self.fill_short(longest.min(SHORT), &firsts, &counts);
        Ok(())
    }

    /// Doubles the table for each bit: a shorter word means the same whatever is behind it.
    fn fill_short(&mut self, bits: usize, firsts: &[u16], counts: &[u16]) {
        self.short[0] = 0;
        self.mask = (1 << bits) - 1;
        for length in 1..=bits {
            let half = 1 << (length - 1);
            self.short.copy_within(..half, half);
            for place in firsts[length]..firsts[length] + counts[length] {
                let word = place.wrapping_sub(self.places[length]);
                let bits = word.reverse_bits() >> (16 - length);
                self.short[usize::from(bits)] = entry(self.symbols[usize::from(place)], length);
            }
        }
    }

    /// The next symbol.
    ///
    /// # Errors
    /// [`Fault::NotZlib`] for bits that are no word, and at the end.
    #[inline]
    pub fn next(&self, input: &mut Bits<'_>) -> Result<usize, Fault> {
        let next = input.peek();
        let mut known = self.short[usize::from(next & self.mask) % (1 << SHORT)];
        if known == 0 {
            known = self.long(next).ok_or(Fault::NotZlib)?;
        }
        input.skip((known & 15) as u8)?;
        Ok(usize::from(known >> 4))
    }

    /// The symbol of a word that is not in the table, and its length, as there.
    #[cold]
    fn long(&self, next: u16) -> Option<u16> {
        let bits = next.reverse_bits();
        let length = (SHORT + 1..=LONGEST).find(|&length| u32::from(bits) < self.ends[length])?;
        let place = (bits >> (16 - length)).wrapping_add(self.places[length]);
        Some(entry(self.symbols[usize::from(place)], length))
    }
}

/// A symbol and the length of its word in one number.
#[expect(clippy::cast_possible_truncation, reason = "a length is at most fifteen")]
fn entry(symbol: u16, length: usize) -> u16 {
    symbol << 4 | length as u16
}

#[cfg(test)]
mod tests {
    use super::{Bits, Code, Fault, Kind};

    fn code(lengths: &[u8], kind: Kind) -> Result<Code, Fault> {
        let mut code = Code::default();
        // Nothing of the one before is left.
        code.set(&[2, 2, 2, 2], Kind::Symbols).unwrap();
        code.set(lengths, kind).map(|()| code)
    }

    /// The example of RFC 1951, 3.2.2.
    #[test]
    fn example_of_the_standard() {
        let code = code(&[3, 3, 3, 3, 3, 2, 4, 4], Kind::Lengths).unwrap();
        let words = ["010", "011", "100", "101", "110", "00", "1110", "1111"];
        for (symbol, word) in words.iter().enumerate() {
            let byte = [word.bytes().rev().fold(0, |byte, bit| byte << 1 | bit & 1)];
            let mut bits = Bits::new(&byte);
            bits.refill();
            assert_eq!(code.next(&mut bits), Ok(symbol));
            assert!(bits.skip(9 - u8::try_from(word.len()).unwrap()).is_err());
        }
    }

    #[test]
    fn long_words_are_found_too() {
        // One word of each length up to 14, and two of 15.
        let lengths: Vec<u8> = (1..=15).chain([15]).collect();
        let code = code(&lengths, Kind::Lengths).unwrap();
        for (symbol, &length) in lengths.iter().enumerate() {
            let ones = if symbol == 15 { 15 } else { u32::from(length) - 1 };
            let bytes = ((1_u32 << ones) - 1).to_le_bytes();
            let mut bits = Bits::new(&bytes);
            bits.refill();
            assert_eq!(code.next(&mut bits), Ok(symbol));
            assert!(bits.skip(32 - length).is_ok() && bits.skip(1).is_err());
        }
    }

    #[test]
    fn what_may_be_missing() {
        let table: [(&[u8], [bool; 3]); 6] = [
            (&[1, 1], [true, true, true]),
            (&[1, 2, 2], [true, true, true]),
            (&[1, 1, 1], [false, false, false]),
            (&[1], [false, true, true]),
            (&[0, 0], [false, true, true]),
            (&[2, 2, 2], [false, false, true]),
        ];
        for (lengths, expected) in table {
            let possible = [Kind::Lengths, Kind::Symbols, Kind::Fixed].map(|kind| code(lengths, kind).is_ok());
            assert_eq!(possible, expected, "{lengths:?}");
        }
        let one = code(&[0, 1], Kind::Symbols).unwrap();
        let mut bits = Bits::new(&[0b10]);
        bits.refill();
        assert_eq!(one.next(&mut bits), Ok(1));
        assert!(one.next(&mut bits).is_err());
    }
}
