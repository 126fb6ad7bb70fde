//! The headers in front of a part's data, and the field and file name in them.
//!
//! Knows nothing of the data that follows.

use super::boundary::{line_break_length, lines};
use crate::http::error::HttpError;
use crate::http::options::parse_options_header;
use crate::text::charset::Charset;

/// What is known of a part before its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartHead {
    /// The field's name; a client can leave it out.
    pub name: Option<String>,
    /// The file's name. A part with one, even an empty one, is a file.
    pub filename: Option<String>,
    /// All headers of the part, in the order they came.
    pub headers: Vec<(String, String)>,
}

impl PartHead {
    /// Reads the header lines of a part.
    ///
    /// # Errors
    /// [`HttpError::NotUtf8`] for a line that is not UTF-8, [`HttpError::MissingDisposition`] without
    /// `Content-Disposition`.
    pub fn parse(bytes: &[u8]) -> Result<Self, HttpError> {
        let headers = parse_headers(bytes)?;
        let disposition = find(&headers, "content-disposition").ok_or(HttpError::MissingDisposition)?;
        let options = parse_options_header(disposition);
        Ok(Self {
            name: options.get("name").map(str::to_owned),
            filename: options.get("filename").map(str::to_owned),
            headers,
        })
    }

    /// A header by its name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// The charset the part's text is in: one of the four safe ones if its `Content-Type` names it, else UTF-8.
    #[must_use]
    pub fn charset(&self) -> Charset {
        self.header("content-type")
            .and_then(|value| Charset::from_label(parse_options_header(value).get("charset")?))
            .unwrap_or(Charset::Utf8)
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}

fn parse_headers(bytes: &[u8]) -> Result<Vec<(String, String)>, HttpError> {
    let joined = join_folded(bytes);
    let mut headers = Vec::new();
    for line in lines(joined.as_deref().unwrap_or(bytes)) {
        let line = trim_blanks(line);
        if line.is_empty() {
            continue;
        }
        let text = std::str::from_utf8(line).map_err(|_| HttpError::NotUtf8 { bytes: line.to_vec() })?;
        let (name, value) = text.split_once(':').unwrap_or((text, ""));
        let blanks = [' ', '\t'];
        headers.push((
            name.trim_matches(blanks).to_owned(),
            value.trim_matches(blanks).to_owned(),
        ));
    }
    Ok(headers)
}

/// Joins a line that begins with a blank to the one before it (folding, from RFC 2231). `None` if no line does.
fn join_folded(bytes: &[u8]) -> Option<Vec<u8>> {
    let folded = bytes
        .windows(2)
        .any(|pair| matches!(pair, [b'\r' | b'\n', b' ' | b'\t']));
    if !folded {
        return None;
    }
    let mut joined = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(&byte) = rest.first() {
        let width = line_break_length(rest);
        match rest.get(width) {
            Some(b' ' | b'\t') if width > 0 => {
                joined.push(b' ');
                rest = &rest[width + 1..];
            }
            _ => {
                joined.push(byte);
                rest = &rest[1..];
            }
        }
    }
    Some(joined)
}

fn trim_blanks(mut line: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = line {
        line = rest;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{Charset, HttpError, PartHead};

    #[test]
    fn names() {
        let table: [(&str, Option<&str>, Option<&str>, usize); 6] = [
            ("Content-Disposition: form-data; name=\"a\"", Some("a"), None, 1),
            (
                "CONTENT-DISPOSITION: form-data; name=a; filename=\"\"",
                Some("a"),
                Some(""),
                1,
            ),
            ("content-disposition: form-data", None, None, 1),
            (
                "X: 1\r\nContent-Disposition:\r\n form-data;\n\tname=a; filename*=utf-8''%C3%A9",
                Some("a"),
                Some("é"),
                2,
            ),
            (
                "\nA\rContent-Disposition : form-data; name=\"%22\"",
                Some("\""),
                None,
                2,
            ),
            ("Content-Disposition: ; name=a", None, None, 1),
        ];
        for (text, name, filename, count) in table {
            let head = PartHead::parse(text.as_bytes()).unwrap();
            let got = (head.name.as_deref(), head.filename.as_deref(), head.headers.len());
            assert_eq!(got, (name, filename, count), "{text:?}");
        }
    }

    #[test]
    fn refused() {
        assert_eq!(PartHead::parse(b"Content-Type: x"), Err(HttpError::MissingDisposition));
        assert!(matches!(PartHead::parse(b"X: \xff"), Err(HttpError::NotUtf8 { .. })));
    }

    #[test]
    fn charsets() {
        let table = [
            ("text/plain; charset=ISO-8859-1", Charset::Latin1),
            ("text/plain; charset=utf-16", Charset::Utf8),
            ("text/plain", Charset::Utf8),
        ];
        for (value, charset) in table {
            let text = format!("Content-Disposition: form-data; name=a\nContent-Type: {value}");
            assert_eq!(PartHead::parse(text.as_bytes()).unwrap().charset(), charset, "{value}");
        }
    }
}
