//! Inflate (RFC 1951, in the wrapper of RFC 1950) for payloads of cookie size.
//!
//! A library's tables are made for streams: building them takes two thirds of the time that a session of a few hundred
//! bytes needs, and that is spent on every request of everybody who is logged in. What is refused here is refused by
//! zlib too.
//!
//! `input` gives bits, `code` turns them into symbols, `output` grows, up to a limit.

mod code;
mod input;
mod output;

use std::sync::LazyLock;

use self::code::{Code, Kind};
use self::input::Bits;
use self::output::Output;
use super::deflate::adler32;
use super::deflate::symbols::{
    DISTANCE_EXTRA, DISTANCES, END_OF_BLOCK, FIXED_LENGTHS, LENGTH_EXTRA, LENGTH_ORDER, LITERALS,
};

/// The shortest match of each length symbol, and the shortest distance of each distance symbol.
const LENGTH_BASE: [u16; LITERALS - END_OF_BLOCK - 1] = {
    let mut base = [0; LITERALS - END_OF_BLOCK - 1];
    let (mut symbol, mut length) = (0, 3);
    while symbol < base.len() {
        base[symbol] = length;
        length += 1 << LENGTH_EXTRA[END_OF_BLOCK + 1 + symbol];
        symbol += 1;
    }
    // The longest match has a symbol of its own, though the one before could say it too.
    base[symbol - 1] = 258;
    base
};
const DISTANCE_BASE: [u16; DISTANCES] = {
    let mut base = [1; DISTANCES];
    let mut symbol = 1;
    while symbol < DISTANCES {
        base[symbol] = base[symbol - 1] + (1 << DISTANCE_EXTRA[symbol - 1]);
        symbol += 1;
    }
    base
};

/// The codes of a block.
#[derive(Default)]
struct Codes {
    literals: Code,
    distances: Code,
}

/// Those of blocks that bring none.
static FIXED: LazyLock<Codes> = LazyLock::new(|| {
    let mut codes = Codes::default();
    let literals = codes.literals.set(&FIXED_LENGTHS, Kind::Fixed);
    let both = literals.and_then(|()| codes.distances.set(&[5; DISTANCES], Kind::Fixed));
    both.expect("invariant: the codes of the standard");
    codes
});

/// Why there is no content.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    NotZlib,
    TooLarge,
}

/// The content of `bytes`, which are zlib's; what follows the end does not matter.
///
/// # Errors
/// [`Fault::TooLarge`] beyond `limit` bytes, else [`Fault::NotZlib`].
pub fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Fault> {
    let mut input = Bits::new(after_header(bytes)?);
    let mut output = Output::new(bytes.len() * 4, limit);
    let mut codes = Codes::default();
    loop {
        input.refill();
        let (last, form) = (input.take(1)?, input.take(2)?);
        match form {
            0 => output.extend(input.stored()?)?,
            1 => FIXED.read(&mut input, &mut output)?,
            2 => {
                codes.receive(&mut input)?;
                codes.read(&mut input, &mut output)?;
            }
            _ => return Err(Fault::NotZlib),
        }
        if last == 1 {
            break;
        }
    }
    let bytes = output.finish()?;
    match input.rest().first_chunk() {
        Some(&checksum) if u32::from_be_bytes(checksum) == adler32(&bytes) => Ok(bytes),
        _ => Err(Fault::NotZlib),
    }
}

/// What follows a header that says: deflate, a window of at most 32 KiB, no dictionary.
fn after_header(bytes: &[u8]) -> Result<&[u8], Fault> {
    match bytes {
        [method, flags, rest @ ..]
            if method & 0x0f == 8
                && method >> 4 <= 7
                && flags & 0x20 == 0
                && u16::from_be_bytes([*method, *flags]).is_multiple_of(31) =>
        {
            Ok(rest)
        }
        _ => Err(Fault::NotZlib),
    }
}

impl Codes {
    /// Become those that a block begins with.
    fn receive(&mut self, input: &mut Bits<'_>) -> Result<(), Fault> {
        let literals = input.take(5)? + 257;
        let distances = input.take(5)? + 1;
        let sent = input.take(4)? + 4;
        if literals > LITERALS || distances > DISTANCES {
            return Err(Fault::NotZlib);
        }
        let mut order = [0; LENGTH_ORDER.len()];
        for &symbol in &LENGTH_ORDER[..sent] {
            input.refill();
            order[symbol] = u8::try_from(input.take(3)?).expect("invariant: three bits");
        }
        // For a moment, since the code of the lengths has nothing to do with literals.
        let code = &mut self.literals;
        code.set(&order, Kind::Lengths)?;
        let mut lengths = [0; LITERALS + DISTANCES];
        let lengths = &mut lengths[..literals + distances];
        let mut known = 0;
        while known < lengths.len() {
            input.refill();
            let symbol = code.next(input)?;
            let (length, times) = match symbol {
                #[expect(clippy::cast_possible_truncation, reason = "below 16")]
                0..16 => (symbol as u8, 1),
                16 if known > 0 => (lengths[known - 1], 3 + input.take(2)?),
                17 => (0, 3 + input.take(3)?),
                18 => (0, 11 + input.take(7)?),
                _ => return Err(Fault::NotZlib),
            };
            let run = lengths.get_mut(known..known + times).ok_or(Fault::NotZlib)?;
            run.fill(length);
            known += times;
        }
        if lengths[END_OF_BLOCK] == 0 {
            return Err(Fault::NotZlib);
        }
        let (literals, distances) = lengths.split_at(literals);
        self.literals.set(literals, Kind::Symbols)?;
        self.distances.set(distances, Kind::Symbols)
    }

    /// Read what follows in a block.
    fn read(&self, input: &mut Bits<'_>, output: &mut Output) -> Result<(), Fault> {
        // A copy stays in registers.
        let mut bits = *input;
        loop {
            output.make_room()?;
            // Enough for both symbols of a match and what is behind them: 48 bits at most.
            bits.refill();
            let symbol = self.literals.next(&mut bits)?;
            if let Ok(literal) = u8::try_from(symbol) {
                output.push(literal);
                continue;
            }
            if symbol == END_OF_BLOCK {
                *input = bits;
                return Ok(());
            }
            let base = LENGTH_BASE.get(symbol - END_OF_BLOCK - 1);
            let base = usize::from(*base.ok_or(Fault::NotZlib)?);
            let length = base + bits.take(LENGTH_EXTRA[symbol])?;
            let symbol = self.distances.next(&mut bits)?;
            let base = usize::from(*DISTANCE_BASE.get(symbol).ok_or(Fault::NotZlib)?);
            output.repeat(base + bits.take(DISTANCE_EXTRA[symbol])?, length)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::ZlibEncoder;
    use flate2::{Compression, FlushCompress};

    use super::{DISTANCE_BASE, Fault, LENGTH_BASE, inflate};
    use crate::signing::noise::noise;

    const LIMIT: usize = 1 << 20;

    fn deflated(input: &[u8], level: u32) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(level));
        encoder.write_all(input).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn tables_of_the_standard() {
        assert_eq!((LENGTH_BASE[0], LENGTH_BASE[8], LENGTH_BASE[27]), (3, 11, 227));
        assert_eq!(LENGTH_BASE[28], 258);
        assert_eq!((DISTANCE_BASE[0], DISTANCE_BASE[4], DISTANCE_BASE[29]), (1, 5, 24_577));
    }

    #[test]
    fn reads_what_a_library_writes() {
        let mut random = noise(3);
        for letters in [1, 2, 3, 10, 60, 256] {
            for size in [0, 1, 2, 3, 50, 300, 4000, 40_000, 100_000] {
                let input: Vec<u8> = (0..size).map(|_| u8::try_from(random(letters)).unwrap()).collect();
                for level in [0, 1, 6, 9] {
                    let written = deflated(&input, level);
                    let read = inflate(&written, LIMIT);
                    assert_eq!(
                        read,
                        Ok(input.clone()),
                        "{letters} letters, {size} bytes, level {level}"
                    );
                    assert_eq!(inflate(&[&written[..], b"more"].concat(), LIMIT), read);
                }
            }
        }
    }

    /// Skewed enough for words of more than nine bits, in several blocks.
    #[test]
    fn reads_rare_letters_and_several_blocks() {
        let mut random = noise(5);
        let mut encoder = flate2::Compress::new(Compression::new(6), true);
        let (mut written, mut input) = (Vec::with_capacity(1 << 20), Vec::new());
        for last in [false, false, true] {
            let part: Vec<u8> = (0..30_000)
                .map(|_| u8::try_from(random(1 << 31).leading_zeros() * 3 + 1).unwrap())
                .collect();
            let flush = if last {
                FlushCompress::Finish
            } else {
                FlushCompress::Full
            };
            encoder.compress_vec(&part, &mut written, flush).unwrap();
            input.extend(part);
        }
        assert_eq!(inflate(&written, LIMIT), Ok(input));
    }

    #[test]
    fn refuses_what_is_cut_off_or_changed() {
        let mut random = noise(7);
        let input =
            br#"{"_fresh":true,"_id":"7ad9c1b6de0f3b82","basket":["book 1","book 22","book 333"],"reader":"ada"}"#;
        for level in [0, 1, 6] {
            let written = deflated(input, level);
            for end in 0..written.len() {
                assert_eq!(inflate(&written[..end], LIMIT), Err(Fault::NotZlib));
            }
            for _ in 0..5000 {
                let mut changed = written.clone();
                let place = usize::try_from(random(changed.len() as u64)).unwrap();
                changed[place] ^= 1 << random(8);
                // A bit of the level, which nobody needs, and padding may differ.
                if let Ok(read) = inflate(&changed, LIMIT) {
                    assert_eq!(read, input);
                }
            }
        }
    }

    #[test]
    fn refuses_other_formats() {
        let good = deflated(b"content", 6);
        assert!(inflate(&good, LIMIT).is_ok());
        // No deflate; a window of 64 KiB; a dictionary; a header whose checksum is wrong; a block of the fourth form.
        for header in [[0x79, 0x9c], [0x88, 0x1c], [0x78, 0x3f], [0x78, 0x9d]] {
            assert!(inflate(&[&header, &good[2..]].concat(), LIMIT).is_err(), "{header:?}");
        }
        assert!(inflate(&[0x78, 0x9c, 0b111, 0, 0, 0, 1], LIMIT).is_err());
        // 287 literals; 31 distances; a length that repeats what is not there; no end of the block.
        for block in [0b1_1111_u64 << 3, 0b1_1111 << 8, 0b1100 << 13 | 0b001 << 17] {
            let block = (block | 0b101).to_le_bytes();
            assert!(inflate(&[&[0x78, 0x9c][..], &block, &[0; 40]].concat(), LIMIT).is_err());
        }
    }
}
