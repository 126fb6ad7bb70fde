//! `value.time.signature`: a signer that also writes when it signed, in seconds since 1970, big-endian, without leading
//! zeros.
//!
//! The clock is the caller's: every function that needs the time takes `now`.

use super::signer::{SEPARATOR, split_last};
use super::{Signer, SigningError, decode_lenient, encode_unpadded};

/// A value whose signature was good, and when it was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamped<'a> {
    pub value: &'a [u8],
    /// Seconds since 1970.
    pub signed_at: u64,
}

/// A [`Signer`] with a time between the value and the signature.
#[derive(Clone)]
pub struct TimedSigner(Signer);

impl TimedSigner {
    #[must_use]
    pub fn new(signer: Signer) -> Self {
        Self(signer)
    }

    /// Turns `text` into `text.time.signature`. `now` is in seconds since 1970.
    pub fn sign_in_place(&self, text: &mut Vec<u8>, now: u64) {
        text.push(SEPARATOR);
        let bytes = now.to_be_bytes();
        encode_unpadded(&bytes[now.leading_zeros() as usize / 8..], text);
        self.0.sign_in_place(text);
    }

    /// The value, when its signature is good and it is at most `max_age` seconds old (`None`: of any age).
    ///
    /// # Errors
    /// One of those for which [`SigningError::refuses_signature`] holds; a bad signature goes before a bad time.
    pub fn unsign<'a>(&self, signed: &'a [u8], max_age: Option<i64>, now: u64) -> Result<Stamped<'a>, SigningError> {
        let stamped = self.0.unsign(signed)?;
        let (value, time) = split_last(stamped).ok_or(SigningError::TimestampMissing)?;
        let signed_at = decode_lenient(time).and_then(|bytes| from_big_endian(&bytes));
        let signed_at = signed_at.ok_or(SigningError::TimestampMalformed)?;
        if let Some(max_age) = max_age {
            check_age(signed_at, now, max_age)?;
        }
        Ok(Stamped { value, signed_at })
    }
}

fn check_age(signed_at: u64, now: u64, max_age: i64) -> Result<(), SigningError> {
    let age = i128::from(now) - i128::from(signed_at);
    let shown = i64::try_from(age).unwrap_or(i64::MIN);
    if age > i128::from(max_age) {
        return Err(SigningError::Expired { age: shown, max_age });
    }
    if age < 0 {
        return Err(SigningError::SignedInFuture { age: shown });
    }
    Ok(())
}

fn from_big_endian(bytes: &[u8]) -> Option<u64> {
    (bytes.len() <= 8).then(|| bytes.iter().fold(0, |sum, &byte| sum << 8 | u64::from(byte)))
}

#[cfg(test)]
mod tests {
    use super::{Stamped, TimedSigner};
    use crate::signing::{Derivation, Digest, SecretKeys, Signer, SigningError, decode_payload};

    const NOW: u64 = 1_700_000_000;
    /// `itsdangerous.TimestampSigner("secret", salt="salt", key_derivation="hmac").sign("value")` at `NOW`.
    const SIGNED: &str = "value.ZVPxAA.wzknh6UPZA8EDqHvSJtM_y9jEQg";

    fn signer() -> TimedSigner {
        let keys = SecretKeys::oldest_first(vec![b"secret".to_vec()]);
        TimedSigner::new(Signer::new(&keys, b"salt", Derivation::Hmac, Digest::Sha1).unwrap())
    }

    #[test]
    fn itsdangerous_vector() {
        let mut text = b"value".to_vec();
        signer().sign_in_place(&mut text, NOW);
        assert_eq!(String::from_utf8(text).unwrap(), SIGNED);
    }

    #[test]
    fn age_is_allowed_up_to_and_including_the_limit() {
        let signer = signer();
        let at = |now, max_age| signer.unsign(SIGNED.as_bytes(), max_age, now);
        let good = Ok(Stamped {
            value: b"value",
            signed_at: NOW,
        });
        assert_eq!(at(0, None), good);
        assert_eq!(at(NOW, Some(0)), good);
        assert_eq!(at(NOW + 10, Some(10)), good);
        assert_eq!(
            at(NOW + 11, Some(10)),
            Err(SigningError::Expired { age: 11, max_age: 10 })
        );
        assert_eq!(at(NOW - 1, Some(10)), Err(SigningError::SignedInFuture { age: -1 }));
        assert_eq!(at(NOW, Some(-1)), Err(SigningError::Expired { age: 0, max_age: -1 }));
    }

    #[test]
    fn needs_a_readable_time() {
        let keys = SecretKeys::oldest_first(vec![b"secret".to_vec()]);
        let plain = Signer::new(&keys, b"salt", Derivation::Hmac, Digest::Sha1).unwrap();
        let unsign = |value: &str| {
            let mut text = value.as_bytes().to_vec();
            plain.sign_in_place(&mut text);
            signer().unsign(&text, None, NOW).map(|stamped| stamped.signed_at)
        };
        assert_eq!(unsign("value"), Err(SigningError::TimestampMissing));
        assert_eq!(unsign("value.A"), Err(SigningError::TimestampMalformed));
        assert_eq!(unsign("value.AAAAAAAAAAAAAAAA"), Err(SigningError::TimestampMalformed));
        assert_eq!(unsign("value."), Ok(0));
    }

    /// Two cookies of 2014, written under Python 2 with the epoch that ItsDangerous had before 1.0.
    #[test]
    fn cookies_of_2014_still_verify() {
        let keys = SecretKeys::oldest_first(vec![b"some_secret".to_vec()]);
        let signer = TimedSigner::new(Signer::new(&keys, b"cookie-session", Derivation::Hmac, Digest::Sha1).unwrap());
        let first = ".eJyrVopPy0kszkgtVrKKrlZSKIFQSUpWSknhYVXJRm55UYG2tkq1OlDRyHC_rKgIvypPdzcDTxdXA1-XwHLfLE\
                     dTfxfPUn8XX6DKWCAEAJKBGq8.BpE6dg.F1VURZa7VqU9bvbC4XIBO9-3Y4Y";
        let second = ".eJyrVopPy0kszkgtVrKKrlZSKIFQSUpWSknhYVXJRm55UYG2tkq1OlDRyHC_rKgIvypPdzcDTxdXA1-XwHLfL\
                      EdTfxfPUn8XX6DKWLBaMg1yrfCtciz1rfIEGxRbCwAhGjC5.BpE7Cg.Cb_B_k2otqczhknGnpNjQ5u4dqw";
        let one = r#"{" t":[{" b":"bWVzc2FnZQ=="},{" b":"YWNjZXNzIGF0IDE0MDQwMjA5ODIuODM="}]}"#;
        let two = r#"{" t":[{" b":"bWVzc2FnZQ=="},{" b":"YWNjZXNzIGF0IDE0MDQwMjExMzAuMzI="}]}"#;
        let rows = [
            (first, 110_180_982, one.to_owned()),
            (second, 110_181_130, format!("{one},{two}")),
        ];
        for (cookie, signed_at, flashes) in rows {
            let stamped = signer.unsign(cookie.as_bytes(), None, NOW).unwrap();
            assert_eq!(stamped.signed_at, signed_at);
            let json = decode_payload(stamped.value, 1000).unwrap();
            assert_eq!(
                String::from_utf8(json).unwrap(),
                format!(r#"{{"_flashes":[{flashes}]}}"#)
            );
            let month = 31 * 24 * 3600;
            assert!(matches!(
                signer.unsign(cookie.as_bytes(), Some(month), NOW),
                Err(SigningError::Expired { .. })
            ));
        }
    }
}
