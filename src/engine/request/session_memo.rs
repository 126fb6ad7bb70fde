//! What a request's cookie had for the JSON in it, so that the same JSON need not be deflated again: a permanent session
//! is sealed for every answer, and seldom differs from what came in.

use crate::signing::is_payload;

/// JSON and its payload.
pub struct SessionMemo {
    json: Vec<u8>,
    payload: Vec<u8>,
}

impl SessionMemo {
    /// `payload` is what `json` was read from.
    pub fn new(json: Vec<u8>, payload: &[u8]) -> Self {
        Self {
            json,
            payload: payload.to_vec(),
        }
    }

    /// The payload for `json`, if that is what came in. Payloads are read with more tolerance than they are written.
    pub fn payload_of(&self, json: &[u8]) -> Option<&[u8]> {
        (self.json == json && is_payload(&self.payload)).then_some(&self.payload)
    }
}

#[cfg(test)]
mod tests {
    use super::SessionMemo;
    use crate::signing::{DEFAULT_INFLATE_LIMIT, decode_payload, encode_payload};

    #[test]
    fn only_the_same_json_has_a_payload() {
        for json in [r#"{"a":1}"#.to_owned(), format!("[{}1]", "\"again\",".repeat(50))] {
            let payload = encode_payload(json.as_bytes());
            let packed = SessionMemo::new(json.clone().into_bytes(), &payload);
            assert_eq!(packed.payload_of(json.as_bytes()), Some(&payload[..]));
            assert_eq!(packed.payload_of(&json.as_bytes()[1..]), None);
        }
    }

    #[test]
    fn a_payload_that_nobody_would_write_is_not_sent_again() {
        let odd = b"eyJhI=joxfQ==";
        let json = decode_payload(b"eyJhIjoxfQ==", DEFAULT_INFLATE_LIMIT).unwrap();
        for payload in [&odd[..], b"eyJhIjoxfQ==", b"eyJhI joxfQ"] {
            assert_eq!(SessionMemo::new(json.clone(), payload).payload_of(&json), None);
        }
    }
}
