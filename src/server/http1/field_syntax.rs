//! The syntax of a header field, of requests, trailers and responses alike (RFC 9110 5): names are tokens, values have no
//! control characters, so that nothing can end its line early, or hide what follows from a reader.
//!
//! Headers are short: eight bytes are looked at in a few instructions, where a search with wider registers costs more to
//! begin than the whole look takes (`memchr3` takes nearly twice the time for the headers of an answer).

use super::fault::Fault;
use crate::http::token::token;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;
/// Longer names are refused, however large a head may be.
const LONGEST_NAME: usize = 0xFFFF;

/// A field line in its parts: where the name ends, where the value begins and ends without the blanks round it.
pub struct FieldLine {
    pub colon: usize,
    pub value: (usize, usize),
    /// The name has an underscore.
    pub is_underscored: bool,
}

impl FieldLine {
    /// Takes a received line apart; it is not empty.
    ///
    /// # Errors
    /// What RFC 9112 5 does not allow, folding and a blank before the colon among it.
    pub fn parse(line: &[u8]) -> Result<Self, Fault> {
        if matches!(line[0], b' ' | b'\t') {
            return Err(Fault::FoldedHeader);
        }
        let (colon, is_underscored) = token(line);
        if line.get(colon) != Some(&b':') || !(1..=LONGEST_NAME).contains(&colon) {
            return Err(Fault::HeaderName);
        }
        let value = trimmed(line, colon + 1);
        if !is_field_value(&line[value.0..value.1]) {
            return Err(Fault::HeaderValue);
        }
        Ok(Self {
            colon,
            value,
            is_underscored,
        })
    }
}

/// Where `line[from..]` begins and ends without the white space round it.
fn trimmed(line: &[u8], from: usize) -> (usize, usize) {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let lead = line[from..].iter().take_while(|byte| blank(byte)).count();
    let start = from + lead;
    let tail = line[start..].iter().rev().take_while(|byte| blank(byte)).count();
    (start, line.len() - tail)
}

/// Whether a name is a token.
pub fn is_field_name(name: &[u8]) -> bool {
    // Most names are made of letters and hyphens.
    let suspicious = |word: u64| {
        let folded = (word | (ONES * 0x20)) & !HIGH;
        let letters = (folded + ONES * (0x80 - 0x61)) & !(folded + ONES * (0x80 - 0x7B));
        let hyphens = (word ^ (ONES * u64::from(b'-'))) & !HIGH;
        let others = (hyphens + ONES * 0x7F) & !letters | word;
        others & HIGH != 0
    };
    !name.is_empty() && (!any_word(name, suspicious) || token(name).0 == name.len())
}

/// Whether a value has no control characters but tabs (RFC 9110 5.5).
pub fn is_field_value(value: &[u8]) -> bool {
    let suspicious = |word: u64| {
        let deletes = word ^ (ONES * 0x7F);
        (word.wrapping_sub(ONES * u64::from(b' ')) & !word | deletes.wrapping_sub(ONES) & !deletes) & HIGH != 0
    };
    !any_word(value, suspicious) || value.iter().all(|byte| matches!(byte, b'\t' | b' '..=0x7E | 0x80..))
}

/// A length as RFC 9110 8.6 has it: digits alone, and not more than a `u64` can have.
pub fn parse_length(value: &[u8]) -> Option<u64> {
    if value.is_empty() || value.len() > 18 || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(value.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0')))
}

/// Whether any eight bytes of a text are suspicious. The last ones are looked at again with those before them; what is
/// shorter is filled up with letters.
fn any_word(text: &[u8], suspicious: impl Fn(u64) -> bool) -> bool {
    let Some(last) = text.last_chunk::<8>() else {
        let mut short = [b'a'; 8];
        short[..text.len()].copy_from_slice(text);
        return suspicious(u64::from_ne_bytes(short));
    };
    let (words, _) = text.as_chunks::<8>();
    words
        .iter()
        .chain([last])
        .any(|word| suspicious(u64::from_ne_bytes(*word)))
}

#[cfg(test)]
mod tests {
    use super::{is_field_name, is_field_value, parse_length};

    #[test]
    fn every_byte_at_every_place() {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        for length in 0..=20 {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = vec![b'a'; length];
                    text[at] = byte;
                    assert_eq!(is_field_name(&text), is_token(byte), "{text:?}");
                    let proper = byte == b'\t' || byte >= b' ' && byte != 0x7F;
                    assert_eq!(is_field_value(&text), proper, "{text:?}");
                }
            }
            assert!(!is_field_name(&vec![b'\t'; length]));
            assert!(is_field_value(&vec![b'\t'; length]) && is_field_value(&vec![0xFF; length]));
        }
    }

    #[test]
    fn every_byte_beside_every_byte() {
        let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        for left in 0..=u8::MAX {
            for right in 0..=u8::MAX {
                let name = [b'X', left, right, b'X', b'-', b'a', b'b', b'c'];
                assert_eq!(is_field_name(&name), is_token(left) && is_token(right), "{name:?}");
            }
        }
    }

    #[test]
    fn a_length_is_digits_alone() {
        for (text, length) in [
            ("0", Some(0)),
            ("007", Some(7)),
            ("999999999999999999", Some(999_999_999_999_999_999)),
        ] {
            assert_eq!(parse_length(text.as_bytes()), length);
        }
        for text in [
            "",
            "+1",
            "-1",
            " 1",
            "1 ",
            "1,1",
            "0x1",
            "1_0",
            "\u{663}",
            "9999999999999999999",
        ] {
            assert_eq!(parse_length(text.as_bytes()), None, "{text}");
        }
    }
}
