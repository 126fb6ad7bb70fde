//! The names of the request headers that are looked up here. A field gets its name's variant when it is read, and is
//! found by it.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderName {
    Connection,
    ContentLength,
    ContentType,
    Cookie,
    Expect,
    Host,
    IfMatch,
    IfModifiedSince,
    IfNoneMatch,
    IfRange,
    Range,
    TransferEncoding,
    Upgrade,
    XForwardedFor,
    XForwardedHost,
    XForwardedPort,
    XForwardedPrefix,
    XForwardedProto,
}

impl HeaderName {
    /// The variant of a name in any case; None for one that is never looked up.
    #[inline]
    pub fn find(name: &[u8]) -> Option<Self> {
        let candidates: &[Self] = match name.len() {
            4 => &[Self::Host],
            5 => &[Self::Range],
            6 => &[Self::Cookie, Self::Expect],
            7 => &[Self::Upgrade],
            8 => &[Self::IfMatch, Self::IfRange],
            10 => &[Self::Connection],
            12 => &[Self::ContentType],
            13 => &[Self::IfNoneMatch],
            14 => &[Self::ContentLength],
            15 => &[Self::XForwardedFor],
            16 => &[Self::XForwardedHost, Self::XForwardedPort],
            17 => &[Self::TransferEncoding, Self::IfModifiedSince, Self::XForwardedProto],
            18 => &[Self::XForwardedPrefix],
            _ => return None,
        };
        candidates
            .iter()
            .copied()
            .find(|known| known.as_str().as_bytes().eq_ignore_ascii_case(name))
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connection => "Connection",
            Self::ContentLength => "Content-Length",
            Self::ContentType => "Content-Type",
            Self::Cookie => "Cookie",
            Self::Expect => "Expect",
            Self::Host => "Host",
            Self::IfMatch => "If-Match",
            Self::IfModifiedSince => "If-Modified-Since",
            Self::IfNoneMatch => "If-None-Match",
            Self::IfRange => "If-Range",
            Self::Range => "Range",
            Self::TransferEncoding => "Transfer-Encoding",
            Self::Upgrade => "Upgrade",
            Self::XForwardedFor => "X-Forwarded-For",
            Self::XForwardedHost => "X-Forwarded-Host",
            Self::XForwardedPort => "X-Forwarded-Port",
            Self::XForwardedPrefix => "X-Forwarded-Prefix",
            Self::XForwardedProto => "X-Forwarded-Proto",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::HeaderName;

    #[test]
    fn every_name_is_found_in_any_case() {
        let mut found = 0;
        for name in [
            "connection",
            "content-length",
            "content-type",
            "cookie",
            "expect",
            "host",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "range",
            "transfer-encoding",
            "upgrade",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-prefix",
            "x-forwarded-proto",
        ] {
            for spelling in [name.to_owned(), name.to_uppercase()] {
                let known = HeaderName::find(spelling.as_bytes()).unwrap();
                assert!(known.as_str().eq_ignore_ascii_case(name));
            }
            found += 1;
        }
        assert_eq!(found, HeaderName::XForwardedProto as usize + 1);
        for name in ["", "hosts", "accept", "x-forwarded-fox", "content_length"] {
            assert_eq!(HeaderName::find(name.as_bytes()), None, "{name}");
        }
    }
}
