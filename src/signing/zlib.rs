//! Zlib streams (RFC 1950) through C zlib, the library that Python's `zlib` is: the bytes of a compressed payload, and
//! whether compressing pays, come out as they do there.
//!
//! Both states live as long as their thread. A new one is a quarter of a megabyte to allocate and clear; a reset clears
//! 64 KiB of it.

use std::cell::RefCell;

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

use super::SigningError;
use super::least_size::least_size;

thread_local! {
    static COMPRESS: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(6), true));
    static DECOMPRESS: RefCell<Decompress> = RefCell::new(Decompress::new(true));
}

/// `input` compressed at zlib's default level, if that takes at most `room` bytes.
pub fn compress(input: &[u8], room: usize) -> Option<Vec<u8>> {
    if least_size(input) > room {
        return None;
    }
    let mut out = Vec::with_capacity(room);
    COMPRESS.with_borrow_mut(|state| {
        state.reset();
        let status = state.compress_vec(input, &mut out, FlushCompress::Finish);
        (matches!(status, Ok(Status::StreamEnd)) && out.len() <= room).then_some(out)
    })
}

/// The content of the zlib stream that `input` begins with; what follows its end does not matter.
///
/// # Errors
/// [`SigningError::PayloadTooLarge`] beyond `limit` bytes, else [`SigningError::PayloadNotZlib`].
pub fn decompress(input: &[u8], limit: usize) -> Result<Vec<u8>, SigningError> {
    const LEAST_ROOM: usize = 64;
    // One byte more than is allowed, to see that there is more.
    let most = limit.saturating_add(1);
    let mut out = Vec::with_capacity((input.len() * 4).max(LEAST_ROOM).min(most));
    DECOMPRESS.with_borrow_mut(|state| {
        state.reset(true);
        let mut rest = input;
        loop {
            let before = state.total_in();
            let status = state.decompress_vec(rest, &mut out, FlushDecompress::Finish);
            let status = status.map_err(|_| SigningError::PayloadNotZlib)?;
            if out.len() > limit {
                return Err(SigningError::PayloadTooLarge { limit });
            }
            if status == Status::StreamEnd {
                return Ok(out);
            }
            if out.len() < out.capacity() {
                return Err(SigningError::PayloadNotZlib);
            }
            let read = usize::try_from(state.total_in() - before).expect("invariant: no more than there was");
            rest = &rest[read..];
            out.reserve_exact(out.len().min(most - out.len()));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{compress, decompress};
    use crate::signing::SigningError;

    const LIMIT: usize = 1 << 20;

    /// `zlib.compress` of Python 3.11 with zlib 1.2.13.
    #[test]
    fn bytes_of_python() {
        let repeated = "{\"k\":\"value\"},".repeat(40);
        let table: [(&str, &str); 4] = [
            (
                "日本語テ日本語テ日本語テ",
                "789c7b367de9b3396b5eac9af7b8b9ed190e3600d9d31945",
            ),
            ("ÿþýüÿþýüÿþýü", "789c3bbcfff0bec37b0fef398c460300e1a21207"),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "789c4b4c240e000036eb0f29"),
            (&repeated, "789cab56ca56b2522a4bcc294d55aad5a91ee58df2f0f2001c9eb131"),
        ];
        for (text, hex) in table {
            let size = hex.len() / 2;
            let written = compress(text.as_bytes(), size).unwrap();
            let written = written
                .iter()
                .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
            assert_eq!(written, hex);
            assert_eq!(compress(text.as_bytes(), size - 1), None);
        }
        assert_eq!(compress(b"", 0), None);
    }

    #[test]
    fn limits_are_exact() {
        let packed = compress(&[b' '; 5000], 100).unwrap();
        for limit in [5000, 5001, LIMIT, usize::MAX] {
            assert_eq!(decompress(&packed, limit).map(|content| content.len()), Ok(5000));
        }
        for limit in [0, 1, 63, 64, 100, 4999] {
            assert_eq!(decompress(&packed, limit), Err(SigningError::PayloadTooLarge { limit }));
        }
    }

    #[test]
    fn refuses_other_formats() {
        let good = compress(&[b'x'; 300], 100).unwrap();
        assert!(decompress(&good, LIMIT).is_ok());
        // Another method; a window of 64 KiB; a dictionary; a header whose checksum is wrong.
        for header in [[0x79, 0x9c], [0x88, 0x1c], [0x78, 0xbb], [0x78, 0x9d]] {
            let changed = [&header, &good[2..]].concat();
            assert_eq!(
                decompress(&changed, LIMIT),
                Err(SigningError::PayloadNotZlib),
                "{header:?}"
            );
        }
        assert_eq!(decompress(b"", LIMIT), Err(SigningError::PayloadNotZlib));
        // One failure does not spoil the next stream.
        assert!(decompress(&good, LIMIT).is_ok());
    }
}
