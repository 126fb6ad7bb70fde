//! `application/x-www-form-urlencoded`: a query string or a form body to pairs, and pairs to a query string.
//!
//! Order and duplicates stay and empty values count; grouping by name is the caller's. Knows no limits: the whole
//! text is in memory already.

use std::borrow::Cow;

use super::error::HttpError;
use crate::text::percent::{SafeSet, Undecodable, quote_plus_into, unquote_plus};

/// The pairs of a query, in the order they came.
#[derive(Debug, Clone)]
pub struct QueryPairs<'a> {
    rest: Option<&'a str>,
}

/// Reads `raw` as `name=value` fields joined by `&`. The text itself must be UTF-8; escapes that are not stay escaped.
///
/// # Errors
/// [`HttpError::NotUtf8`] if the text as it came, before any escape is undone, is not UTF-8.
pub fn parse_query(raw: &[u8]) -> Result<QueryPairs<'_>, HttpError> {
    let text = std::str::from_utf8(raw).map_err(|_| HttpError::NotUtf8 { bytes: raw.to_vec() })?;
    Ok(QueryPairs { rest: Some(text) })
}

impl<'a> Iterator for QueryPairs<'a> {
    type Item = (Cow<'a, str>, Cow<'a, str>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let text = self.rest?;
            let (field, rest) = match text.split_once('&') {
                Some((field, rest)) => (field, Some(rest)),
                None => (text, None),
            };
            self.rest = rest;
            if field.is_empty() {
                continue;
            }
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            let rule = Undecodable::KeepEscaped;
            return Some((unquote_plus(name, rule), unquote_plus(value, rule)));
        }
    }
}

/// Writes pairs as a query string, without the `?`.
pub fn urlencode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        quote_plus_into(name.as_bytes(), &SafeSet::URL_QUERY, &mut out);
        out.push('=');
        quote_plus_into(value.as_bytes(), &SafeSet::URL_QUERY, &mut out);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{HttpError, parse_query, urlencode};

    #[test]
    fn fields() {
        let table: [(&str, &[(&str, &str)]); 9] = [
            ("", &[]),
            ("a=1", &[("a", "1")]),
            ("a=1&a=2&b", &[("a", "1"), ("a", "2"), ("b", "")]),
            ("&&a=&=x&", &[("a", ""), ("", "x")]),
            ("a=b=c", &[("a", "b=c")]),
            ("a+b=c+d%2B", &[("a b", "c d+")]),
            ("a;b=1", &[("a;b", "1")]),
            ("k%C3%A9=%E9", &[("ké", "%E9")]),
            ("=", &[("", "")]),
        ];
        for (raw, expected) in table {
            let got: Vec<_> = parse_query(raw.as_bytes()).unwrap().collect();
            let got: Vec<_> = got.iter().map(|(n, v)| (n.as_ref(), v.as_ref())).collect();
            assert_eq!(got, expected, "{raw}");
        }
    }

    #[test]
    fn raw_bytes_must_be_utf8() {
        assert!(matches!(parse_query(b"a=\xe9"), Err(HttpError::NotUtf8 { .. })));
    }

    #[test]
    fn built() {
        let pairs = [("a b", "é&="), ("q", "x/y?z:+%"), ("", "")];
        assert_eq!(urlencode(pairs), "a+b=%C3%A9%26%3D&q=x/y?z:%2B%25&=");
    }
}
