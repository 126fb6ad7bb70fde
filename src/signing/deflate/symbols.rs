//! What deflate's codes are made of: literals, lengths and distances as symbols with plain bits behind them (RFC 1951,
//! 3.2.5 and 3.2.6).

pub const END_OF_BLOCK: usize = 256;
pub const LITERALS: usize = 286;
pub const DISTANCES: usize = 30;
/// Order in which the lengths of the code-length code are sent (RFC 1951, 3.2.7).
pub const LENGTH_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// A symbol and the plain bits after it.
#[derive(Clone, Copy)]
pub struct Symbol {
    pub code: usize,
    pub extra: u8,
    pub value: u16,
}

impl Symbol {
    pub const fn bare(code: usize) -> Self {
        Self {
            code,
            extra: 0,
            value: 0,
        }
    }

    /// Lengths beyond the shortest: eight symbols of their own, then four symbols for each power of two, and one for the
    /// longest.
    pub fn of_length(longer: u8) -> Self {
        let over = usize::from(longer);
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
    pub fn of_distance(distance: u16) -> Self {
        let over = usize::from(distance) - 1;
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
    pub fn with_low_bits(code: usize, number: usize, bits: usize) -> Self {
        Self {
            code,
            extra: bits as u8,
            value: (number & ((1 << bits) - 1)) as u16,
        }
    }
}

/// Plain bits after each symbol of the literal and length code.
#[expect(clippy::cast_possible_truncation, reason = "at most five")]
pub const LENGTH_EXTRA: [u8; LITERALS] = {
    let mut extra = [0; LITERALS];
    let mut code = 265;
    while code < LITERALS - 1 {
        extra[code] = ((code - 261) / 4) as u8;
        code += 1;
    }
    extra
};

#[expect(clippy::cast_possible_truncation, reason = "at most thirteen")]
pub const DISTANCE_EXTRA: [u8; DISTANCES] = {
    let mut extra = [0; DISTANCES];
    let mut code = 4;
    while code < DISTANCES {
        extra[code] = (code / 2 - 1) as u8;
        code += 1;
    }
    extra
};

/// Of the code for code lengths.
pub const RUN_EXTRA: [u8; LENGTH_ORDER.len()] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 7];

/// The fixed code (RFC 1951, 3.2.6). It has two symbols more than may be used, whose codes come before all those of nine
/// bits.
pub const FIXED_LENGTHS: [u8; LITERALS + 2] = {
    let mut lengths = [8; LITERALS + 2];
    let mut code = 144;
    while code < 280 {
        lengths[code] = if code < 256 { 9 } else { 7 };
        code += 1;
    }
    lengths
};

/// Bits of each symbol in the fixed form, the plain ones included.
pub const FIXED_LITERAL_BITS: [u8; LITERALS] = {
    let mut bits = [0; LITERALS];
    let mut code = 0;
    while code < LITERALS {
        bits[code] = FIXED_LENGTHS[code] + LENGTH_EXTRA[code];
        code += 1;
    }
    bits
};

#[cfg(test)]
mod tests {
    use super::{DISTANCE_EXTRA, LENGTH_EXTRA, Symbol};

    /// Rows of the two tables in RFC 1951, 3.2.5.
    #[test]
    fn tables_of_the_standard() {
        let lengths = [
            (3, 257, 0),
            (10, 264, 0),
            (11, 265, 0),
            (12, 265, 1),
            (18, 268, 1),
            (19, 269, 0),
            (34, 272, 3),
            (227, 284, 0),
        ];
        for (length, code, value) in lengths.into_iter().chain([(257, 284, 30), (258, 285, 0)]) {
            let symbol = Symbol::of_length(u8::try_from(length - 3).unwrap());
            assert_eq!((symbol.code, symbol.value), (code, value), "length {length}");
            assert_eq!(symbol.extra, LENGTH_EXTRA[code]);
        }
        let distances = [
            (1, 0, 0),
            (4, 3, 0),
            (5, 4, 0),
            (6, 4, 1),
            (13, 7, 0),
            (192, 14, 63),
            (193, 15, 0),
            (24_577, 29, 0),
        ];
        for (distance, code, value) in distances.into_iter().chain([(32_768, 29, 8191)]) {
            let symbol = Symbol::of_distance(distance);
            assert_eq!((symbol.code, symbol.value), (code, value), "distance {distance}");
            assert_eq!(symbol.extra, DISTANCE_EXTRA[code]);
        }
    }
}
