//! The header fields of a request: a list of places in the received head, in the order they came. The list is built for
//! each request and few of its fields are ever read, so that a hash table would cost more to fill than it saves.
//!
//! It must not know what a field means.

use std::borrow::Cow;

use bytes::Bytes;

use super::header_name::HeaderName;

/// The fields of one request. Names have the spelling of the client; none has an underscore.
#[derive(Debug, Clone, Default)]
pub struct RequestHeaders {
    head: Bytes,
    fields: Vec<Field>,
}

#[derive(Debug, Clone, Copy)]
struct Field {
    name: FieldPlace,
    value: FieldPlace,
    known: Option<HeaderName>,
}

/// A range of the head, in half the bytes that a `Range<usize>` takes.
#[derive(Debug, Clone, Copy)]
struct FieldPlace {
    start: u32,
    end: u32,
}

impl FieldPlace {
    fn new(start: usize, end: usize) -> Option<Self> {
        Some(Self {
            start: u32::try_from(start).ok()?,
            end: u32::try_from(end).ok()?,
        })
    }

    fn of(self, head: &[u8]) -> &[u8] {
        &head[self.start as usize..self.end as usize]
    }
}

impl RequestHeaders {
    /// An empty list with room for the fields of `head`.
    pub fn with_capacity(head: Bytes, count: usize) -> Self {
        Self {
            head,
            fields: Vec::with_capacity(count),
        }
    }

    /// Appends the field whose name and value are in these ranges of the head. None when the head is larger than 4 GiB.
    pub fn push(&mut self, known: Option<HeaderName>, name: (usize, usize), value: (usize, usize)) -> Option<()> {
        self.fields.push(Field {
            name: FieldPlace::new(name.0, name.1)?,
            value: FieldPlace::new(value.0, value.1)?,
            known,
        });
        Some(())
    }

    /// Names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let head = &self.head;
        self.fields
            .iter()
            .map(|field| (field.name.of(head), field.value.of(head)))
    }

    /// The values of the fields of one name.
    pub fn get_all(&self, name: HeaderName) -> impl Iterator<Item = &[u8]> {
        let head = &self.head;
        self.fields
            .iter()
            .filter(move |field| field.known == Some(name))
            .map(|field| field.value.of(head))
    }

    pub fn contains(&self, name: HeaderName) -> bool {
        self.get_all(name).next().is_some()
    }

    /// All values of one name in one text, as an environ has it. None when there is no such field.
    pub fn text(&self, name: HeaderName) -> Option<Cow<'_, str>> {
        joined(self.get_all(name), name == HeaderName::Cookie)
    }

    /// The same for any name, which is looked for letter by letter.
    pub fn text_by(&self, name: &[u8]) -> Option<Cow<'_, str>> {
        let values = self.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        joined(
            values.map(|(_, value)| value),
            HeaderName::find(name) == Some(HeaderName::Cookie),
        )
    }
}

/// Values joined with a comma, cookies with a semicolon; one character for each byte.
fn joined<'a>(mut values: impl Iterator<Item = &'a [u8]>, are_cookies: bool) -> Option<Cow<'a, str>> {
    let first = values.next()?;
    let Some(second) = values.next() else {
        return Some(latin1(first));
    };
    let mut text = latin1(first).into_owned();
    for value in std::iter::once(second).chain(values) {
        text.push_str(if are_cookies { "; " } else { "," });
        text.push_str(&latin1(value));
    }
    Some(Cow::Owned(text))
}

fn latin1(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Cow::Borrowed(text),
        _ => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(fields: &[(&str, &[u8])]) -> RequestHeaders {
        let mut head = Vec::new();
        let mut places = Vec::new();
        for (name, value) in fields {
            let start = head.len();
            head.extend_from_slice(name.as_bytes());
            let colon = head.len();
            head.extend_from_slice(value);
            places.push(((start, colon), (colon, head.len())));
        }
        let mut list = RequestHeaders::with_capacity(head.into(), fields.len());
        for ((name, _), (place, value)) in fields.iter().zip(places) {
            list.push(HeaderName::find(name.as_bytes()), place, value).unwrap();
        }
        list
    }

    #[test]
    fn repeated_fields_become_one_text() {
        let list = headers(&[
            ("COOKIE", b"a=1"),
            ("X-One", b"\xE9"),
            ("cookie", b"b=\xC3\xA9"),
            ("x-one", b""),
            ("Host", b"a.test"),
        ]);
        assert_eq!(list.text(HeaderName::Cookie).as_deref(), Some("a=1; b=\u{C3}\u{A9}"));
        assert_eq!(list.text_by(b"Cookie"), list.text(HeaderName::Cookie));
        assert_eq!(list.text_by(b"x-oNE").as_deref(), Some("\u{E9},"));
        assert!(matches!(list.text(HeaderName::Host), Some(Cow::Borrowed("a.test"))));
        assert_eq!(list.text(HeaderName::Range), None);
        assert_eq!(list.text_by(b"X-Two"), None);
        assert_eq!(list.iter().nth(3), Some((&b"x-one"[..], &b""[..])));
        assert!(list.contains(HeaderName::Cookie) && !list.contains(HeaderName::Upgrade));
    }
}
