//! The status and header lines with which Werkzeug sends a file, for files with a plain name.
//!
//! Knows neither disk nor clock: the caller has looked at both.

use bytes::{BufMut, Bytes, BytesMut};

use super::conditions::Verdict;
use super::options::is_token;
use crate::text::dates::{self, DateFields};

/// A file and how it is to be announced.
#[derive(Debug, Clone, Copy)]
pub struct FileFacts<'a> {
    /// Printable ASCII.
    pub name: &'a str,
    /// To be saved, not shown.
    pub is_attachment: bool,
    pub content_type: &'a str,
    /// What the content type is packed in (`gzip`).
    pub encoding: Option<&'a str>,
    /// The entity tag without quotes, see [`append_tag`].
    pub tag: &'a str,
    pub modified: DateFields,
    /// Bytes.
    pub size: u64,
}

/// What else the lines depend on.
#[derive(Debug, Clone, Copy)]
pub struct Sending {
    /// Seconds since 1970.
    pub now: i64,
    /// How long the answer may be cached, in seconds.
    pub max_age: Option<i64>,
    /// Whether this Werkzeug offers ranges on every answer, and not only on those that are one.
    pub offers_ranges: bool,
}

/// A header's name and value.
pub type Line = (Bytes, Bytes);

/// Status and lines of a file's answer, as a response object has them. `None` when a date is out of the calendar, or the verdict is no answer.
#[must_use]
pub fn answer(file: &FileFacts<'_>, sending: Sending, verdict: Verdict) -> Option<(u16, Vec<Line>)> {
    let (status, length) = match verdict {
        Verdict::Whole => (200, file.size),
        Verdict::Part { start, end } => (206, end - start),
        Verdict::NotModified => (304, file.size),
        Verdict::Unsure => return None,
    };
    let mut lines = Lines {
        text: BytesMut::with_capacity(320),
        // One more: the session may add a line.
        lines: Vec::with_capacity(13),
    };
    // What is saved is not unpacked.
    if let Some(encoding) = file.encoding.filter(|_| !file.is_attachment) {
        lines.add("Content-Encoding", |out| out.extend_from_slice(encoding.as_bytes()));
    }
    lines.add("Content-Disposition", |out| {
        out.extend_from_slice(if file.is_attachment { b"attachment" } else { b"inline" });
        append_name(out, file.name);
    });
    lines.add("Content-Type", |out| {
        out.extend_from_slice(file.content_type.as_bytes());
    });
    lines.add("Content-Length", |out| append_number(out, length));
    lines.add("Last-Modified", |out| {
        out.extend_from_slice(&file.modified.http_date_bytes());
    });
    lines.add("Cache-Control", |out| append_caching(out, sending.max_age));
    if sending.max_age.is_some() {
        lines.push("Expires", sending.expires()?);
    }
    lines.add("ETag", |out| {
        out.put_u8(b'"');
        out.extend_from_slice(file.tag.as_bytes());
        out.put_u8(b'"');
    });
    lines.push("Date", dates::http_date_now(sending.now)?);
    if sending.offers_ranges || status == 206 {
        lines.add("Accept-Ranges", |out| out.extend_from_slice(b"bytes"));
    }
    if let Verdict::Part { start, end } = verdict {
        lines.add("Content-Range", |out| {
            out.extend_from_slice(b"bytes ");
            append_number(out, start);
            out.put_u8(b'-');
            append_number(out, end - 1);
            out.put_u8(b'/');
            append_number(out, file.size);
        });
    }
    Some((status, lines.lines))
}

/// Takes out of a 304's lines what describes the content: there is none (RFC 9110 section 15.4.5).
pub fn drop_description(lines: &mut Vec<Line>) {
    lines.retain(|(name, _)| {
        !matches!(
            &**name,
            b"Content-Encoding" | b"Content-Type" | b"Content-Length" | b"Last-Modified"
        )
    });
}

impl Sending {
    fn expires(&self) -> Option<Bytes> {
        let at = DateFields::from_seconds(self.now.checked_add(self.max_age?)?)?;
        Some(Bytes::copy_from_slice(&at.http_date_bytes()))
    }
}

/// Lines whose values share one allocation, but for those that follow the clock.
struct Lines {
    text: BytesMut,
    lines: Vec<Line>,
}

impl Lines {
    fn add(&mut self, name: &'static str, write: impl FnOnce(&mut BytesMut)) {
        write(&mut self.text);
        let value = self.text.split().freeze();
        self.push(name, value);
    }

    fn push(&mut self, name: &'static str, value: Bytes) {
        self.lines.push((Bytes::from_static(name.as_bytes()), value));
    }
}

fn append_number(out: &mut BytesMut, number: u64) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

fn append_name(out: &mut BytesMut, name: &str) {
    out.extend_from_slice(b"; filename=");
    if !name.is_empty() && name.bytes().all(is_token) {
        return out.extend_from_slice(name.as_bytes());
    }
    out.put_u8(b'"');
    for byte in name.bytes() {
        if matches!(byte, b'"' | b'\\') {
            out.put_u8(b'\\');
        }
        out.put_u8(byte);
    }
    out.put_u8(b'"');
}

fn append_caching(out: &mut BytesMut, max_age: Option<i64>) {
    let Some(age) = max_age else {
        return out.extend_from_slice(b"no-cache");
    };
    out.extend_from_slice(if age > 0 { b"public" } else { b"no-cache" });
    out.extend_from_slice(b", max-age=");
    out.extend_from_slice(itoa::Buffer::new().format(age).as_bytes());
}

/// Appends a file's entity tag: its modification time as Python writes that float, its size, and a checksum of its
/// path.
pub fn append_tag(out: &mut Vec<u8>, size: u64, path: &str) {
    out.push(b'-');
    out.extend_from_slice(itoa::Buffer::new().format(size).as_bytes());
    out.push(b'-');
    out.extend_from_slice(itoa::Buffer::new().format(adler32(path.as_bytes())).as_bytes());
}

/// The moment of a whole number of seconds and some nanoseconds, as a date without fractions.
#[must_use]
pub fn modified(moment: f64) -> Option<DateFields> {
    dates::whole_seconds(moment).and_then(DateFields::from_seconds)
}

/// The checksum of RFC 1950, section 8.2.
fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    // So many bytes can be summed before a sum could overflow.
    const RUN: usize = 5552;
    let (mut low, mut high) = (1_u32, 0_u32);
    for run in bytes.chunks(RUN) {
        for byte in run {
            low += u32::from(*byte);
            high += low;
        }
        (low, high) = (low % MODULUS, high % MODULUS);
    }
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use super::{FileFacts, Sending, adler32, answer, append_name, drop_description};
    use crate::http::conditions::Verdict;
    use crate::text::dates::DateFields;
    use bytes::BytesMut;

    const FILE: FileFacts<'_> = FileFacts {
        name: "a.css",
        is_attachment: false,
        content_type: "text/css; charset=utf-8",
        encoding: None,
        tag: "0.5-16-7",
        modified: DateFields {
            year: 1970,
            month: 1,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
        },
        size: 16,
    };

    fn lines(sending: Sending, verdict: Verdict) -> (u16, Vec<String>) {
        let (status, lines) = answer(&FILE, sending, verdict).unwrap();
        let text = |part: &[u8]| String::from_utf8(part.to_vec()).unwrap();
        let lines = lines
            .iter()
            .map(|(name, value)| format!("{}: {}", text(name), text(value)))
            .collect();
        (status, lines)
    }

    const SENDING: Sending = Sending {
        now: 784_111_777,
        max_age: None,
        offers_ranges: true,
    };

    #[test]
    fn a_whole_file() {
        let expected = [
            "Content-Disposition: inline; filename=a.css",
            "Content-Type: text/css; charset=utf-8",
            "Content-Length: 16",
            "Last-Modified: Thu, 01 Jan 1970 00:00:00 GMT",
            "Cache-Control: no-cache",
            "ETag: \"0.5-16-7\"",
            "Date: Sun, 06 Nov 1994 08:49:37 GMT",
            "Accept-Ranges: bytes",
        ];
        assert_eq!(
            lines(SENDING, Verdict::Whole),
            (200, expected.map(str::to_owned).to_vec())
        );
    }

    #[test]
    fn a_part_of_a_file() {
        let (status, lines) = lines(
            Sending {
                offers_ranges: false,
                ..SENDING
            },
            Verdict::Part { start: 2, end: 6 },
        );
        assert_eq!(status, 206);
        assert_eq!(lines[2], "Content-Length: 4");
        assert_eq!(lines[7..], ["Accept-Ranges: bytes", "Content-Range: bytes 2-5/16"]);
    }

    #[test]
    fn nothing_new() {
        let (status, mut lines) = answer(&FILE, SENDING, Verdict::NotModified).unwrap();
        assert_eq!(
            (status, &lines),
            (304, &answer(&FILE, SENDING, Verdict::Whole).unwrap().1)
        );
        drop_description(&mut lines);
        let names: Vec<&[u8]> = lines.iter().map(|(name, _)| &**name).collect();
        let expected = ["Content-Disposition", "Cache-Control", "ETag", "Date", "Accept-Ranges"];
        assert_eq!(names, expected.map(str::as_bytes));
    }

    #[test]
    fn ages_that_have_passed() {
        for (age, expected) in [(0, "no-cache, max-age=0"), (-5, "no-cache, max-age=-5")] {
            let (_, lines) = lines(
                Sending {
                    max_age: Some(age),
                    ..SENDING
                },
                Verdict::Whole,
            );
            assert_eq!(lines[4], format!("Cache-Control: {expected}"));
        }
    }

    #[test]
    fn names() {
        let table = [
            ("a-b_c.tar.gz", "a-b_c.tar.gz"),
            ("a b.css", "\"a b.css\""),
            ("a\"b\\c", "\"a\\\"b\\\\c\""),
            ("a(1).css", "\"a(1).css\""),
        ];
        for (name, expected) in table {
            let mut out = BytesMut::new();
            append_name(&mut out, name);
            assert_eq!(out, format!("; filename={expected}"), "{name}");
        }
    }

    #[test]
    fn checksums() {
        assert_eq!(adler32(b""), 1);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
        assert_eq!(adler32(&vec![255; 20_000]), 0x9F51_D664, "sums are reduced in time");
    }
}
