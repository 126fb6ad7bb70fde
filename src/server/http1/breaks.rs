//! Whether a header's name or value has a byte that it may not have: one that could end its line, or hide what follows
//! from a reader.
//!
//! Headers are short: eight bytes are looked at in a few instructions, where a search with wider registers costs more to
//! begin than the whole look takes (`memchr3` takes nearly twice the time for the headers of an answer).

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Whether a value has a line break or a zero byte.
pub fn breaks_line(value: &[u8]) -> bool {
    // Carriage return, the last of them, is 13; most of those below it are as rare.
    any_word(value, |word| word.wrapping_sub(ONES * 14) & !word & HIGH != 0)
        && value.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0))
}

/// Whether a name has a line break or a colon.
pub fn breaks_name(name: &[u8]) -> bool {
    let suspicious = |word: u64| {
        let colons = word ^ (ONES * u64::from(b':'));
        (word.wrapping_sub(ONES * 14) & !word | colons.wrapping_sub(ONES) & !colons) & HIGH != 0
    };
    any_word(name, suspicious) && name.iter().any(|byte| matches!(byte, b'\r' | b'\n' | b':'))
}

/// Whether a received value has no control characters but tabs (RFC 9110 5.5).
pub fn is_field_value(value: &[u8]) -> bool {
    let suspicious = |word: u64| {
        let deletes = word ^ (ONES * 0x7F);
        (word.wrapping_sub(ONES * u64::from(b' ')) & !word | deletes.wrapping_sub(ONES) & !deletes) & HIGH != 0
    };
    !any_word(value, suspicious) || value.iter().all(|byte| matches!(byte, b'\t' | b' '..=0x7E | 0x80..))
}

/// Whether any eight bytes of a text are suspicious. The last ones are looked at again with those before them; what is
/// shorter is filled up with blanks.
fn any_word(text: &[u8], suspicious: impl Fn(u64) -> bool) -> bool {
    let Some(last) = text.last_chunk::<8>() else {
        let mut short = [b' '; 8];
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
    use super::{breaks_line, breaks_name, is_field_value};

    #[test]
    fn every_byte_at_every_place() {
        for length in 0..=20 {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = vec![b'a'; length];
                    text[at] = byte;
                    assert_eq!(breaks_line(&text), matches!(byte, b'\r' | b'\n' | 0), "{text:?}");
                    assert_eq!(breaks_name(&text), matches!(byte, b'\r' | b'\n' | b':'), "{text:?}");
                    let proper = byte == b'\t' || byte >= b' ' && byte != 0x7F;
                    assert_eq!(is_field_value(&text), proper, "{text:?}");
                }
            }
            assert!(!breaks_line(&vec![0xFF; length]));
            assert!(!breaks_name(&vec![b'\t'; length]));
            assert!(is_field_value(&vec![b'\t'; length]) && is_field_value(&vec![0xFF; length]));
        }
    }
}
