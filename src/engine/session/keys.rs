//! The keys of one app's session cookies, derived once and cached for as long as the settings stay the same.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::signing::{Derivation, Digest, SecretKeys, Signer, SigningError, TimedSigner};

/// Signs and opens session cookies. Made from `SECRET_KEY`, `SECRET_KEY_FALLBACKS` and a session interface's `salt`,
/// `key_derivation` and digest.
#[pyclass(frozen, module = "ferroflask._core")]
pub struct SessionKeys {
    signer: TimedSigner,
    /// The objects the keys came from, the secret first, to notice that a setting was changed.
    made_from: Vec<Py<PyAny>>,
}

impl SessionKeys {
    #[must_use]
    pub fn signer(&self) -> &TimedSigner {
        &self.signer
    }

    /// Whether these keys were made from these very settings.
    ///
    /// # Errors
    /// `TypeError` when `fallbacks` can't be iterated.
    pub fn is_made_from(&self, secret_key: &Bound<'_, PyAny>, fallbacks: Option<&Bound<'_, PyAny>>) -> PyResult<bool> {
        let mut kept = self.made_from.iter();
        let mut same = |key: &Bound<'_, PyAny>| kept.next().is_some_and(|old| old.is(key));
        if !same(secret_key) {
            return Ok(false);
        }
        if let Some(fallbacks) = fallbacks.filter(|keys| !keys.is_none()) {
            for key in fallbacks.try_iter()? {
                if !same(&key?) {
                    return Ok(false);
                }
            }
        }
        Ok(kept.next().is_none())
    }

    /// The form that Rust calls. `fallbacks` is `None` or an iterable of keys, oldest first.
    ///
    /// # Errors
    /// `TypeError` for a key that is neither `str` nor `bytes`, `ValueError` for an unknown name.
    pub fn make(
        secret_key: &Bound<'_, PyAny>,
        fallbacks: Option<&Bound<'_, PyAny>>,
        salt: &Bound<'_, PyAny>,
        (key_derivation, digest): (&str, &str),
    ) -> PyResult<Self> {
        let mut made_from = vec![secret_key.clone().unbind()];
        let mut older = Vec::new();
        if let Some(fallbacks) = fallbacks.filter(|keys| !keys.is_none()) {
            for key in fallbacks.try_iter()? {
                let key = key?;
                older.push(from_py_key(&key)?);
                made_from.push(key.unbind());
            }
        }
        let secrets = SecretKeys::current_and_fallbacks(from_py_key(secret_key)?, older);
        let derivation = Derivation::from_name(key_derivation).map_err(|error| to_py_error(&error))?;
        let digest = Digest::from_name(digest).map_err(|error| to_py_error(&error))?;
        let signer =
            Signer::new(&secrets, &from_py_key(salt)?, derivation, digest).map_err(|error| to_py_error(&error))?;
        Ok(Self {
            signer: TimedSigner::new(signer),
            made_from,
        })
    }
}

fn from_py_key(key: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = key.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    match key.cast::<PyString>() {
        Ok(text) => Ok(text.to_str()?.as_bytes().to_vec()),
        Err(_) => Err(PyTypeError::new_err("A secret key must be str or bytes")),
    }
}

fn to_py_error(error: &SigningError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
