//! URL-safe base64 without padding, read as forgivingly as Python reads it.
//!
//! Written text is canonical. Read text is what `binascii.a2b_base64` would take after `-_` became `+/` and the `=`
//! were put back: bytes outside the alphabet are skipped, surplus low bits are dropped, data ends at a complete
//! padding.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

const PLAIN: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

/// Appends `bytes` in URL-safe base64, no padding.
pub fn encode_unpadded(bytes: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + bytes.len().div_ceil(3) * 4, 0);
    let written = PLAIN
        .encode_slice(bytes, &mut out[start..])
        .expect("invariant: four letters for every three bytes is always enough");
    out.truncate(start + written);
}

/// The bytes behind `text`; `None` where Python raises.
#[must_use]
pub fn decode_lenient(text: &[u8]) -> Option<Vec<u8>> {
    PLAIN.decode(text).ok().or_else(|| decode_skipping(text))
}

/// The slow reading for text that is not canonical.
fn decode_skipping(text: &[u8]) -> Option<Vec<u8>> {
    let padding = (4 - text.len() % 4) % 4;
    let padded = text.iter().copied().chain(std::iter::repeat_n(b'=', padding));
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    // `phase` letters of the current group of four have been seen; `carry` holds their bits that are not out yet.
    let (mut phase, mut carry, mut pads) = (0_u8, 0_u8, 0_u8);
    for letter in padded {
        if letter == b'=' {
            if phase >= 2 {
                pads += 1;
                if phase + pads >= 4 {
                    return Some(out);
                }
            }
            continue;
        }
        let Some(bits) = sextet(letter) else { continue };
        pads = 0;
        match phase {
            0 => carry = bits,
            1 => {
                out.push(carry << 2 | bits >> 4);
                carry = bits & 0x0f;
            }
            2 => {
                out.push(carry << 4 | bits >> 2);
                carry = bits & 0x03;
            }
            _ => out.push(carry << 6 | bits),
        }
        phase = (phase + 1) % 4;
    }
    (phase == 0).then_some(out)
}

fn sextet(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' | b'+' => 62,
        b'_' | b'/' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{decode_lenient, encode_unpadded};

    fn encoded(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        encode_unpadded(bytes, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn writes_without_padding() {
        for (bytes, text) in [
            (&b""[..], ""),
            (b"a", "YQ"),
            (b"ab", "YWI"),
            (b"abc", "YWJj"),
            (&[0xfb, 0xff], "-_8"),
        ] {
            assert_eq!(encoded(bytes), text);
            assert_eq!(decode_lenient(text.as_bytes()).as_deref(), Some(bytes));
        }
    }

    /// Each row was produced by `itsdangerous.encoding.base64_decode`; `None` is `BadData` there.
    #[test]
    fn reads_what_python_reads() {
        let table: [(&[u8], Option<&[u8]>); 12] = [
            (b"YR", Some(b"a")),
            (b"YQ==", Some(b"a")),
            (b"Y Q", None),
            (b"Y$WJ$j", Some(b"abc")),
            (b"Y", None),
            (b"YWJjY", None),
            (b"YWJj====", Some(b"abc")),
            (b"YQ==YQ==", Some(b"a")),
            (b"=YQ", None),
            (b"+/8", Some(&[0xfb, 0xff])),
            (b"\xff\xfe", Some(b"")),
            (b"YWI\xc3\xa9", Some(b"ab")),
        ];
        for (text, bytes) in table {
            assert_eq!(decode_lenient(text).as_deref(), bytes, "{}", text.escape_ascii());
        }
    }
}
