//! Bits out of bytes, lowest first.

use super::Fault;

#[derive(Clone, Copy)]
pub struct Bits<'a> {
    bytes: &'a [u8],
    /// The first byte that is not pending yet.
    at: usize,
    pending: u64,
    /// How many of the pending bits count. Some of the next byte may lie above them already.
    count: u8,
}

impl<'a> Bits<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            pending: 0,
            count: 0,
        }
    }

    /// Makes sure that 56 bits are pending, or all there are.
    #[inline]
    pub fn refill(&mut self) {
        if let Some(next) = self.bytes[self.at..].first_chunk() {
            self.pending |= u64::from_le_bytes(*next) << self.count;
            self.at += usize::from((63 - self.count) / 8);
            self.count = 56 + self.count % 8;
            return;
        }
        while self.count < 56
            && let Some(&next) = self.bytes.get(self.at)
        {
            self.pending |= u64::from(next) << self.count;
            self.at += 1;
            self.count += 8;
        }
    }

    /// The next sixteen bits, the first one lowest; zeros behind the end.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
    pub fn peek(&self) -> u16 {
        self.pending as u16
    }

    #[inline]
    pub fn skip(&mut self, count: u8) -> Result<(), Fault> {
        if count > self.count {
            return Err(Fault::NotZlib);
        }
        self.pending >>= count;
        self.count -= count;
        Ok(())
    }

    /// A number of at most thirteen bits.
    #[inline]
    pub fn take(&mut self, count: u8) -> Result<usize, Fault> {
        let number = usize::from(self.peek()) & ((1 << count) - 1);
        self.skip(count)?;
        Ok(number)
    }

    /// What is behind the byte at hand.
    pub fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at - usize::from(self.count / 8)..]
    }

    /// The content of a block that is not compressed.
    pub fn stored(&mut self) -> Result<&'a [u8], Fault> {
        let [a, b, c, d, rest @ ..] = self.rest() else {
            return Err(Fault::NotZlib);
        };
        let (length, inverted) = (u16::from_le_bytes([*a, *b]), u16::from_le_bytes([*c, *d]));
        if length != !inverted {
            return Err(Fault::NotZlib);
        }
        let (stored, rest) = rest.split_at_checked(usize::from(length)).ok_or(Fault::NotZlib)?;
        *self = Self::new(rest);
        Ok(stored)
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;

    #[test]
    fn lowest_bit_first_to_the_last() {
        for padding in [0, 20] {
            let bytes = [&[0b1010_0111, 0b0110_0001, 0xfe, 0xff][..], &vec![0; padding]].concat();
            let mut bits = Bits::new(&bytes);
            bits.refill();
            assert_eq!(bits.take(3), Ok(0b111));
            assert_eq!(bits.take(0), Ok(0));
            assert_eq!(bits.take(13), Ok(0b0_1100_0011_0100));
            assert_eq!(bits.rest(), &bytes[2..]);
            assert_eq!(bits.take(1), Ok(0));
            bits.refill();
            assert_eq!((bits.peek(), bits.rest()), (0x7fff, &bytes[3..]));
            assert_eq!(bits.skip(15), Ok(()));
            for _ in 0..padding {
                bits.refill();
                assert_eq!(bits.skip(8), Ok(()));
            }
            assert!(bits.skip(1).is_err());
        }
    }

    #[test]
    fn what_is_stored_begins_with_the_next_byte() {
        let bytes = [0b111, 3, 0, 0xfc, 0xff, b'o', b'w', b'n', 0b10];
        let mut bits = Bits::new(&bytes);
        bits.refill();
        assert_eq!(bits.take(3), Ok(7));
        assert_eq!(bits.stored(), Ok(&b"own"[..]));
        bits.refill();
        assert_eq!(bits.take(8), Ok(2));
        for broken in [&bytes[..4], &bytes[..7], &[0, 3, 0, 0xfc, 0xfe, 1, 2, 3]] {
            let mut bits = Bits::new(broken);
            bits.refill();
            assert_eq!(bits.take(1).map(drop), Ok(()));
            assert!(bits.stored().is_err(), "{broken:?}");
        }
    }
}
