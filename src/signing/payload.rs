//! The value inside a signed text: JSON as URL-safe base64, deflated first when that makes it shorter (a leading `.`
//! says so).
//!
//! Inflating is bounded: a few kilobytes of cookie could otherwise claim a thousand times their size in memory.

use super::zlib::{compress, decompress};
use super::{SigningError, decode_lenient, encode_unpadded};

/// The largest payload that is inflated unless the caller says otherwise, in bytes.
pub const DEFAULT_INFLATE_LIMIT: usize = 4 << 20;

const COMPRESSED: u8 = b'.';

/// `json` as URL-safe text.
#[must_use]
pub fn encode_payload(json: &[u8]) -> Vec<u8> {
    let deflated = deflate_if_shorter(json);
    let bytes = deflated.as_deref().unwrap_or(json);
    // Room for the text and for the time and signature that usually follow.
    let mut text = Vec::with_capacity(bytes.len().div_ceil(3) * 4 + 64);
    if deflated.is_some() {
        text.push(COMPRESSED);
    }
    encode_unpadded(bytes, &mut text);
    text
}

/// The JSON inside `payload`.
///
/// # Errors
/// [`SigningError::PayloadNotBase64`], [`SigningError::PayloadNotZlib`], or [`SigningError::PayloadTooLarge`] beyond
/// `limit` bytes.
pub fn decode_payload(payload: &[u8], limit: usize) -> Result<Vec<u8>, SigningError> {
    let packed = payload.strip_prefix(&[COMPRESSED]);
    let bytes = decode_lenient(packed.unwrap_or(payload)).ok_or(SigningError::PayloadNotBase64)?;
    match packed {
        Some(_) => decompress(&bytes, limit),
        None => Ok(bytes),
    }
}

/// Whether `payload` is made of the characters that [`encode_payload`] uses; [`decode_payload`] skips others.
#[must_use]
pub fn is_payload(payload: &[u8]) -> bool {
    let text = payload.strip_prefix(&[COMPRESSED]).unwrap_or(payload);
    text.iter()
        .all(|&byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// At least two bytes must be won: one for the marker, and one to show for it.
fn deflate_if_shorter(json: &[u8]) -> Option<Vec<u8>> {
    compress(json, json.len().checked_sub(2)?)
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT_INFLATE_LIMIT, decode_payload, deflate_if_shorter, encode_payload};
    use crate::signing::{SigningError, encode_unpadded};

    fn decoded(payload: &[u8]) -> Result<String, SigningError> {
        decode_payload(payload, DEFAULT_INFLATE_LIMIT).map(|json| String::from_utf8(json).unwrap())
    }

    #[test]
    fn short_text_stays_plain() {
        assert_eq!(encode_payload(br#"{"a":1}"#), b"eyJhIjoxfQ");
        assert_eq!(encode_payload(b""), b"");
        assert_eq!(decoded(b"eyJhIjoxfQ").unwrap(), r#"{"a":1}"#);
    }

    #[test]
    fn repeating_text_is_deflated_and_comes_back() {
        let json = format!("[{}1]", "\"again\",".repeat(500));
        let payload = encode_payload(json.as_bytes());
        assert_eq!(payload[0], b'.');
        assert!(payload.len() < 100);
        assert_eq!(decoded(&payload).unwrap(), json);
    }

    #[test]
    fn bombs_stop_at_the_limit() {
        let mut payload = b".".to_vec();
        encode_unpadded(&deflate_if_shorter(&vec![b' '; 200_000]).unwrap(), &mut payload);
        assert_eq!(
            decode_payload(&payload, 100_000),
            Err(SigningError::PayloadTooLarge { limit: 100_000 })
        );
        assert_eq!(decode_payload(&payload, 200_000).unwrap().len(), 200_000);
    }

    #[test]
    fn broken_payloads() {
        assert_eq!(decoded(b"a"), Err(SigningError::PayloadNotBase64));
        assert_eq!(decoded(b"."), Err(SigningError::PayloadNotZlib));
        assert_eq!(decoded(b".eyJhIjoxfQ"), Err(SigningError::PayloadNotZlib));
        let whole = deflate_if_shorter(&[b'x'; 300]).unwrap();
        for cut in 0..whole.len() {
            let mut payload = b".".to_vec();
            encode_unpadded(&whole[..cut], &mut payload);
            assert_eq!(decoded(&payload), Err(SigningError::PayloadNotZlib), "cut at {cut}");
        }
        // A wrong checksum is an error, bytes after the end are not: as Python's zlib.
        let mut wrong = whole.clone();
        *wrong.last_mut().unwrap() ^= 1;
        let mut payload = b".".to_vec();
        encode_unpadded(&wrong, &mut payload);
        assert_eq!(decoded(&payload), Err(SigningError::PayloadNotZlib));
        let mut payload = b".".to_vec();
        encode_unpadded(&[&whole[..], b"more"].concat(), &mut payload);
        assert_eq!(decoded(&payload).unwrap().len(), 300);
    }
}
