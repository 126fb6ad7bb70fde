//! Percent-encoding: `%41` to `A` and back, with the replacement rules of `urllib.parse`.
//!
//! Escapes are decoded per run of ASCII text, so `%C3é` is an incomplete sequence before a letter, never a longer one.
//! Knows nothing of what the text is part of.

use std::borrow::Cow;

use super::charset::Charset;

/// What becomes of bytes that are not text once the escapes are undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecodable {
    /// UTF-8; a byte that means nothing keeps its escape, in capitals (`%E9`).
    KeepEscaped,
    /// The named charset; what means nothing becomes U+FFFD.
    Replace(Charset),
}

/// Undoes the escapes in `text`. A `%` without two hexadecimal digits stays as it is.
#[must_use]
pub fn unquote(text: &str, rule: Undecodable) -> Cow<'_, str> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(decode_runs(text, rule, false))
}

/// The bytes that `text` stands for once its escapes are undone, whether they are text or not.
#[must_use]
pub fn unquote_to_bytes(text: &str) -> Cow<'_, [u8]> {
    let bytes = text.as_bytes();
    if memchr::memchr(b'%', bytes).is_none() {
        return Cow::Borrowed(bytes);
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escape = (byte == b'%').then(|| escaped_byte(&bytes[at + 1..])).flatten();
        out.push(escape.unwrap_or(byte));
        at += if escape.is_some() { 3 } else { 1 };
    }
    Cow::Owned(out)
}

/// [`unquote`] for forms and queries: a `+` that was not escaped is a space.
#[must_use]
pub fn unquote_plus(text: &str, rule: Undecodable) -> Cow<'_, str> {
    match memchr::memchr2(b'%', b'+', text.as_bytes()) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(decode_runs(text, rule, true)),
    }
}

fn decode_runs(text: &str, rule: Undecodable, plus_is_space: bool) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut run = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if !byte.is_ascii() {
            flush(&mut run, rule, &mut out);
            let end = bytes[at..]
                .iter()
                .position(u8::is_ascii)
                .map_or(bytes.len(), |width| at + width);
            out.push_str(&text[at..end]);
            at = end;
            continue;
        }
        let escape = (byte == b'%').then(|| escaped_byte(&bytes[at + 1..])).flatten();
        let (value, width) = match escape {
            Some(value) => (value, 3),
            None if plus_is_space && byte == b'+' => (b' ', 1),
            None => (byte, 1),
        };
        run.push(value);
        at += width;
    }
    flush(&mut run, rule, &mut out);
    out
}

fn flush(run: &mut Vec<u8>, rule: Undecodable, out: &mut String) {
    match rule {
        Undecodable::Replace(charset) => charset.decode_into(run, out),
        Undecodable::KeepEscaped => {
            for piece in run.utf8_chunks() {
                out.push_str(piece.valid());
                for &byte in piece.invalid() {
                    push_escape(byte, out);
                }
            }
        }
    }
    run.clear();
}

fn escaped_byte(after_percent: &[u8]) -> Option<u8> {
    let digit = |at: usize| after_percent.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let value = digit(0)? * 16 + digit(1)?;
    u8::try_from(value).ok()
}

#[inline]
fn push_escape(byte: u8, out: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(char::from(DIGITS[usize::from(byte >> 4)]));
    out.push(char::from(DIGITS[usize::from(byte & 15)]));
}

/// The characters that stay as they are when a text is escaped.
#[derive(Debug, Clone)]
pub struct SafeSet([bool; 256]);

impl SafeSet {
    /// In a path of a URL that is built. <https://url.spec.whatwg.org/#url-path-segment-string>
    pub const URL_PATH: Self = Self::with(b"!$&'()*+,/:;=@");
    /// In a name or value of a query that is built. <https://url.spec.whatwg.org/#percent-encoded-bytes>
    pub const URL_QUERY: Self = Self::with(b"!$'()*,/:;?@");

    /// ASCII letters, digits, `_.-~`, and the ASCII characters in `extra`.
    #[must_use]
    pub const fn with(extra: &[u8]) -> Self {
        let mut table = [false; 256];
        let mut byte = 0u8;
        while byte < 128 {
            table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'~');
            byte += 1;
        }
        let mut at = 0;
        while at < extra.len() {
            table[extra[at] as usize] = true;
            at += 1;
        }
        Self(table)
    }

    /// Whether `byte` needs no escape.
    #[must_use]
    #[inline]
    pub fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte)]
    }
}

/// Escapes every byte of `text` that is not in `safe`.
#[must_use]
pub fn quote<'a>(text: &'a str, safe: &SafeSet) -> Cow<'a, str> {
    if is_plain(text, safe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    text.bytes().for_each(|byte| push_byte(byte, safe, &mut out));
    Cow::Owned(out)
}

/// [`quote`], appended to `out`.
pub fn quote_into(text: &str, safe: &SafeSet, out: &mut String) {
    if is_plain(text, safe) {
        out.push_str(text);
    } else {
        text.bytes().for_each(|byte| push_byte(byte, safe, out));
    }
}

/// [`quote_into`] for forms and queries: a space becomes `+`. The bytes need not be text.
pub fn quote_plus_into(bytes: &[u8], safe: &SafeSet, out: &mut String) {
    for &byte in bytes {
        match byte {
            b' ' => out.push('+'),
            _ => push_byte(byte, safe, out),
        }
    }
}

fn is_plain(text: &str, safe: &SafeSet) -> bool {
    text.bytes().all(|byte| safe.contains(byte))
}

#[inline]
fn push_byte(byte: u8, safe: &SafeSet, out: &mut String) {
    if safe.contains(byte) {
        out.push(char::from(byte));
    } else {
        push_escape(byte, out);
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Charset, SafeSet, Undecodable, quote, quote_into, quote_plus_into, unquote, unquote_plus, unquote_to_bytes,
    };

    #[test]
    fn bytes_that_are_no_text() {
        for (text, bytes) in [
            ("/a", &b"/a"[..]),
            ("/%ff%FE%41", b"/\xff\xfeA"),
            ("/%", b"/%"),
            ("/%4", b"/%4"),
            ("/%zz%2f", b"/%zz/"),
            ("/\u{e9}%e9", b"/\xc3\xa9\xe9"),
        ] {
            assert_eq!(&*unquote_to_bytes(text), bytes, "{text}");
        }
    }

    #[test]
    fn escapes_are_undone_per_ascii_run() {
        let keep = Undecodable::KeepEscaped;
        let table = [
            ("plain", "plain"),
            ("a%20b", "a b"),
            ("%C3%A9", "é"),
            ("%c3%28", "%C3("),
            ("%C3é", "%C3é"),
            ("%E9", "%E9"),
            ("%", "%"),
            ("%4", "%4"),
            ("%zz%41", "%zzA"),
            ("%+1", "%+1"),
            ("é%41é", "éAé"),
            ("%F0%9F%98%80", "😀"),
        ];
        for (text, expected) in table {
            assert_eq!(unquote(text, keep), expected, "{text}");
        }
    }

    #[test]
    fn plus_is_a_space_only_unescaped() {
        let keep = Undecodable::KeepEscaped;
        assert_eq!(unquote_plus("a+b%2Bc", keep), "a b+c");
        assert_eq!(unquote_plus("%+4", keep), "% 4");
    }

    #[test]
    fn replaced_in_the_named_charset() {
        let table = [
            (Charset::Utf8, "\u{fffd}"),
            (Charset::Latin1, "é"),
            (Charset::Ascii, "\u{fffd}"),
        ];
        for (charset, expected) in table {
            assert_eq!(unquote("%E9", Undecodable::Replace(charset)), expected);
        }
    }

    #[test]
    fn quoted() {
        const SAFE: SafeSet = SafeSet::with(b"/");
        assert_eq!(quote("/a b/é~", &SAFE), "/a%20b/%C3%A9~");
    }

    #[test]
    fn quoted_for_urls() {
        for (text, path, query) in [
            ("plain-1.2_~", "plain-1.2_~", "plain-1.2_~"),
            ("a b", "a%20b", "a+b"),
            (" a  b ", "%20a%20%20b%20", "+a++b+"),
            ("a+b&c=d", "a+b&c=d", "a%2Bb%26c%3Dd"),
            ("x/y?z#", "x/y%3Fz%23", "x/y?z%23"),
            ("é%\n", "%C3%A9%25%0A", "%C3%A9%25%0A"),
        ] {
            let (mut as_path, mut as_query) = (String::new(), String::new());
            quote_into(text, &SafeSet::URL_PATH, &mut as_path);
            quote_plus_into(text.as_bytes(), &SafeSet::URL_QUERY, &mut as_query);
            assert_eq!((as_path.as_str(), as_query.as_str()), (path, query));
        }
    }
}
