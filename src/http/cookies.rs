//! The `Cookie` request header: text to names and values.
//!
//! Works on the text as WSGI hands it over (each character one byte of the header). A piece that is no cookie is
//! skipped up to the next semicolon, as browsers and Werkzeug do. Knows nothing of sessions.

use std::borrow::Cow;

/// The cookies of one header, in the order they came, duplicates included.
#[derive(Debug, Clone)]
pub struct CookiePairs<'a> {
    rest: &'a str,
}

/// Reads a `Cookie` header.
#[must_use]
pub fn parse_cookies(header: &str) -> CookiePairs<'_> {
    CookiePairs { rest: header }
}

impl<'a> Iterator for CookiePairs<'a> {
    type Item = (&'a str, Cow<'a, str>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((name, value, rest)) = take_cookie(self.rest) {
                self.rest = rest;
                return Some((name, unquoted(value)));
            }
            let end = memchr::memchr(b';', self.rest.as_bytes())?;
            self.rest = &self.rest[end + 1..];
        }
    }
}

/// One well-formed cookie at the start of `text`: name, raw value, and what follows its semicolon.
fn take_cookie(text: &str) -> Option<(&str, &str, &str)> {
    let text = skip_blanks(text);
    let (name, after_name) = split_at_any(text, b" \t=\";");
    if name.is_empty() {
        return None;
    }
    let after_blanks = skip_blanks(after_name);
    let Some(after_equals) = after_blanks.strip_prefix('=') else {
        return Some((name, "", past_end(after_blanks)?));
    };
    let raw = skip_blanks(after_equals);
    let (value, after_value) = match quoted_length(raw) {
        Some(length) => raw.split_at(length),
        None => split_at_any(raw, b" \t\";"),
    };
    Some((name, value, past_end(skip_blanks(after_value))?))
}

fn skip_blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

/// At the first of the `stops`, which are ASCII. Blocks of text are tested as a whole: a session can be long.
#[expect(clippy::needless_bitwise_bool, reason = "a vector of bytes has no branches")]
fn split_at_any<'a, const N: usize>(text: &'a str, stops: &[u8; N]) -> (&'a str, &'a str) {
    let is_stop = |byte: u8| stops.iter().fold(false, |found, &stop| found | (byte == stop));
    let (blocks, _) = text.as_bytes().as_chunks::<32>();
    let without = |block: &&[u8; 32]| !block.iter().fold(false, |found, &byte| found | is_stop(byte));
    let start = 32 * blocks.iter().take_while(without).count();
    let within = text.as_bytes()[start..].iter().position(|&byte| is_stop(byte));
    text.split_at(within.map_or(text.len(), |within| start + within))
}

/// What follows the end of a cookie: its semicolon or the end of the header.
fn past_end(text: &str) -> Option<&str> {
    if text.is_empty() {
        Some(text)
    } else {
        text.strip_prefix(';')
    }
}

/// The length of a quoted value, quotes included. A backslash protects any next character but a line feed.
fn quoted_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'"') {
        return None;
    }
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' if bytes.get(at + 1).is_none_or(|&next| next == b'\n') => return None,
            // The first byte of a longer character is enough: none of its other bytes looks like ASCII.
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn unquoted(value: &str) -> Cow<'_, str> {
    let Some(inner) = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return Cow::Borrowed(value);
    };
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Cow::Borrowed(inner);
    }
    let bytes = inner.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte != b'\\' {
            out.push(byte);
            at += 1;
        } else if let Some(value) = octal_byte(&bytes[at + 1..]) {
            out.push(value);
            at += 4;
        } else {
            out.extend(bytes.get(at + 1));
            at += 2;
        }
    }
    Cow::Owned(match String::from_utf8_lossy(&out) {
        Cow::Borrowed(text) => text.to_owned(),
        Cow::Owned(text) => text,
    })
}

fn octal_byte(digits: &[u8]) -> Option<u8> {
    match digits {
        [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', ..] => Some((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse_cookies;

    #[test]
    fn headers() {
        let table: [(&str, &[(&str, &str)]); 14] = [
            ("", &[]),
            ("a=1; b=2;a=3", &[("a", "1"), ("b", "2"), ("a", "3")]),
            ("a = 1 ;b", &[("a", "1"), ("b", "")]),
            ("a=b=c", &[("a", "b=c")]),
            ("=x; ;; a=1;", &[("a", "1")]),
            ("a=x y; b=2", &[("b", "2")]),
            (r#"a="x y;z"; b=2"#, &[("a", "x y;z"), ("b", "2")]),
            (r#"a="open; b=2"#, &[("b", "2")]),
            (r#"a="q"x; b=2"#, &[("b", "2")]),
            (r#"a="\"\\\073\303\251""#, &[("a", "\"\\;é")]),
            (r#"a="\377\400""#, &[("a", "\u{fffd}400")]),
            (r#"a="""#, &[("a", "")]),
            ("a=\"\\\n\"; b=2", &[("b", "2")]),
            ("ü=é", &[("ü", "é")]),
        ];
        for (header, expected) in table {
            let got: Vec<_> = parse_cookies(header).collect();
            let got: Vec<_> = got.iter().map(|(n, v)| (*n, v.as_ref())).collect();
            assert_eq!(got, expected, "{header:?}");
        }
    }
}
