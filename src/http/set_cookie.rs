//! The `Set-Cookie` response header: a cookie and its attributes to text.
//!
//! Attribute values arrive as they are to be written (a date already formatted, a domain already in punycode): what a
//! number or a date means is decided by the binding. Knows nothing of sessions.

use std::borrow::Cow;

use super::error::HttpError;
use crate::text::percent::{SafeSet, quote};

/// What stays readable in a cookie's path: a URL path's own characters without the semicolon, and escapes made before.
const SAFE_IN_PATH: SafeSet = SafeSet::with(b"%!$&'()*+,/:=@");

/// An attribute of a cookie.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Attribute<'a> {
    /// Not written.
    #[default]
    Absent,
    /// The bare name, `Secure`.
    Flag,
    /// `Name=text`.
    Text(Cow<'a, str>),
}

impl Attribute<'_> {
    /// [`Attribute::Flag`] or nothing.
    #[must_use]
    pub fn flag(set: bool) -> Self {
        if set { Self::Flag } else { Self::Absent }
    }

    /// The attribute with a text of its own.
    #[must_use]
    pub fn into_owned(self) -> Attribute<'static> {
        match self {
            Self::Absent => Attribute::Absent,
            Self::Flag => Attribute::Flag,
            Self::Text(text) => Attribute::Text(Cow::Owned(text.into_owned())),
        }
    }
}

/// A cookie to be set.
#[derive(Debug, Clone, Default)]
pub struct SetCookie<'a> {
    pub name: &'a str,
    pub value: &'a str,
    pub domain: Attribute<'a>,
    pub expires: Attribute<'a>,
    pub max_age: Attribute<'a>,
    pub secure: Attribute<'a>,
    pub httponly: Attribute<'a>,
    pub path: Attribute<'a>,
    pub samesite: Attribute<'a>,
    pub partitioned: Attribute<'a>,
}

/// A written cookie, and the length of its value in it (quotes and escapes included), for the warning about long ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DumpedCookie {
    /// One character per byte on the wire.
    pub text: String,
    pub value_length: usize,
}

impl SetCookie<'_> {
    /// The header's value.
    #[must_use]
    pub fn dump(&self) -> DumpedCookie {
        let value = quoted_value(self.value);
        let mut text = String::with_capacity(self.name.len() + value.len() + 96);
        // A name outside ASCII goes out as UTF-8, and header text is one character per byte.
        text.extend(self.name.bytes().map(char::from));
        text.push('=');
        text.push_str(&value);
        let attributes = [
            ("Domain", &self.domain),
            ("Expires", &self.expires),
            ("Max-Age", &self.max_age),
            ("Secure", &self.secure),
            ("HttpOnly", &self.httponly),
            ("Path", &self.path),
            ("SameSite", &self.samesite),
            ("Partitioned", &self.partitioned),
        ];
        for (label, attribute) in attributes {
            match attribute {
                Attribute::Absent => {}
                Attribute::Flag => {
                    text.push_str("; ");
                    text.push_str(label);
                }
                Attribute::Text(content) => {
                    text.push_str("; ");
                    text.push_str(label);
                    text.push('=');
                    text.push_str(content);
                }
            }
        }
        DumpedCookie {
            text,
            value_length: value.len(),
        }
    }
}

/// A cookie path, escaped.
#[must_use]
pub fn quoted_path(path: &str) -> Cow<'_, str> {
    quote(path, &SAFE_IN_PATH)
}

/// The one spelling of a `SameSite` value, whatever the case it was given in.
///
/// # Errors
/// [`HttpError::SameSite`] for a value that does not exist.
pub fn same_site(value: &str) -> Result<&'static str, HttpError> {
    ["Strict", "Lax", "None"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(value))
        .ok_or(HttpError::SameSite)
}

/// Printable ASCII without the blank and what [`quoted_value`] escapes.
#[expect(clippy::needless_bitwise_bool, reason = "a vector of bytes has no branches")]
fn needs_no_quotes(byte: u8) -> bool {
    (byte > b' ') & (byte < 0x7f) & (byte != b'"') & (byte != b',') & (byte != b';') & (byte != b'\\')
}

/// Control characters from 0x1a to 0x1f get no escape: Werkzeug's set ends at 0x19, and cookies must equal.
fn needs_escape(byte: u8) -> bool {
    matches!(byte, 0x00..=0x19 | b'"' | b',' | b';' | b'\\' | 0x7f..=0xff)
}

fn quoted_value(value: &str) -> Cow<'_, str> {
    // Not `all`: that stops early, and most values are good to the end.
    if value.bytes().fold(true, |good, byte| good & needs_no_quotes(byte)) {
        return Cow::Borrowed(value);
    }
    let mut out = String::with_capacity(value.len() + 16);
    out.push('"');
    for byte in value.bytes() {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            _ if needs_escape(byte) => {
                let digit = |shift: u8| char::from(b'0' + ((byte >> shift) & 7));
                out.extend(['\\', digit(6), digit(3), digit(0)]);
            }
            _ => out.push(char::from(byte)),
        }
    }
    out.push('"');
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{Attribute, HttpError, SetCookie, quoted_path, same_site};

    #[test]
    fn values() {
        let table = [
            ("", "k="),
            ("plain-1", "k=plain-1"),
            ("a b", "k=\"a b\""),
            ("a,b;\"\\", r#"k="a\054b\073\"\\""#),
            ("é", r#"k="\303\251""#),
            ("\u{1a}\n", "k=\"\u{1a}\\012\""),
        ];
        for (value, expected) in table {
            let cookie = SetCookie {
                name: "k",
                value,
                ..SetCookie::default()
            };
            assert_eq!(cookie.dump().text, expected, "{value:?}");
        }
    }

    #[test]
    fn attributes_come_in_a_fixed_order() {
        let cookie = SetCookie {
            name: "é",
            value: "v",
            domain: Attribute::Text("example.com".into()),
            max_age: Attribute::Text("0".into()),
            secure: Attribute::Flag,
            path: Attribute::Text("/".into()),
            samesite: Attribute::Text("Lax".into()),
            partitioned: Attribute::flag(true),
            ..SetCookie::default()
        };
        let dumped = cookie.dump();
        assert_eq!(
            dumped.text,
            "Ã©=v; Domain=example.com; Max-Age=0; Secure; Path=/; SameSite=Lax; Partitioned"
        );
        assert_eq!(dumped.value_length, 1);
    }

    #[test]
    fn same_site_spelling() {
        assert_eq!(same_site("lAX"), Ok("Lax"));
        assert_eq!(same_site("other"), Err(HttpError::SameSite));
        assert_eq!(quoted_path("/a b;é%20"), "/a%20b%3B%C3%A9%20");
    }
}
