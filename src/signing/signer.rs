//! `value.signature`, made with the newest of several keys and accepted from any of them.
//!
//! Keys are derived once, when the signer is made. The layout is ItsDangerous's: HMAC of the value, URL-safe base64,
//! after the last `.`.

use super::{Digest, KeyedHash, SigningError, decode_lenient, encode_unpadded};

pub(super) const SEPARATOR: u8 = b'.';

/// How a secret key and a salt become the key that signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// HMAC of the salt under the secret.
    Hmac,
    /// Hash of salt and secret.
    Concat,
    /// Hash of salt, the word `signer` and secret: ItsDangerous's own default.
    DjangoConcat,
    /// The secret itself; the salt is ignored.
    None,
}

impl Derivation {
    /// # Errors
    /// [`SigningError::UnknownDerivation`] for any other name.
    pub fn from_name(name: &str) -> Result<Self, SigningError> {
        match name {
            "hmac" => Ok(Self::Hmac),
            "concat" => Ok(Self::Concat),
            "django-concat" => Ok(Self::DjangoConcat),
            "none" => Ok(Self::None),
            _ => Err(SigningError::UnknownDerivation(name.to_owned())),
        }
    }

    fn derive(self, digest: Digest, salt: &[u8], secret: &[u8]) -> Vec<u8> {
        match self {
            Self::Hmac => digest.keyed(secret).tag(&[salt]).as_bytes().to_vec(),
            Self::Concat => digest.hash(&[salt, secret]),
            Self::DjangoConcat => digest.hash(&[salt, b"signer", secret]),
            Self::None => secret.to_vec(),
        }
    }
}

/// Secret keys in order of age, the one that signs last, as ItsDangerous takes them.
#[derive(Clone)]
pub struct SecretKeys(Vec<Vec<u8>>);

impl SecretKeys {
    #[must_use]
    pub fn oldest_first(keys: Vec<Vec<u8>>) -> Self {
        Self(keys)
    }

    /// Flask's settings: `SECRET_KEY` signs, the `SECRET_KEY_FALLBACKS` are tried after it, the last of them first.
    #[must_use]
    pub fn current_and_fallbacks(current: Vec<u8>, mut fallbacks: Vec<Vec<u8>>) -> Self {
        fallbacks.push(current);
        Self(fallbacks)
    }
}

/// Signs with the newest key, accepts every key.
#[derive(Clone)]
pub struct Signer {
    newest: KeyedHash,
    /// Newest of the older ones first: the order in which they are tried.
    older: Vec<KeyedHash>,
}

impl Signer {
    /// # Errors
    /// [`SigningError::NoKeys`] when the list is empty.
    pub fn new(keys: &SecretKeys, salt: &[u8], derivation: Derivation, digest: Digest) -> Result<Self, SigningError> {
        let mut derived = keys
            .0
            .iter()
            .rev()
            .map(|secret| digest.keyed(&derivation.derive(digest, salt, secret)));
        let newest = derived.next().ok_or(SigningError::NoKeys)?;
        let older = derived.collect();
        Ok(Self { newest, older })
    }

    /// Turns `text` into `text.signature`.
    pub fn sign_in_place(&self, text: &mut Vec<u8>) {
        let tag = self.newest.tag(&[text]);
        text.push(SEPARATOR);
        encode_unpadded(tag.as_bytes(), text);
    }

    /// The value in front of a good signature.
    ///
    /// # Errors
    /// [`SigningError::SeparatorMissing`] or [`SigningError::SignatureMismatch`].
    pub fn unsign<'a>(&self, signed: &'a [u8]) -> Result<&'a [u8], SigningError> {
        let (value, signature) = split_last(signed).ok_or(SigningError::SeparatorMissing)?;
        let claimed = decode_lenient(signature).ok_or(SigningError::SignatureMismatch)?;
        let known = std::iter::once(&self.newest)
            .chain(&self.older)
            .any(|key| key.tag(&[value]).matches(&claimed));
        known.then_some(value).ok_or(SigningError::SignatureMismatch)
    }
}

/// What is before and after the last separator.
pub(super) fn split_last(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memrchr(SEPARATOR, text)?;
    Some((&text[..at], &text[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::{Derivation, Digest, SecretKeys, Signer};
    use crate::signing::SigningError;

    fn signer(keys: &[&str], derivation: &str, digest: &str) -> Signer {
        let keys = SecretKeys::oldest_first(keys.iter().map(|key| key.as_bytes().to_vec()).collect());
        let derivation = Derivation::from_name(derivation).unwrap();
        Signer::new(&keys, b"salt", derivation, Digest::from_name(digest).unwrap()).unwrap()
    }

    fn signed(by: &Signer, value: &str) -> String {
        let mut text = value.as_bytes().to_vec();
        by.sign_in_place(&mut text);
        String::from_utf8(text).unwrap()
    }

    /// Made with `itsdangerous.Signer("secret", salt="salt", key_derivation=…, digest_method=…).sign("value")`.
    #[test]
    fn itsdangerous_vectors() {
        for (derivation, digest, text) in VECTORS {
            let signer = signer(&["secret"], derivation, digest);
            assert_eq!(signed(&signer, "value"), text, "{derivation} {digest}");
            assert_eq!(signer.unsign(text.as_bytes()), Ok(&b"value"[..]));
        }
    }

    #[test]
    fn newest_key_signs_and_every_key_opens() {
        let (old, both, new) = (
            signer(&["old"], "hmac", "sha1"),
            signer(&["old", "new"], "hmac", "sha1"),
            signer(&["new"], "hmac", "sha1"),
        );
        assert_eq!(signed(&both, "v"), signed(&new, "v"));
        let from_old = signed(&old, "v");
        assert_eq!(both.unsign(from_old.as_bytes()), Ok(&b"v"[..]));
        assert_eq!(new.unsign(from_old.as_bytes()), Err(SigningError::SignatureMismatch));
    }

    #[test]
    fn refuses_what_it_did_not_sign() {
        let signer = signer(&["secret"], "hmac", "sha1");
        assert_eq!(signer.unsign(b"value"), Err(SigningError::SeparatorMissing));
        assert_eq!(signer.unsign(b""), Err(SigningError::SeparatorMissing));
        assert_eq!(signer.unsign(b"value."), Err(SigningError::SignatureMismatch));
        let good = signed(&signer, "value");
        let changed = good.replacen("value", "valuf", 1);
        assert_eq!(signer.unsign(changed.as_bytes()), Err(SigningError::SignatureMismatch));
    }

    #[test]
    fn needs_a_key() {
        let none = SecretKeys::oldest_first(Vec::new());
        assert!(Signer::new(&none, b"s", Derivation::Hmac, Digest::Sha1).is_err());
    }

    const VECTORS: [(&str, &str, &str); 12] = [
        ("hmac", "sha1", "value.4p13bMWQ8j6Z9vJq2434EMMsVz8"),
        ("hmac", "sha256", "value.TzATsKdMm8tO6FhILJ4UKek3WNgIrEXMsRMW7AekqNg"),
        (
            "hmac",
            "sha512",
            "value.D4Kh06QEWuez7odgEaw4VO9X9FhpgxHHkBHndcTwXY5I2YZ62QcYM1ju83YIxeIH-3RWlzfhjeqTWNJKI_6wYA",
        ),
        ("concat", "sha1", "value.qCvpum7-YUBe6NLoo3gcN-EDNgo"),
        ("concat", "sha256", "value.3rrdzZ7LqrGBKJhwuvivSbCvCnBQ1iDRpj8eab2Hzrg"),
        (
            "concat",
            "sha512",
            "value.i85e6zkm0PkMcnIXdGcl4m3ibTEetrNM7OtHj4mstR0CunTtD5xPV5eyrl8CDUsi58FAml_x2WgEUCb9wZNuDg",
        ),
        ("django-concat", "sha1", "value.3nRqEICO7XSUZdHc9h3CUtppe6g"),
        (
            "django-concat",
            "sha256",
            "value.XVy7uJMd8X5sOPgzWThQFxTTDxShoWqwYoV3e_VgSZo",
        ),
        (
            "django-concat",
            "sha512",
            "value.1oF2VKy-pJoVguFjMNkX2FI4m03vpkX41Q3qE4ZH7PIMXLSvmq3kG_wQU-DWrLM1n6BEVUvSz9aD_9Vv4Q5l9g",
        ),
        ("none", "sha1", "value.Mwty04TfQa30QOHYrrVDq3Puy4o"),
        ("none", "sha256", "value.UOA-vmW-mLuL8RuiyJLVTAeayisNOwFidpxtdXolQ08"),
        (
            "none",
            "sha512",
            "value._iWOsnPOj0kYE3wJLmvbGTaC_kUFhgWESna7hoKVwRQr5A4UDR7__KYh7f5s_i3_D8jwBIUbehw5IgHxYPlYdA",
        ),
    ];
}
