//! What saving a session changes on an answer of either kind.
//!
//! It must not know sessions or responses.

use bytes::Bytes;

use crate::engine::message::raw_response::HeaderLines;

/// The change: the answer varies by cookie if the session was looked at or a cookie is sent.
#[derive(Default)]
pub struct SessionChange {
    /// Whether the session was looked at: `Vary: Cookie` then stands before the cookie, else after it.
    pub accessed: bool,
    /// The value of the `Set-Cookie` header.
    pub cookie: Option<Bytes>,
}

impl SessionChange {
    /// The header lines for an answer that has none of these headers yet.
    pub fn into_lines(self) -> HeaderLines {
        let vary = (Bytes::from_static(b"Vary"), Bytes::from_static(b"Cookie"));
        let Some(cookie) = self.cookie else {
            return if self.accessed { vec![vary] } else { Vec::new() };
        };
        let cookie = (Bytes::from_static(b"Set-Cookie"), cookie);
        if self.accessed {
            vec![vary, cookie]
        } else {
            vec![cookie, vary]
        }
    }
}
