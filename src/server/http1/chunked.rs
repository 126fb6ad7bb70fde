//! The request body: cut out of the receive buffer by length or by chunks.
//!
//! Must not know where the bytes come from or who wants them.

use bytes::{Buf, Bytes, BytesMut};
use memchr::memchr;

use super::fault::Fault;
use super::field_syntax::FieldLine;
use super::head::BodyLength;

/// Longest chunk-size line with its extensions, and longest trailer section.
const LONGEST_SIZE_LINE: usize = 256;
const LONGEST_TRAILERS: usize = 8 * 1024;

/// What one look at the receive buffer gave.
#[derive(Debug, PartialEq, Eq)]
pub enum ChunkStep {
    /// A piece of the body, never empty.
    Piece(Bytes),
    /// More has to be received first.
    Starved,
    End,
}

/// Follows a body to its end.
#[derive(Debug)]
pub struct BodyDecoder {
    state: ChunkState,
}

#[derive(Debug)]
enum ChunkState {
    Length(u64),
    ChunkSize,
    ChunkData(u64),
    ChunkEnd,
    Trailers(usize),
    Ended,
}

impl BodyDecoder {
    #[must_use]
    pub fn new(length: BodyLength) -> Self {
        let state = match length {
            BodyLength::Known(0) => ChunkState::Ended,
            BodyLength::Known(bytes) => ChunkState::Length(bytes),
            BodyLength::Chunked => ChunkState::ChunkSize,
        };
        Self { state }
    }

    #[must_use]
    pub fn ended(&self) -> bool {
        matches!(self.state, ChunkState::Ended)
    }

    /// How many bytes are still to come, if the client said so.
    #[must_use]
    pub fn remaining(&self) -> Option<u64> {
        match self.state {
            ChunkState::Ended => Some(0),
            ChunkState::Length(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// How many bytes of the body follow as they are, without any framing between them; zero when framing comes first.
    #[must_use]
    pub fn plain(&self) -> u64 {
        match self.state {
            ChunkState::Length(bytes) | ChunkState::ChunkData(bytes) => bytes,
            _ => 0,
        }
    }

    /// Says that so many of the [plain](Self::plain) bytes were received elsewhere than in the receive buffer.
    pub fn pass(&mut self, bytes: u64) {
        self.state = match self.state {
            ChunkState::Length(left) if left <= bytes => ChunkState::Ended,
            ChunkState::Length(left) => ChunkState::Length(left - bytes),
            ChunkState::ChunkData(left) if left <= bytes => ChunkState::ChunkEnd,
            ChunkState::ChunkData(left) => ChunkState::ChunkData(left - bytes),
            ref other => unreachable!("invariant: no plain bytes in {other:?}"),
        };
    }

    /// Takes what it can from the front of `buffer`.
    ///
    /// # Errors
    /// A chunk that is not framed as RFC 9112 7.1 says, to the letter.
    pub fn step(&mut self, buffer: &mut BytesMut) -> Result<ChunkStep, Fault> {
        loop {
            self.state = match self.state {
                ChunkState::Ended => return Ok(ChunkStep::End),
                ChunkState::Length(left) | ChunkState::ChunkData(left) => return Ok(self.take(buffer, left)),
                ChunkState::ChunkSize => match take_line(buffer, LONGEST_SIZE_LINE, Fault::Chunk)? {
                    None => return Ok(ChunkStep::Starved),
                    Some(line) => match parse_chunk_size(&line)? {
                        0 => ChunkState::Trailers(0),
                        size => ChunkState::ChunkData(size),
                    },
                },
                ChunkState::ChunkEnd => match take_line(buffer, 0, Fault::Chunk)? {
                    None => return Ok(ChunkStep::Starved),
                    Some(_) => ChunkState::ChunkSize,
                },
                // Nobody here has a use for trailers: they are dropped, but a line that is no field would be a sign that
                // two readers see two ends of this message.
                ChunkState::Trailers(seen) => {
                    match take_line(buffer, LONGEST_TRAILERS - seen, Fault::TrailersTooLarge)? {
                        None => return Ok(ChunkStep::Starved),
                        Some(line) if line.is_empty() => ChunkState::Ended,
                        Some(line) => {
                            FieldLine::parse(&line)?;
                            ChunkState::Trailers(seen + line.len())
                        }
                    }
                }
            };
        }
    }

    fn take(&mut self, buffer: &mut BytesMut, left: u64) -> ChunkStep {
        if buffer.is_empty() {
            return ChunkStep::Starved;
        }
        let size = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        self.pass(size as u64);
        ChunkStep::Piece(buffer.split_to(size).freeze())
    }
}

/// A line without its CRLF, once it is all there.
fn take_line(buffer: &mut BytesMut, longest: usize, too_long: Fault) -> Result<Option<BytesMut>, Fault> {
    let window = &buffer[..buffer.len().min(longest + 2)];
    match memchr(b'\n', window) {
        Some(0) => Err(Fault::Chunk),
        Some(feed) if window[feed - 1] == b'\r' => {
            let line = buffer.split_to(feed - 1);
            buffer.advance(2);
            if memchr(b'\r', &line).is_some() {
                Err(Fault::Chunk)
            } else {
                Ok(Some(line))
            }
        }
        Some(_) => Err(Fault::Chunk),
        None if window.len() == longest + 2 => Err(too_long),
        // Where an empty line must follow, its first byte decides already.
        None if longest == 0 && window.first().is_some_and(|&byte| byte != b'\r') => Err(Fault::Chunk),
        None => Ok(None),
    }
}

fn parse_chunk_size(line: &[u8]) -> Result<u64, Fault> {
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let extended = match line.get(digits) {
        None => true,
        Some(b';') => line[digits..]
            .iter()
            .all(|&byte| byte == b'\t' || (byte >= b' ' && byte != 0x7F)),
        Some(_) => false,
    };
    // 15 digits: far more than clients send, and no overflow.
    if !(1..=15).contains(&digits) || !extended {
        return Err(Fault::Chunk);
    }
    let text = std::str::from_utf8(&line[..digits]).map_err(|_| Fault::Chunk)?;
    u64::from_str_radix(text, 16).map_err(|_| Fault::Chunk)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Feeds `bytes` in pieces of `stride`; gives the body and what was left over.
    fn decode(length: BodyLength, bytes: &[u8], stride: usize) -> Result<(Vec<u8>, Vec<u8>), Fault> {
        let mut decoder = BodyDecoder::new(length);
        let (mut buffer, mut body) = (BytesMut::new(), Vec::new());
        for piece in bytes.chunks(stride) {
            buffer.extend_from_slice(piece);
            while let ChunkStep::Piece(bytes) = decoder.step(&mut buffer)? {
                body.extend_from_slice(&bytes);
            }
        }
        if decoder.ended() {
            Ok((body, buffer.to_vec()))
        } else {
            Err(Fault::Gone)
        }
    }

    #[test]
    fn reads_bodies_cut_anywhere() {
        let chunked = b"5\r\nhello\r\n6;x=\"y\"\r\n world\r\n0\r\nTrailer: 1\r\n\r\nGET";
        for stride in 1..chunked.len() {
            let (body, rest) = decode(BodyLength::Chunked, chunked, stride).unwrap();
            assert_eq!(body, b"hello world");
            assert_eq!(rest, b"GET");
            assert_eq!(
                decode(BodyLength::Known(3), b"abcd", stride.min(4)).unwrap(),
                (b"abc".to_vec(), b"d".to_vec())
            );
        }
    }

    #[test]
    fn goes_on_behind_bytes_received_elsewhere() {
        let mut known = BodyDecoder::new(BodyLength::Known(5));
        assert_eq!(known.plain(), 5);
        known.pass(3);
        assert_eq!((known.plain(), known.remaining()), (2, Some(2)));
        known.pass(2);
        assert!(known.ended() && known.plain() == 0);

        let mut chunked = BodyDecoder::new(BodyLength::Chunked);
        let mut buffer = BytesMut::from(&b"6\r\nhe"[..]);
        assert_eq!(chunked.plain(), 0);
        assert_eq!(
            chunked.step(&mut buffer),
            Ok(ChunkStep::Piece(Bytes::from_static(b"he")))
        );
        assert_eq!((chunked.plain(), chunked.remaining()), (4, None));
        chunked.pass(4);
        assert_eq!(chunked.plain(), 0);
        buffer.extend_from_slice(b"\r\n0\r\n\r\n");
        assert_eq!(chunked.step(&mut buffer), Ok(ChunkStep::End));
    }

    #[test]
    fn refuses_bad_chunks() {
        let table: &[&[u8]] = &[
            b"\r\n",
            b"g\r\n",
            b"5 \r\nhello\r\n0\r\n\r\n",
            b"-1\r\n",
            b"0x5\r\nhello\r\n",
            b"5\nhello\r\n",
            b"5\r\nhelloX\r\n",
            b"5\r\nhello\n0\r\n\r\n",
            b"1000000000000000\r\n",
            b"5;\x01\r\nhello\r\n",
            b"0\r\n\n",
            b" 5\r\nhello\r\n",
        ];
        for bytes in table {
            assert_eq!(
                decode(BodyLength::Chunked, bytes, 1),
                Err(Fault::Chunk),
                "{}",
                bytes.escape_ascii()
            );
        }
        let trailers: &[(&[u8], Fault)] = &[
            (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", Fault::HeaderName),
            (b"X : a\r\n\r\n", Fault::HeaderName),
            (b": a\r\n\r\n", Fault::HeaderName),
            (b"X\r\n\r\n", Fault::HeaderName),
            (b"X: a\r\n b\r\n\r\n", Fault::FoldedHeader),
            (b"X: a\0b\r\n\r\n", Fault::HeaderValue),
            (b"X: a\n\r\n", Fault::Chunk),
            (b"X: a\rb\r\n\r\n", Fault::Chunk),
        ];
        for (lines, fault) in trailers {
            let bytes = [b"0\r\n", *lines].concat();
            assert_eq!(
                decode(BodyLength::Chunked, &bytes, 1),
                Err(*fault),
                "{}",
                bytes.escape_ascii()
            );
        }
        let mut long = b"0\r\n".to_vec();
        long.resize(9000, b'a');
        assert_eq!(decode(BodyLength::Chunked, &long, 100), Err(Fault::TrailersTooLarge));
    }
}
