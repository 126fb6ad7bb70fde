//! The four charset labels a client may name, and decoding that never fails.
//!
//! Bytes that mean nothing become U+FFFD exactly where Python's `errors="replace"` puts it. Knows nothing of headers.

/// A charset that a header or a form part may name. Everything else is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    Ascii,
    Utf8,
    Latin1,
}

impl Charset {
    /// The charset a label names, whatever its case; `None` for one that is not on the list.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        let known = [
            ("utf-8", Self::Utf8),
            ("ascii", Self::Ascii),
            ("us-ascii", Self::Ascii),
            ("iso-8859-1", Self::Latin1),
        ];
        known
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(label))
            .map(|&(_, charset)| charset)
    }

    /// Appends the decoded bytes to `out`.
    pub fn decode_into(self, bytes: &[u8], out: &mut String) {
        match self {
            Self::Utf8 => out.push_str(&String::from_utf8_lossy(bytes)),
            Self::Latin1 => out.extend(bytes.iter().map(|&byte| char::from(byte))),
            Self::Ascii => out.extend(bytes.iter().map(|&byte| {
                if byte.is_ascii() {
                    char::from(byte)
                } else {
                    char::REPLACEMENT_CHARACTER
                }
            })),
        }
    }

    /// The decoded bytes.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> String {
        let mut out = String::with_capacity(bytes.len());
        self.decode_into(bytes, &mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::Charset;

    #[test]
    fn labels() {
        let table = [
            ("UTF-8", Some(Charset::Utf8)),
            ("Us-Ascii", Some(Charset::Ascii)),
            ("iso-8859-1", Some(Charset::Latin1)),
            ("latin-1", None),
            ("utf8", None),
            ("", None),
        ];
        for (label, expected) in table {
            assert_eq!(Charset::from_label(label), expected, "{label}");
        }
    }

    #[test]
    fn undecodable_bytes_are_replaced_as_cpython_does() {
        let table: [(Charset, &[u8], &str); 5] = [
            (Charset::Utf8, b"a\xc3\xa9b", "aéb"),
            (Charset::Utf8, b"\xe2\x82z", "\u{fffd}z"),
            (Charset::Utf8, b"\xed\xa0\x80", "\u{fffd}\u{fffd}\u{fffd}"),
            (Charset::Ascii, b"a\xc3\xa9", "a\u{fffd}\u{fffd}"),
            (Charset::Latin1, b"\xe9", "é"),
        ];
        for (charset, bytes, expected) in table {
            assert_eq!(charset.decode(bytes), expected, "{bytes:?}");
        }
    }
}
