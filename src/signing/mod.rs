//! Signed, timestamped, URL-safe text that ItsDangerous and this crate can both make and read.
//!
//! From the bottom up: `base64` (the alphabet), `digest` (keyed hashes), `signer` (value + signature, several keys),
//! `timed` (value + time + signature), `zlib` (compressing and reading it, up to a size) and `least_size` (whether trying
//! is worth it), `payload` (JSON text to URL-safe text and back). Bytes in, bytes out: nothing here knows about Python,
//! JSON, cookies or the clock; the caller passes the time.

mod base64;
mod digest;
mod error;
mod least_size;
mod payload;
mod signer;
mod timed;
mod zlib;

pub use self::base64::{decode_lenient, encode_unpadded};
pub use self::digest::{Digest, KeyedHash, Tag};
pub use self::error::SigningError;
pub use self::payload::{DEFAULT_INFLATE_LIMIT, decode_payload, encode_payload, is_payload};
pub use self::signer::{Derivation, SecretKeys, Signer};
pub use self::timed::{Stamped, TimedSigner};
