//! The target of a request: which forms HTTP allows for a method, and an absolute target taken apart (RFC 9112 3.2).
//!
//! It must not know what a path is for.

/// Whether a target may stand in a request of that method: a path, `*` for OPTIONS, or an absolute URL with a host. Two
/// readers of anything else could see two paths. CONNECT wants a tunnel, which no application gives.
pub fn is_target(method: &str, target: &[u8]) -> bool {
    let is_form = match target.first() {
        _ if method == "CONNECT" => false,
        Some(b'/') => true,
        Some(b'*') => target.len() == 1 && method == "OPTIONS",
        Some(_) => std::str::from_utf8(target)
            .ok()
            .and_then(absolute_parts)
            .is_some_and(|(host, _)| !host.is_empty() && is_host(host.as_bytes())),
        None => false,
    };
    is_form && !target.iter().any(|&byte| byte <= b' ' || matches!(byte, b'#' | 0x7F))
}

/// Host and local part of an absolute target (`http://host:1/x`); None for any other form.
pub fn absolute_parts(target: &str) -> Option<(&str, &str)> {
    // The usual form needs no search.
    if target.starts_with('/') {
        return None;
    }
    let (scheme, rest) = target.split_once("://")?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    is_scheme.then(|| rest.split_at(end))
}

/// Whether a text is `host [":" port]` (RFC 3986 3.2.2), or nothing, which is the host of who knows none.
pub fn is_host(text: &[u8]) -> bool {
    let (name_ends, is_address) = match text.first() {
        Some(b'[') => match memchr::memchr(b']', text) {
            Some(close) if close > 1 => (close + 1, true),
            _ => return false,
        },
        _ => (memchr::memchr(b':', text).unwrap_or(text.len()), false),
    };
    let (name, port) = text.split_at(name_ends);
    let is_name = if is_address {
        let within = &name[1..name.len() - 1];
        within.iter().all(|&byte| byte == b':' || NAME[usize::from(byte)])
    } else {
        name.iter().all(|&byte| NAME[usize::from(byte)])
    };
    let is_port = match port.split_first() {
        None => true,
        Some((b':', digits)) => digits.iter().all(u8::is_ascii_digit),
        Some(_) => false,
    };
    is_name && is_port
}

/// The bytes of a registered name: unreserved ones, those that divide its parts, and `%` before an escape.
const NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'-' | b'.'
                    | b'_'
                    | b'~'
                    | b'%'
                    | b'!'
                    | b'$'
                    | b'&'
                    | b'\''
                    | b'('
                    | b')'
                    | b'*'
                    | b'+'
                    | b','
                    | b';'
                    | b'='
            );
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::{absolute_parts, is_host, is_target};

    #[test]
    fn forms_of_a_target() {
        for target in [
            "/",
            "//",
            "//a/b",
            "/a?b",
            "/a://b",
            "http://a",
            "http://a/",
            "http://a:1?b",
            "x+y-z.1://[::1]:80/",
        ] {
            assert!(is_target("GET", target.as_bytes()), "{target}");
        }
        assert!(is_target("OPTIONS", b"*") && is_target("GET", b"/\xff"));
        for target in [
            "",
            "a",
            "*",
            "a/b",
            "admin?://",
            "?http://a/",
            "http:///a",
            "http://",
            "http://?a",
            "://a/",
            "1x://a/",
            "http://a b/",
            "http://a@b/",
            "http://a:b/",
            "http://a\\b/",
            "/a#b",
            "http://a/#",
            "http:/a",
            "a:443",
            "/\u{7f}",
        ] {
            assert!(!is_target("GET", target.as_bytes()), "{target}");
        }
        assert!(!is_target("OPTIONS", b"**") && !is_target("CONNECT", b"a:443") && !is_target("CONNECT", b"/"));
    }

    #[test]
    fn parts_of_an_absolute_target() {
        assert_eq!(absolute_parts("http://a:1/b?c"), Some(("a:1", "/b?c")));
        assert_eq!(absolute_parts("http://a?c"), Some(("a", "?c")));
        assert_eq!(absolute_parts("http://a"), Some(("a", "")));
        assert_eq!(absolute_parts("/b://c"), None);
        assert_eq!(absolute_parts("b?x://c"), None);
    }

    #[test]
    fn hosts() {
        for host in [
            "",
            "a",
            "a.b:80",
            "a:",
            "my_service",
            "127.0.0.1:5000",
            "[::1]",
            "[::1]:5000",
            "[v1.a:b]",
            "%41",
            "a..b",
        ] {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in [
            "a b", "a\"b", "a<b", "a/b", "a?b", "a#b", "a@b", "a:b", "a:1:2", "::1", "[::1", "[]", "[::1]a", "[a]b:1",
            "a[", "[a/b]", "a\\b", "\u{e9}", "a|b", "{a}",
        ] {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }
}
