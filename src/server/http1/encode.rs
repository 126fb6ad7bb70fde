//! The response head: how the answer is delimited, then its bytes in one go.
//!
//! Header names keep the spelling the app gave them. Must not know how a body is produced or sent.

use bytes::Bytes;

use super::date::append_date;
use super::field_syntax::{is_field_name, is_field_value, parse_length};
use super::reasons::reason_phrase;

/// What the request said that decides the form of its answer.
#[derive(Debug, Clone, Copy)]
pub struct RequestTraits {
    pub head: bool,
    pub http10: bool,
    /// Client and server are both willing to go on with this connection.
    pub keep_alive: bool,
}

/// How the client finds the end of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// No body, whatever the headers say (HEAD, 1xx, 204, 304).
    Bodyless,
    /// This many bytes.
    Length(u64),
    Chunked,
    /// It ends when the connection does.
    Close,
}

/// The `Server` header, if any, to go out with answers that have none.
pub type ServerName = Option<String>;

/// An answer's head, thought through.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent additions, not one state")]
pub struct HeadPlan {
    pub framing: Framing,
    /// The connection can serve another request after this answer.
    pub keep_alive: bool,
    add_length: Option<u64>,
    skip_length: bool,
    add_server: bool,
    add_date: bool,
    add_close: bool,
    add_keep_alive: bool,
}

/// Decides framing and additions. `known` is the body's length in bytes, or `None` for a stream.
///
/// # Errors
/// Names the header that can't go on the wire: one whose name is no token, or whose value has a control character. A line
/// break would let a value pose as another header; a blank before the colon is trimmed by some readers and not by others.
pub fn plan(
    asked: RequestTraits,
    status: u16,
    headers: &[(Bytes, Bytes)],
    known: Option<u64>,
) -> Result<HeadPlan, String> {
    let seen = Seen::look(headers)?;
    let bodyless_status = matches!(status, 100..=199 | 204 | 304);
    let mut plan = HeadPlan {
        framing: Framing::Bodyless,
        keep_alive: asked.keep_alive && !seen.close && status >= 200,
        add_length: None,
        skip_length: seen.odd_length,
        add_server: !seen.server,
        add_date: !seen.date,
        add_close: false,
        add_keep_alive: false,
    };
    if asked.head {
        plan.add_length = known.filter(|&bytes| bytes > 0 && seen.length.is_none() && !bodyless_status);
    } else if !bodyless_status {
        plan.frame_body(asked, seen.length, known);
    }
    plan.add_close = !plan.keep_alive && !seen.close;
    plan.add_keep_alive = plan.keep_alive && asked.http10 && !seen.keep_alive;
    Ok(plan)
}

impl HeadPlan {
    fn frame_body(&mut self, asked: RequestTraits, declared: Option<u64>, known: Option<u64>) {
        match (declared, known) {
            (Some(said), Some(real)) => {
                // Less than promised: only the end of the connection shows that to the client.
                self.keep_alive &= real >= said;
                self.framing = Framing::Length(said);
            }
            (Some(said), None) => self.framing = Framing::Length(said),
            (None, Some(real)) => {
                self.add_length = Some(real);
                self.framing = Framing::Length(real);
            }
            (None, None) if asked.http10 => {
                self.keep_alive = false;
                self.framing = Framing::Close;
            }
            (None, None) => self.framing = Framing::Chunked,
        }
    }

    /// Appends status line and headers, up to and with the empty line.
    pub fn write(
        &self,
        out: &mut Vec<u8>,
        status: (u16, Option<&str>),
        headers: &[(Bytes, Bytes)],
        server: &ServerName,
    ) {
        let (code, reason) = status;
        out.extend_from_slice(b"HTTP/1.1 ");
        out.extend_from_slice(itoa::Buffer::new().format(code).as_bytes());
        out.push(b' ');
        match reason {
            // In the one byte that WSGI has for each of its characters.
            Some(reason) => out.extend(reason.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?'))),
            None => out.extend_from_slice(reason_phrase(code).as_bytes()),
        }
        out.extend_from_slice(b"\r\n");
        if let (true, Some(name)) = (self.add_server, server) {
            append_header(out, b"Server", name.as_bytes());
        }
        if self.add_date {
            out.extend_from_slice(b"Date: ");
            append_date(out);
            out.extend_from_slice(b"\r\n");
        }
        for (name, value) in headers {
            if !self.is_ours(name) {
                append_header(out, name, value);
            }
        }
        self.write_additions(out);
        out.extend_from_slice(b"\r\n");
    }

    fn write_additions(&self, out: &mut Vec<u8>) {
        if let Some(bytes) = self.add_length {
            append_header(out, b"Content-Length", itoa::Buffer::new().format(bytes).as_bytes());
        }
        if self.framing == Framing::Chunked {
            append_header(out, b"Transfer-Encoding", b"chunked");
        }
        if self.add_close {
            append_header(out, b"Connection", b"close");
        }
        if self.add_keep_alive {
            append_header(out, b"Connection", b"keep-alive");
        }
    }

    /// Headers whose value only the server can know.
    fn is_ours(&self, name: &[u8]) -> bool {
        match name.len() {
            14 => self.skip_length && name.eq_ignore_ascii_case(b"content-length"),
            17 => name.eq_ignore_ascii_case(b"transfer-encoding"),
            _ => false,
        }
    }
}

fn append_header(out: &mut Vec<u8>, name: &[u8], value: &[u8]) {
    out.extend_from_slice(name);
    out.extend_from_slice(b": ");
    out.extend_from_slice(value);
    out.extend_from_slice(b"\r\n");
}

/// Which of the headers that matter for framing the app has set.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent findings, not one state")]
struct Seen {
    server: bool,
    date: bool,
    close: bool,
    keep_alive: bool,
    length: Option<u64>,
    /// A `Content-Length` that is no number, or two that differ.
    odd_length: bool,
}

impl Seen {
    fn look(headers: &[(Bytes, Bytes)]) -> Result<Self, String> {
        let mut seen = Self::default();
        for (name, value) in headers {
            if !is_field_name(name) || !is_field_value(value) {
                return Err(String::from_utf8_lossy(name).into_owned());
            }
            match name.len() {
                4 => seen.date |= name.eq_ignore_ascii_case(b"date"),
                6 => seen.server |= name.eq_ignore_ascii_case(b"server"),
                10 if name.eq_ignore_ascii_case(b"connection") => {
                    for token in value.split(|&byte| byte == b',').map(<[u8]>::trim_ascii) {
                        seen.close |= token.eq_ignore_ascii_case(b"close");
                        seen.keep_alive |= token.eq_ignore_ascii_case(b"keep-alive");
                    }
                }
                14 if name.eq_ignore_ascii_case(b"content-length") => seen.note_length(value),
                _ => {}
            }
        }
        if seen.odd_length {
            seen.length = None;
        }
        Ok(seen)
    }

    fn note_length(&mut self, value: &[u8]) {
        match (parse_length(value.trim_ascii()), self.length) {
            (None, _) => self.odd_length = true,
            (Some(now), Some(before)) => self.odd_length |= now != before,
            (Some(now), None) => self.length = Some(now),
        }
    }
}

/// Appends what goes before a piece of a body of so many bytes, which are not none.
pub fn frame_begin(out: &mut Vec<u8>, framing: Framing, bytes: usize) {
    if framing == Framing::Chunked {
        append_hex(out, bytes);
        out.extend_from_slice(b"\r\n");
    }
}

/// Appends what goes behind a piece of a body.
pub fn frame_end(out: &mut Vec<u8>, framing: Framing) {
    if framing == Framing::Chunked {
        out.extend_from_slice(b"\r\n");
    }
}

/// Appends what ends a body, if its framing has such a thing.
pub fn frame_last_chunk(out: &mut Vec<u8>, framing: Framing) {
    if framing == Framing::Chunked {
        out.extend_from_slice(b"0\r\n\r\n");
    }
}

fn append_hex(out: &mut Vec<u8>, mut number: usize) {
    let mut digits = [0_u8; 16];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b"0123456789abcdef"[number & 15];
        number >>= 4;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
#[path = "encode_tests.rs"]
mod tests;
