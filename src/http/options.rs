//! Headers of the form `value; name=text; …`: `Content-Type` and `Content-Disposition`, with RFC 2231 names.
//!
//! Parameters that are not well formed are left out one by one. `name*=charset''text` and `name*0=…; name*1=…` are put
//! together as the later one of two spellings says. Knows nothing of what the parameters mean.

use std::collections::HashMap;

use crate::text::charset::Charset;
use crate::text::percent::{Undecodable, unquote};

/// A header's value and its parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptionsHeader<'a> {
    pub value: &'a str,
    /// Names in lower case, each once, in the order Werkzeug's dictionary has them.
    pub params: Vec<(String, String)>,
}

impl OptionsHeader<'_> {
    /// A parameter by its name in lower case.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.params
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, text)| text.as_str())
    }
}

/// Reads a header with parameters.
#[must_use]
pub fn parse_options_header(header: &str) -> OptionsHeader<'_> {
    let blanks = [' ', '\t'];
    let (value, rest) = header.split_once(';').unwrap_or((header, ""));
    let value = value.trim_matches(blanks);
    let rest = rest.trim_matches(blanks);
    let params = if value.is_empty() || rest.is_empty() {
        Vec::new()
    } else {
        merge(raw_parameters(rest))
    };
    OptionsHeader { value, params }
}

/// Whether a byte may stand in a token (RFC 9110 section 5.6.2).
pub(super) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_!#$%&'*+-.^`|~".contains(&byte)
}

fn token_length(text: &str) -> usize {
    text.bytes().position(|byte| !is_token(byte)).unwrap_or(text.len())
}

/// The well-formed `name=text` pieces as they stand, quotes included.
fn raw_parameters(mut rest: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    loop {
        let name_length = token_length(rest);
        if name_length > 0 && rest.as_bytes().get(name_length) == Some(&b'=') {
            let name = &rest[..name_length];
            rest = &rest[name_length + 1..];
            let length = match token_length(rest) {
                0 if rest.starts_with('"') => match quoted_length(rest) {
                    Some(length) => length,
                    None => return found,
                },
                length => length,
            };
            if length > 0 {
                found.push((name, &rest[..length]));
                rest = &rest[length..];
            }
        }
        let Some(end) = memchr::memchr(b';', rest.as_bytes()) else {
            return found;
        };
        rest = rest[end + 1..].trim_start_matches([' ', '\t']);
    }
}

/// The length of a quoted text, quotes included; `None` if it is never closed.
fn quoted_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' if matches!(bytes.get(at + 1), Some(b'\\' | b'"')) => at += 2,
            _ => at += 1,
        }
    }
}

/// The marks at the end of a parameter's name: `*0`, `*`, or both.
struct Marks<'a> {
    name: &'a str,
    continued: bool,
    has_charset: bool,
}

fn split_marks(name: &str) -> Marks<'_> {
    let (bare, has_charset) = match name.strip_suffix('*') {
        Some(bare) => (bare, true),
        None => (name, false),
    };
    let stem = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    match stem.strip_suffix('*') {
        Some(name) if stem.len() < bare.len() => Marks {
            name,
            continued: true,
            has_charset,
        },
        _ => Marks {
            name: bare,
            continued: false,
            has_charset,
        },
    }
}

/// Splits `charset'language'text`; `None` if the text is not of that form.
fn split_charset(text: &str) -> Option<(&str, &str)> {
    if text.starts_with('"') {
        return None;
    }
    let (charset, rest) = text.split_once('\'')?;
    let (_language, encoded) = rest.split_once('\'')?;
    (!encoded.is_empty()).then_some((charset, encoded))
}

fn merge(parameters: Vec<(&str, &str)>) -> Vec<(String, String)> {
    let mut whole = NamedTexts::default();
    let mut continued = NamedTexts::default();
    let mut labels = NamedTexts::default();
    for (name, raw) in parameters {
        let name = name.to_ascii_lowercase();
        let marks = split_marks(&name);
        let mut label = None;
        let text = if marks.has_charset {
            let (own, encoded) = split_charset(raw).map_or((None, raw), |(own, text)| (Some(own), text));
            label = own.filter(|own| !own.is_empty()).map(str::to_ascii_lowercase);
            if label.is_none() && marks.continued {
                label = labels.get(marks.name).map(str::to_owned);
            }
            match label.as_deref().and_then(Charset::from_label) {
                Some(charset) => unquote(encoded, Undecodable::Replace(charset)).into_owned(),
                None => encoded.to_owned(),
            }
        } else {
            without_quotes(raw)
        };
        if marks.continued {
            whole.remove(marks.name);
            continued.append(marks.name, &text);
            if let Some(label) = label {
                labels.set(marks.name, label);
            }
        } else {
            continued.remove(marks.name);
            labels.remove(marks.name);
            whole.set(marks.name, text);
        }
    }
    whole.into_pairs().chain(continued.into_pairs()).collect()
}

/// Removes quotes and backslashes; browsers write a quote inside a name as `%22`.
fn without_quotes(raw: &str) -> String {
    let mut text = match raw.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')) {
        Some(inner) if inner.contains('\\') => without_backslashes(inner),
        Some(inner) => inner.to_owned(),
        None => raw.to_owned(),
    };
    if text.contains("%22") {
        text = text.replace("%22", "\"");
    }
    text
}

fn without_backslashes(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some(next)) if next != '\n' => {
                out.push(next);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

/// Texts by name in insertion order. Few names are searched in a row; from [`INDEX_FROM`] on by hash, so that a header
/// of thousands of parameters costs no more per parameter.
#[derive(Default)]
struct NamedTexts {
    slots: Vec<Option<(String, String)>>,
    index: HashMap<String, usize>,
}

const INDEX_FROM: usize = 16;

impl NamedTexts {
    fn position(&self, name: &str) -> Option<usize> {
        if self.slots.len() > INDEX_FROM {
            return self.index.get(name).copied();
        }
        self.slots
            .iter()
            .position(|slot| slot.as_ref().is_some_and(|(known, _)| known == name))
    }

    fn slot(&mut self, name: &str) -> &mut String {
        let at = self.position(name).unwrap_or_else(|| {
            self.slots.push(Some((name.to_owned(), String::new())));
            self.index_new();
            self.slots.len() - 1
        });
        &mut self.slots[at]
            .as_mut()
            .expect("invariant: a position names a filled slot")
            .1
    }

    fn index_new(&mut self) {
        let from = match self.slots.len() {
            0..=INDEX_FROM => return,
            length if length == INDEX_FROM + 1 => 0,
            length => length - 1,
        };
        for (at, slot) in self.slots.iter().enumerate().skip(from) {
            if let Some((name, _)) = slot {
                self.index.insert(name.clone(), at);
            }
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        let at = self.position(name)?;
        self.slots[at].as_ref().map(|(_, text)| text.as_str())
    }

    fn set(&mut self, name: &str, text: String) {
        *self.slot(name) = text;
    }

    fn append(&mut self, name: &str, text: &str) {
        self.slot(name).push_str(text);
    }

    fn remove(&mut self, name: &str) {
        if let Some(at) = self.position(name) {
            self.slots[at] = None;
            self.index.remove(name);
        }
    }

    fn into_pairs(self) -> impl Iterator<Item = (String, String)> {
        self.slots.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::parse_options_header;

    type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

    #[test]
    fn headers() {
        let table: [Row<'_>; 18] = [
            ("", "", &[]),
            ("text/html", "text/html", &[]),
            (" Text/HTML ; ", "Text/HTML", &[]),
            (";a=b", "", &[]),
            ("text/html; Charset=UTF-8", "text/html", &[("charset", "UTF-8")]),
            ("v; a=1;a=2; b", "v", &[("a", "2")]),
            ("v; a = 1; b=2", "v", &[("b", "2")]),
            (r#"v; a="x;y"; b="\"\\\q%22""#, "v", &[("a", "x;y"), ("b", "\"\\q\"")]),
            (r#"v; a="open; b=2"#, "v", &[]),
            (r#"v; a="x"junk; b=2"#, "v", &[("a", "x"), ("b", "2")]),
            ("v; f*=UTF-8''%C3%A9", "v", &[("f", "é")]),
            ("v; f*=iso-8859-1'en'%E9", "v", &[("f", "é")]),
            ("v; f*=ascii''%E9", "v", &[("f", "\u{fffd}")]),
            ("v; f*=koi8-r''%E9", "v", &[("f", "%E9")]),
            ("v; f*=plain", "v", &[("f", "plain")]),
            ("v; f*0=a; x=1; f*1=b", "v", &[("x", "1"), ("f", "ab")]),
            ("v; f*0*=utf-8''%C3%A9; f*1*=%41", "v", &[("f", "éA")]),
            ("v; f*0=a; f=whole; f*0=b; f**=c", "v", &[("f", "b"), ("f*", "c")]),
        ];
        for (header, value, params) in table {
            let got = parse_options_header(header);
            let mut found: Vec<_> = got.params.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
            let mut expected = params.to_vec();
            if header.contains("**") {
                found.sort_unstable();
                expected.sort_unstable();
            }
            assert_eq!((got.value, found), (value, expected), "{header:?}");
        }
    }

    #[test]
    fn thousands_of_parameters_are_found_by_hash() {
        let mut header = "v".to_owned();
        for value in ["1", "2"] {
            for number in 0..20_000 {
                header.extend([";p", &number.to_string(), "=", value]);
            }
        }
        let got = parse_options_header(&header);
        assert_eq!(got.params.len(), 20_000);
        assert!(got.params.iter().all(|(_, text)| text == "2"));
    }
}
