//! What can be wrong with a value that came over HTTP, and the status that answers it.
//!
//! One enum for the whole folder. It carries texts and statuses, never a Python exception: the binding maps it once.

use std::fmt;

/// A value could not be read or written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HttpError {
    /// A multipart body holds more in memory at once than `MAX_FORM_MEMORY_SIZE` bytes. Raise the limit, or send the
    /// value as a file.
    FormMemory { limit: u64 },
    /// A multipart body has more parts than `MAX_FORM_PARTS`. Raise the limit, or send fewer fields.
    FormParts { limit: u64 },
    /// The `Content-Type` of a multipart body names no boundary. The client has to send one.
    MissingBoundary,
    /// A part's headers lack `Content-Disposition`. The client has to name the field.
    MissingDisposition,
    /// The body ended inside the named place. The client has to send the closing boundary.
    Truncated { inside: &'static str },
    /// A text that must be UTF-8 is not. Holds the text, so that a caller can show where it breaks.
    NotUtf8 { bytes: Vec<u8> },
    /// A cookie's `SameSite` is not one of the three that exist.
    SameSite,
}

impl HttpError {
    /// The status a client is answered with when nobody handles this.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::FormMemory { .. } | Self::FormParts { .. } => 413,
            Self::MissingBoundary | Self::MissingDisposition | Self::Truncated { .. } | Self::NotUtf8 { .. } => 400,
            Self::SameSite => 500,
        }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FormMemory { limit } => write!(
                out,
                "form data needs more than {limit} bytes of memory; raise MAX_FORM_MEMORY_SIZE or send a file"
            ),
            Self::FormParts { limit } => {
                write!(out, "form data has more than {limit} parts; raise MAX_FORM_PARTS")
            }
            Self::MissingBoundary => out.write_str("Missing boundary"),
            Self::MissingDisposition => out.write_str("Missing Content-Disposition header"),
            Self::Truncated { inside } => {
                write!(out, "Invalid form-data cannot parse beyond State.{inside}")
            }
            Self::NotUtf8 { .. } => out.write_str("text is not valid UTF-8"),
            Self::SameSite => out.write_str("SameSite must be 'Strict', 'Lax', or 'None'."),
        }
    }
}

impl std::error::Error for HttpError {}

#[cfg(test)]
mod tests {
    use super::HttpError;

    #[test]
    fn every_error_knows_its_status() {
        let table = [
            (HttpError::FormMemory { limit: 1 }, 413),
            (HttpError::FormParts { limit: 1 }, 413),
            (HttpError::MissingBoundary, 400),
            (HttpError::Truncated { inside: "DATA" }, 400),
            (HttpError::SameSite, 500),
        ];
        for (error, status) in table {
            assert_eq!(error.status(), status, "{error}");
        }
    }
}
