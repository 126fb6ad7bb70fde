//! The hashes a signer may use, behind one enum each for "hash this" and "hash this under a key".
//!
//! A [`KeyedHash`] holds the state after the key was absorbed, so that signing costs only the message. Knows nothing of
//! base64 or separators.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::SigningError;

/// A hash function, by the name `hashlib` gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Digest {
    #[default]
    Sha1,
    Sha256,
    Sha512,
}

impl Digest {
    /// # Errors
    /// [`SigningError::UnknownDigest`] for a name other than `sha1`, `sha256`, `sha512`.
    pub fn from_name(name: &str) -> Result<Self, SigningError> {
        match name {
            "sha1" => Ok(Self::Sha1),
            "sha256" => Ok(Self::Sha256),
            "sha512" => Ok(Self::Sha512),
            _ => Err(SigningError::UnknownDigest(name.to_owned())),
        }
    }

    /// The plain hash of the parts, one after the other.
    #[must_use]
    pub fn hash(self, parts: &[&[u8]]) -> Vec<u8> {
        fn run<D: sha2::Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut state = D::new();
            for part in parts {
                state.update(part);
            }
            state.finalize().to_vec()
        }
        match self {
            Self::Sha1 => run::<Sha1>(parts),
            Self::Sha256 => run::<Sha256>(parts),
            Self::Sha512 => run::<Sha512>(parts),
        }
    }

    /// HMAC under `key`, which may have any length.
    #[must_use]
    pub fn keyed(self, key: &[u8]) -> KeyedHash {
        const ANY: &str = "invariant: HMAC takes keys of every length";
        match self {
            Self::Sha1 => KeyedHash::Sha1(Hmac::new_from_slice(key).expect(ANY)),
            Self::Sha256 => KeyedHash::Sha256(Hmac::new_from_slice(key).expect(ANY)),
            Self::Sha512 => KeyedHash::Sha512(Box::new(Hmac::new_from_slice(key).expect(ANY))),
        }
    }
}

/// An HMAC whose key is already in. Cheap to use again and again. Has no `Debug`: it is as good as the key.
#[derive(Clone)]
pub enum KeyedHash {
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
    Sha512(Box<Hmac<Sha512>>),
}

impl KeyedHash {
    /// The tag of the parts, one after the other.
    #[must_use]
    pub fn tag(&self, parts: &[&[u8]]) -> Tag {
        fn run<M: Mac>(mut state: M, parts: &[&[u8]]) -> Tag {
            for part in parts {
                state.update(part);
            }
            Tag::new(&state.finalize().into_bytes())
        }
        match self {
            Self::Sha1(state) => run(state.clone(), parts),
            Self::Sha256(state) => run(state.clone(), parts),
            Self::Sha512(state) => run((**state).clone(), parts),
        }
    }
}

/// What an HMAC gives: at most 64 bytes, stored inline. Compared in constant time only, so there is no `PartialEq`.
#[derive(Clone, Copy)]
pub struct Tag {
    bytes: [u8; 64],
    len: usize,
}

impl Tag {
    fn new(from: &[u8]) -> Self {
        let mut bytes = [0; 64];
        bytes[..from.len()].copy_from_slice(from);
        Self { bytes, len: from.len() }
    }

    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    /// Equal, in a time that depends on the lengths alone.
    #[must_use]
    pub fn matches(&self, other: &[u8]) -> bool {
        self.as_bytes().ct_eq(other).into()
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    fn hex(bytes: &[u8]) -> String {
        bytes
            .iter()
            .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }

    /// FIPS 180 "abc" and RFC 2202 / RFC 4231 test case 2.
    #[test]
    fn published_vectors() {
        let table = [
            (
                "sha1",
                "a9993e364706816aba3e25717850c26c9cd0d89d",
                "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            ),
            (
                "sha256",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
        ];
        for (name, plain, keyed) in table {
            let digest = Digest::from_name(name).unwrap();
            assert_eq!(hex(&digest.hash(&[b"a", b"bc"])), plain);
            let tag = digest.keyed(b"Jefe").tag(&[b"what do ya want ", b"for nothing?"]);
            assert_eq!(hex(tag.as_bytes()), keyed);
        }
    }

    #[test]
    fn compares_whole_tags() {
        let tag = Digest::Sha512.keyed(b"k").tag(&[b"v"]);
        assert_eq!(tag.as_bytes().len(), 64);
        assert!(tag.matches(tag.as_bytes()));
        assert!(!tag.matches(&tag.as_bytes()[..63]));
        assert!(!tag.matches(b""));
    }

    #[test]
    fn refuses_other_names() {
        assert!(Digest::from_name("md5").is_err());
    }
}
