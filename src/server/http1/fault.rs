//! Why a request was refused before (or while) the app saw it: each fault knows its status and the sentence for the
//! client.

use std::fmt;

/// What is wrong with a request on the wire. All of them end the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    RequestLine,
    Target,
    Version,
    RequestLineTooLong,
    BareLineFeed,
    FoldedHeader,
    HeaderName,
    HeaderValue,
    TooManyHeaders,
    HeadTooLarge,
    HostMissing,
    HostRepeated,
    HostInvalid,
    LengthInvalid,
    LengthRepeated,
    LengthBesideChunked,
    CodingUnknown,
    CodingInHttp10,
    Chunk,
    TrailersTooLarge,
    HeadTimeout,
    BodyTimeout,
    /// The client closed the connection in the middle of a message: nobody is left to be answered.
    Gone,
}

impl Fault {
    /// The status of the answer; `None` when there is nobody to answer.
    #[must_use]
    pub fn status(self) -> Option<u16> {
        Some(match self {
            Self::Gone => return None,
            Self::RequestLineTooLong => 414,
            Self::TooManyHeaders | Self::HeadTooLarge | Self::TrailersTooLarge => 431,
            Self::HeadTimeout | Self::BodyTimeout => 408,
            Self::CodingUnknown => 501,
            Self::Version => 505,
            _ => 400,
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RequestLine => "the request line is not \"METHOD target HTTP/1.1\"",
            Self::Target => "the request target is neither a path nor an absolute URL with a host, or has a fragment",
            Self::Version => "only HTTP/1.0 and HTTP/1.1 are spoken here",
            Self::RequestLineTooLong => "the request line is too long",
            Self::BareLineFeed => "a line ends without a carriage return",
            Self::FoldedHeader => "a header continues on a second line",
            Self::HeaderName => "a header name holds a character that names can't hold, or a space before its colon",
            Self::HeaderValue => "a header value holds a control character",
            Self::TooManyHeaders => "there are too many headers",
            Self::HeadTooLarge => "the headers are too large",
            Self::HostMissing => "an HTTP/1.1 request needs a Host header",
            Self::HostRepeated => "the Host header is there twice",
            Self::HostInvalid => "the Host header is no host and port",
            Self::LengthInvalid => "Content-Length is not a number",
            Self::LengthRepeated => "the Content-Length header is there twice",
            Self::LengthBesideChunked => "Content-Length and Transfer-Encoding exclude each other",
            Self::CodingUnknown => "chunked is the only transfer coding understood",
            Self::CodingInHttp10 => "HTTP/1.0 has no transfer codings",
            Self::Chunk => "a chunk of the body is malformed",
            Self::TrailersTooLarge => "the trailers are too large",
            Self::HeadTimeout => "the request did not arrive in time",
            Self::BodyTimeout => "the request body did not arrive in time",
            Self::Gone => "the client left in the middle of its request",
        })
    }
}

impl std::error::Error for Fault {}
