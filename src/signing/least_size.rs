//! A size that a small input can't go below when zlib compresses it: spares a session of a few values, which seldom gets
//! shorter, the microseconds of trying.
//!
//! What makes it a bound: zlib writes an input of this size as one block, in one of three forms. A match copies at least
//! three bytes, so each of its bytes lies in a sequence of three that was there before; all other bytes are literals.
//! The words of a prefix code take at least the entropy of what they stand for. A byte's first occurrence is always a
//! literal, so that the bytes that have a word are known, and with them what the table of the words' lengths takes.

/// Larger inputs seldom stay as long as they are.
const LARGEST: usize = 64;

/// A lower bound of the size of `input` as a zlib stream; zero above 64 bytes.
pub fn least_size(input: &[u8]) -> usize {
    if input.len() > LARGEST {
        return 0;
    }
    let literals = Literals::of(input);
    let words = Words::of(input, &literals);
    // The block's form is three bits, its end a word of seven. A match is two words, together of 12 bits or more.
    let fixed = 3 + 7 + 8 * literals.total + 12 * literals.stretches;
    // Each match may have a word of its own for its length. One word at least is no longer than `shortest`, and the
    // place of its length is late in the order in which the code of the lengths is sent.
    let shortest = (words.total + (input.len() - literals.total) / 3).ilog2() as usize;
    let code_of_lengths = 3 * (20 - 2 * shortest.max(1));
    // Three counts, and the lengths of two distances. No word is shorter than a bit.
    let dynamic = 3 + 14 + code_of_lengths + words.length_bits + 2 + words.entropy + 2 * literals.stretches;
    let stored = 8 * (5 + input.len());
    // Two bytes come before the block and a checksum of four after it.
    6 + fixed.min(dynamic).min(stored).div_ceil(8)
}

/// The bytes that can't be part of a match, and the number of stretches between them that can. A stretch comes to one
/// match at least, or to three literals.
struct Literals {
    counts: [u8; 256],
    total: usize,
    stretches: usize,
}

impl Literals {
    fn of(input: &[u8]) -> Self {
        let (mut counts, mut total, mut stretches) = ([0; 256], 0, 0);
        // Sequences of three by their hash. Where two have the same, the second counts as a repetition.
        let mut seen = [0_u64; 64];
        let mut covered = 0;
        for (at, &byte) in input.iter().enumerate() {
            if let Some(&[_, second, third]) = input.get(at..at + 3) {
                let hash = u32::from_le_bytes([byte, second, third, 0]).wrapping_mul(0x9e37_79b1) >> 20;
                let (place, bit) = ((hash / 64) as usize, 1 << (hash % 64));
                if seen[place] & bit != 0 {
                    stretches += usize::from(at >= covered);
                    covered = at + 3;
                }
                seen[place] |= bit;
            }
            if at >= covered {
                counts[usize::from(byte)] += 1;
                total += 1;
            }
        }
        Self {
            counts,
            total,
            stretches,
        }
    }
}

/// The words of a dynamic block's code for the bytes that occur and for the end of the block.
struct Words {
    total: usize,
    /// What their lengths take at least. One that follows a gap is sent for itself; after it a repetition of three bits
    /// stands for up to six. A gap is a bit for each of up to three bytes, or eight bits from eleven bytes on.
    length_bits: usize,
    /// What all literals and the end take at least.
    entropy: usize,
}

impl Words {
    fn of(input: &[u8], literals: &Literals) -> Self {
        let mut present = [0_u64; 4];
        for &byte in input {
            present[usize::from(byte / 64)] |= 1 << (byte % 64);
        }
        let gap_half_bits = |gap: usize| match gap {
            0 => 0,
            1..=10 => 1 + 2 * gap.min(3),
            _ => 1 + 2 * 8,
        };
        let (mut total, mut half_bits, mut next) = (0, 0, 0);
        let mut entropy = times_log2(literals.total + 1);
        for (group, mut left) in present.into_iter().enumerate() {
            while left != 0 {
                let byte = group * 64 + left.trailing_zeros() as usize;
                left &= left - 1;
                half_bits += gap_half_bits(byte - next);
                next = byte + 1;
                total += 1;
                entropy -= times_log2(literals.counts[byte].into());
            }
        }
        total += 1;
        half_bits += gap_half_bits(256 - next) + total;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a positive number below 65 times 7"
        )]
        let entropy = entropy as usize;
        Self {
            total,
            length_bits: half_bits / 2,
            entropy,
        }
    }
}

/// `count` × log2(`count`).
fn times_log2(count: usize) -> f64 {
    if count < 2 {
        return 0.0;
    }
    let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    count * count.log2()
}

#[cfg(test)]
mod tests {
    use flate2::{Compress, Compression, FlushCompress, Status};

    use super::{LARGEST, least_size};

    /// Numbers that look random and are the same in every run, each below what the function is called with.
    fn numbers(mut state: u64) -> impl FnMut(usize) -> usize {
        move |below| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        }
    }

    const PIECES: &[&str] = &[
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "\":\"",
        "\",\"",
        "{\"",
        "\"}",
        "true",
        "false",
        "null",
        "_fresh",
        "_user_id",
        "_permanent",
        "visits",
        "name",
        "user",
        "csrf_token",
        "ada",
        "1",
        "31",
        "2026",
        "0.5",
        "{\" t\":[",
        "\\u00e9",
        "é",
        "a",
        "b",
        "ab",
        "aaaa",
        " ",
        "-",
        "_",
    ];

    /// Text of `size` bytes: of few letters or many, of pieces of JSON, or of one of them inside the other.
    fn text(random: &mut impl FnMut(usize) -> usize, size: usize) -> Vec<u8> {
        let (first, letters, among) = (random(256), 1 + random(256), 1 + random(12));
        let mut text = Vec::with_capacity(size + 12);
        while text.len() < size {
            if random(12) < among {
                text.extend(PIECES[random(PIECES.len())].as_bytes());
            } else {
                text.push(u8::try_from((first + random(letters)) % 256).unwrap());
            }
        }
        text.truncate(size);
        text
    }

    #[test]
    fn nothing_is_smaller() {
        let mut random = numbers(11);
        let mut zlib = Compress::new(Compression::new(6), true);
        let mut out = Vec::with_capacity(2 * LARGEST);
        let (mut kept, mut proven) = (0, 0);
        for _ in 0..40_000 {
            let size = random(LARGEST + 1);
            let input = text(&mut random, size);
            zlib.reset();
            out.clear();
            let status = zlib.compress_vec(&input, &mut out, FlushCompress::Finish);
            assert!(matches!(status, Ok(Status::StreamEnd)));
            let least = least_size(&input);
            assert!(least <= out.len(), "{input:?}: {least}, {}", out.len());
            kept += usize::from(out.len() + 1 >= input.len());
            proven += usize::from(least + 1 >= input.len());
        }
        assert!(proven * 10 > kept * 8, "{proven} of {kept}");
    }

    #[test]
    fn small_sessions_are_proven_to_stay() {
        for session in [
            r"{}",
            r#"{"visits":5}"#,
            r#"{"user_id":31,"visits":5}"#,
            r#"{"n":1,"user_name":"letian"}"#,
            r#"{"_fresh":true,"_user_id":"31"}"#,
            r#"{"name":"ada","role":"admin","n":17}"#,
        ] {
            assert!(least_size(session.as_bytes()) + 1 >= session.len(), "{session}");
        }
    }
}
