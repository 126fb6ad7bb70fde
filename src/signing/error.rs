//! Everything that can be wrong with a signed text, as one enum. It says what was wrong and never repeats key material.

use std::fmt;

/// Why a text was not accepted, or a signer could not be made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningError {
    /// The text has no `.`: it was never signed.
    SeparatorMissing,
    /// No key of the list made this signature: changed text, or a key that was rotated out.
    SignatureMismatch,
    /// Signed, but by a signer without timestamps.
    TimestampMissing,
    /// Signed, but the part where the time belongs is not one.
    TimestampMalformed,
    /// Signed longer ago than the caller allows.
    Expired { age: i64, max_age: i64 },
    /// Signed at a time that is still to come, for example by a machine whose clock is ahead.
    SignedInFuture { age: i64 },
    /// The payload is not URL-safe base64.
    PayloadNotBase64,
    /// The payload says it is compressed and is not valid zlib data.
    PayloadNotZlib,
    /// The payload inflates to more than `limit` bytes.
    PayloadTooLarge { limit: usize },
    /// A signer was to be made without any key.
    NoKeys,
    /// Not one of `hmac`, `concat`, `django-concat`, `none`.
    UnknownDerivation(String),
    /// Not one of `sha1`, `sha256`, `sha512`.
    UnknownDigest(String),
}

impl SigningError {
    /// Whether the signature itself (rather than the payload under a good one) was refused. A session treats these as
    /// "no session"; the others are faults of the program that signed.
    #[must_use]
    pub fn refuses_signature(&self) -> bool {
        matches!(
            self,
            Self::SeparatorMissing
                | Self::SignatureMismatch
                | Self::TimestampMissing
                | Self::TimestampMalformed
                | Self::Expired { .. }
                | Self::SignedInFuture { .. }
        )
    }
}

impl fmt::Display for SigningError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SeparatorMissing => f.write_str("No '.' in the value: sign it first"),
            Self::SignatureMismatch => f.write_str("The signature fits none of the keys: was a key rotated out?"),
            Self::TimestampMissing => {
                f.write_str("The value is signed without a time: read it with the untimed signer")
            }
            Self::TimestampMalformed => f.write_str("The time in the value can't be read"),
            Self::Expired { age, max_age } => write!(f, "Signed {age} seconds ago, {max_age} are allowed"),
            Self::SignedInFuture { age } => write!(f, "Signed {} seconds in the future: compare the clocks", -age),
            Self::PayloadNotBase64 => f.write_str("The payload is not URL-safe base64"),
            Self::PayloadNotZlib => f.write_str("The payload is marked as compressed but is not zlib data"),
            Self::PayloadTooLarge { limit } => write!(f, "The payload inflates to more than {limit} bytes"),
            Self::NoKeys => f.write_str("Give the signer at least one secret key"),
            Self::UnknownDerivation(name) => {
                write!(
                    f,
                    "No key derivation called {name:?}: use hmac, concat, django-concat or none"
                )
            }
            Self::UnknownDigest(name) => write!(f, "No digest called {name:?}: use sha1, sha256 or sha512"),
        }
    }
}

impl std::error::Error for SigningError {}

#[cfg(test)]
mod tests {
    use super::SigningError as E;

    #[test]
    fn tells_signatures_from_payloads() {
        assert!(E::SignatureMismatch.refuses_signature());
        assert!(E::Expired { age: 2, max_age: 1 }.refuses_signature());
        assert!(!E::PayloadNotZlib.refuses_signature());
        assert!(!E::NoKeys.refuses_signature());
    }

    #[test]
    fn texts_name_the_remedy() {
        let expired = E::Expired { age: 9, max_age: 5 };
        assert_eq!(expired.to_string(), "Signed 9 seconds ago, 5 are allowed");
        assert!(E::UnknownDerivation("md5".into()).to_string().contains("django-concat"));
    }
}
