//! The request head: found in the receive buffer line by line, then parsed in one pass.
//!
//! Header values stay slices of the received bytes. Must not know what happens to a request afterwards.

use std::borrow::Cow;

use bytes::Bytes;
use memchr::memchr;

use super::fault::Fault;
use super::field_syntax::{FieldLine, parse_length};
use crate::http::header_name::HeaderName;
use crate::http::request_headers::RequestHeaders;
use crate::http::request_target::{is_host, is_target};
use crate::http::token::token;
use crate::http::version::Version;

/// How large a request head may be.
#[derive(Debug, Clone, Copy)]
pub struct HeadLimits {
    /// Longest request line, in bytes.
    pub line: usize,
    /// Most header fields.
    pub fields: usize,
    /// Largest head in all, in bytes.
    pub total: usize,
}

/// What a look at the receive buffer found.
#[derive(Debug, PartialEq, Eq)]
pub enum Scan {
    /// The head takes this many bytes, its empty line included.
    Complete(usize),
    Partial,
}

/// Looks for the end of the head, never at a byte twice, and remembers where the lines are.
#[derive(Default)]
pub struct HeadScanner {
    scanned: usize,
    line_start: usize,
    lines: Vec<(u32, u32)>,
}

impl HeadScanner {
    /// Forgets the last head; to be called before the next one.
    pub fn reset(&mut self) {
        self.scanned = 0;
        self.line_start = 0;
        self.lines.clear();
    }

    /// Goes on where the last call stopped; `buffer` begins with the head.
    ///
    /// # Errors
    /// A bare line feed, or more than `limits` allow.
    pub fn scan(&mut self, buffer: &[u8], limits: &HeadLimits) -> Result<Scan, Fault> {
        while let Some(at) = memchr(b'\n', &buffer[self.scanned..]) {
            let feed = self.scanned + at;
            if feed == self.line_start || buffer[feed - 1] != b'\r' {
                return Err(Fault::BareLineFeed);
            }
            let (start, end) = (self.line_start, feed - 1);
            self.scanned = feed + 1;
            self.line_start = feed + 1;
            if start == end {
                // RFC 9112 2.2: empty lines before the request line are passed over.
                if self.lines.is_empty() && feed < 8 {
                    continue;
                }
                return if self.lines.is_empty() {
                    Err(Fault::RequestLine)
                } else {
                    Ok(Scan::Complete(feed + 1))
                };
            }
            self.note_line(start, end, limits)?;
        }
        self.scanned = buffer.len();
        if self.lines.is_empty() && buffer.len() - self.line_start > limits.line {
            return Err(Fault::RequestLineTooLong);
        }
        if buffer.len() > limits.total {
            return Err(Fault::HeadTooLarge);
        }
        Ok(Scan::Partial)
    }

    fn note_line(&mut self, start: usize, end: usize, limits: &HeadLimits) -> Result<(), Fault> {
        if self.lines.is_empty() && end - start > limits.line {
            return Err(Fault::RequestLineTooLong);
        }
        if self.lines.len() > limits.fields {
            return Err(Fault::TooManyHeaders);
        }
        let (Ok(start), Ok(stop)) = (u32::try_from(start), u32::try_from(end)) else {
            return Err(Fault::HeadTooLarge);
        };
        if end > limits.total {
            return Err(Fault::HeadTooLarge);
        }
        self.lines.push((start, stop));
        Ok(())
    }

    fn lines(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.lines.iter().map(|&(start, end)| (start as usize, end as usize))
    }
}

/// How the body that follows a head is delimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyLength {
    Known(u64),
    Chunked,
}

/// The length of a body that is not there.
pub const NO_BODY: BodyLength = BodyLength::Known(0);

/// A parsed request head.
#[derive(Debug)]
pub struct RequestHead {
    /// As the client spelled it; one of the usual ones is borrowed.
    pub method: Cow<'static, str>,
    pub target: String,
    pub version: Version,
    pub headers: RequestHeaders,
    pub body: BodyLength,
    /// The client would like to use the connection again.
    pub keep_alive: bool,
    /// The client waits for `100 Continue` before it sends the body.
    pub expects_continue: bool,
}

/// Parses a complete head that `scanner` has just found.
///
/// # Errors
/// Whatever makes the request ambiguous or malformed.
pub fn parse_head(scanner: &HeadScanner, head: &Bytes) -> Result<RequestHead, Fault> {
    let mut lines = scanner.lines();
    let (start, end) = lines.next().ok_or(Fault::RequestLine)?;
    let line = parse_request_line(&head[start..end])?;
    let mut fields = Fields::new(head, scanner.lines.len() - 1);
    for (start, end) in lines {
        fields.add(head, start, end)?;
    }
    fields.finish(line)
}

type RequestLine = (Cow<'static, str>, String, Version);

fn parse_request_line(line: &[u8]) -> Result<RequestLine, Fault> {
    let first = memchr(b' ', line).ok_or(Fault::RequestLine)?;
    let method = parse_method(&line[..first]).ok_or(Fault::RequestLine)?;
    let rest = &line[first + 1..];
    let second = memchr(b' ', rest).ok_or(Fault::RequestLine)?;
    let version = parse_version(&rest[second + 1..])?;
    let target = &rest[..second];
    if !is_target(&method, target) {
        return Err(Fault::Target);
    }
    // Bytes past ASCII are not allowed there, but browsers of old and curl send them: UTF-8 if it is, Latin-1 if not.
    let target = match std::str::from_utf8(target) {
        Ok(text) => text.to_owned(),
        Err(_) => target.iter().map(|&byte| char::from(byte)).collect(),
    };
    Ok((method, target, version))
}

fn parse_method(name: &[u8]) -> Option<Cow<'static, str>> {
    Some(Cow::Borrowed(match name {
        b"GET" => "GET",
        b"POST" => "POST",
        b"HEAD" => "HEAD",
        b"PUT" => "PUT",
        b"DELETE" => "DELETE",
        b"OPTIONS" => "OPTIONS",
        b"PATCH" => "PATCH",
        _ => {
            let (length, _) = token(name);
            let proper = length > 0 && length == name.len();
            return proper.then(|| name.iter().map(|&byte| char::from(byte)).collect());
        }
    }))
}

fn parse_version(text: &[u8]) -> Result<Version, Fault> {
    match text {
        b"HTTP/1.1" => Ok(Version::Http11),
        b"HTTP/1.0" => Ok(Version::Http10),
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', minor] if minor.is_ascii_digit() => Ok(Version::Http11),
        [b'H', b'T', b'T', b'P', b'/', major, b'.', minor] if major.is_ascii_digit() && minor.is_ascii_digit() => {
            Err(Fault::Version)
        }
        _ => Err(Fault::RequestLine),
    }
}

/// The header fields while they are being read, and what those that frame the message said.
#[expect(clippy::struct_excessive_bools, reason = "independent findings, not one state")]
struct Fields {
    headers: RequestHeaders,
    length: Option<u64>,
    chunked: bool,
    hosts: u32,
    close: bool,
    keep_alive: bool,
    expects_continue: bool,
}

impl Fields {
    fn new(head: &Bytes, count: usize) -> Self {
        Self {
            headers: RequestHeaders::with_capacity(head.clone(), count),
            length: None,
            chunked: false,
            hosts: 0,
            close: false,
            keep_alive: false,
            expects_continue: false,
        }
    }

    fn add(&mut self, head: &[u8], start: usize, end: usize) -> Result<(), Fault> {
        let line = &head[start..end];
        let field = FieldLine::parse(line)?;
        let (from, to) = field.value;
        let value = &line[from..to];
        // `X_Foo` and `X-Foo` are one key in a WSGI environ: the spelling that a proxy does not check is left out.
        if field.is_underscored {
            return Ok(());
        }
        let name = HeaderName::find(&line[..field.colon]);
        if let Some(name) = name {
            self.note(name, value)?;
        }
        self.headers
            .push(name, (start, start + field.colon), (start + from, start + to))
            .ok_or(Fault::HeadTooLarge)
    }

    fn note(&mut self, name: HeaderName, value: &[u8]) -> Result<(), Fault> {
        match name {
            HeaderName::ContentLength => match self.length.replace(parse_length(value).ok_or(Fault::LengthInvalid)?) {
                None => {}
                Some(_) => return Err(Fault::LengthRepeated),
            },
            HeaderName::TransferEncoding => {
                if self.chunked || !value.eq_ignore_ascii_case(b"chunked") {
                    return Err(Fault::CodingUnknown);
                }
                self.chunked = true;
            }
            HeaderName::Host => {
                if !is_host(value) {
                    return Err(Fault::HostInvalid);
                }
                self.hosts += 1;
            }
            HeaderName::Connection => {
                for token in value.split(|&byte| byte == b',').map(<[u8]>::trim_ascii) {
                    self.close |= token.eq_ignore_ascii_case(b"close");
                    self.keep_alive |= token.eq_ignore_ascii_case(b"keep-alive");
                }
            }
            HeaderName::Expect => self.expects_continue = value.eq_ignore_ascii_case(b"100-continue"),
            _ => {}
        }
        Ok(())
    }

    fn finish(self, (method, target, version): RequestLine) -> Result<RequestHead, Fault> {
        let modern = version == Version::Http11;
        if self.chunked && !modern {
            return Err(Fault::CodingInHttp10);
        }
        if self.chunked && self.length.is_some() {
            return Err(Fault::LengthBesideChunked);
        }
        match self.hosts {
            0 if modern => return Err(Fault::HostMissing),
            0 | 1 => {}
            _ => return Err(Fault::HostRepeated),
        }
        let body = if self.chunked {
            BodyLength::Chunked
        } else {
            BodyLength::Known(self.length.unwrap_or(0))
        };
        Ok(RequestHead {
            method,
            target,
            version,
            headers: self.headers,
            body,
            keep_alive: !self.close && (modern || self.keep_alive),
            expects_continue: self.expects_continue && modern,
        })
    }
}

#[cfg(test)]
#[path = "head_tests.rs"]
mod tests;
