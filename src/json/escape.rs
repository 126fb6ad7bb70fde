//! A string as JSON text, in the two forms of `json.dumps`: `ensure_ascii=True` and `ensure_ascii=False`.
//!
//! Most strings need no escape at all, so the work is to find out quickly; escapes are written one by one in a cold
//! path.

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Appends `text` with its quotes; everything outside printable ASCII becomes `\uXXXX`.
#[expect(clippy::needless_bitwise_bool, reason = "as in `needs_escape`")]
pub fn write_ascii(text: &str, out: &mut Vec<u8>) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    let mut rest = text;
    while let Some(at) = first_special(rest.as_bytes(), |byte| needs_escape(byte) | (byte >= 0x7f)) {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        let special = rest[at..]
            .chars()
            .next()
            .expect("invariant: a special byte starts a character");
        match u8::try_from(special) {
            Ok(byte) if byte < 0x7f => write_short(byte, out),
            _ => {
                let mut units = [0; 2];
                for &unit in special.encode_utf16(&mut units).iter() {
                    write_unit(unit, out);
                }
            }
        }
        rest = &rest[at + special.len_utf8()..];
    }
    out.extend_from_slice(rest.as_bytes());
    out.push(b'"');
}

/// Appends `text` with its quotes; only quotes, backslashes and control characters are escaped.
pub fn write_unicode(text: &str, out: &mut Vec<u8>) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = first_special(rest, needs_escape) {
        out.extend_from_slice(&rest[..at]);
        write_short(rest[at], out);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

#[expect(clippy::needless_bitwise_bool, reason = "a vector of bytes has no branches")]
fn needs_escape(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

/// Blocks are tested as a whole, without leaving early, so that the compiler can do it in a few vector instructions. What
/// is left of the text is a block as well, when some bytes before it are looked at again.
fn first_special(bytes: &[u8], special: impl Fn(u8) -> bool) -> Option<usize> {
    let (blocks, rest) = bytes.as_chunks::<16>();
    let plain = blocks.iter().take_while(|&block| !any(block, &special)).count();
    if plain == blocks.len()
        && bytes.last_chunk::<8>().is_some_and(|last| !any(last, &special))
        && rest.first_chunk::<8>().is_none_or(|first| !any(first, &special))
    {
        return None;
    }
    let start = 16 * plain;
    let within = bytes[start..].iter().position(|&byte| special(byte))?;
    Some(start + within)
}

fn any<const N: usize>(block: &[u8; N], special: impl Fn(u8) -> bool) -> bool {
    block.iter().fold(0_u8, |found, &byte| found | u8::from(special(byte))) != 0
}

/// An escape of an ASCII byte: two characters where JSON has them, else `\u00XX`.
#[cold]
fn write_short(byte: u8, out: &mut Vec<u8>) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        _ => return write_unit(u16::from(byte), out),
    };
    out.extend_from_slice(&[b'\\', letter]);
}

fn write_unit(unit: u16, out: &mut Vec<u8>) {
    let digit = |shift: u16| HEX[usize::from(unit >> shift & 0xf)];
    out.extend_from_slice(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
}

#[cfg(test)]
mod tests {
    use super::{write_ascii, write_unicode};

    fn written(write: fn(&str, &mut Vec<u8>), text: &str) -> String {
        let mut out = Vec::new();
        write(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// Rows: text, `json.dumps(text)`, `json.dumps(text, ensure_ascii=False)`.
    #[test]
    fn as_python_writes_them() {
        let table = [
            ("", r#""""#, r#""""#),
            ("plain", r#""plain""#, r#""plain""#),
            ("a\"b\\c/d", r#""a\"b\\c/d""#, r#""a\"b\\c/d""#),
            (
                "\u{8}\u{c}\n\r\t\u{0}\u{1f}",
                r#""\b\f\n\r\t\u0000\u001f""#,
                r#""\b\f\n\r\t\u0000\u001f""#,
            ),
            ("\u{7f}\u{80}", r#""\u007f\u0080""#, "\"\u{7f}\u{80}\""),
            ("é你\u{2028}", r#""\u00e9\u4f60\u2028""#, "\"é你\u{2028}\""),
            ("😀!", r#""\ud83d\ude00!""#, "\"😀!\""),
        ];
        for (text, ascii, unicode) in table {
            assert_eq!(written(write_ascii, text), ascii);
            assert_eq!(written(write_unicode, text), unicode);
        }
    }

    #[test]
    fn finds_specials_at_every_distance() {
        for before in 0..50 {
            for after in [0, 1, 15, 16, 17] {
                let (left, right) = ("x".repeat(before), "y".repeat(after));
                assert_eq!(
                    written(write_ascii, &format!("{left}\n{right}")),
                    format!("\"{left}\\n{right}\"")
                );
                assert_eq!(
                    written(write_unicode, &format!("{left}é\"{right}")),
                    format!("\"{left}é\\\"{right}\"")
                );
            }
        }
    }
}
