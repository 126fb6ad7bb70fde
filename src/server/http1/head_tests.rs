//! Heads that are read, and heads that are refused.

use super::*;

const LIMITS: HeadLimits = HeadLimits {
    line: 64,
    fields: 5,
    total: 400,
};

fn parse(bytes: &[u8]) -> Result<RequestHead, Fault> {
    let mut scanner = HeadScanner::default();
    // One byte at a time: every split point is a case.
    for end in 0..=bytes.len() {
        if let Scan::Complete(length) = scanner.scan(&bytes[..end], &LIMITS)? {
            return parse_head(&scanner, &Bytes::copy_from_slice(&bytes[..length]));
        }
    }
    Err(Fault::Gone)
}

fn fault(bytes: &[u8]) -> Fault {
    match parse(bytes) {
        Ok(head) => panic!("accepted: {head:?}"),
        Err(fault) => fault,
    }
}

#[test]
fn reads_a_request() {
    let head = parse(b"\r\nGET /a?b=%20 HTTP/1.1\r\nHost: x\r\nx-foo:  bar baz \t\r\nX_Foo: no\r\n\r\nrest").unwrap();
    assert_eq!(head.method, "GET");
    assert_eq!(head.target, "/a?b=%20");
    let fields: Vec<_> = head.headers.iter().collect();
    assert_eq!(fields, [(&b"Host"[..], &b"x"[..]), (b"x-foo", b"bar baz")]);
    assert!(head.keep_alive);
    assert_eq!(head.body, BodyLength::Known(0));
}

#[test]
fn knows_when_the_connection_may_live_on() {
    let kept = |bytes: &[u8]| parse(bytes).unwrap().keep_alive;
    assert!(!kept(b"GET / HTTP/1.0\r\n\r\n"));
    assert!(kept(b"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
    assert!(!kept(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: foo, Close\r\n\r\n"));
}

fn refuses(table: &[(&[u8], Fault)]) {
    for (bytes, expected) in table {
        assert_eq!(fault(bytes), *expected, "{}", bytes.escape_ascii());
    }
}

#[test]
fn refuses_what_is_malformed_or_ambiguous() {
    let table: &[(&[u8], Fault)] = &[
        (b"GET /\r\n\r\n", Fault::RequestLine),
        (b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", Fault::RequestLine),
        (b"GET / HTTP/1.1 \r\nHost: a\r\n\r\n", Fault::RequestLine),
        (b"G T / HTTP/1.1\r\nHost: a\r\n\r\n", Fault::RequestLine),
        (b"\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n", Fault::RequestLine),
        (b"G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n", Fault::RequestLine),
        (b"GET foo HTTP/1.1\r\nHost: a\r\n\r\n", Fault::Target),
        (b"GET admin?:// HTTP/1.1\r\nHost: a\r\n\r\n", Fault::Target),
        (b"GET * HTTP/1.1\r\nHost: a\r\n\r\n", Fault::Target),
        (b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", Fault::Target),
        (b"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", Fault::Target),
        (b"GET /\x7f HTTP/1.1\r\nHost: a\r\n\r\n", Fault::Target),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", Fault::Version),
        (b"GET / http/1.1\r\nHost: a\r\n\r\n", Fault::RequestLine),
        (b"GET / HTTP/1.1\nHost: a\n\n", Fault::BareLineFeed),
        (b"GET / HTTP/1.1\r\nHost: a\n\r\n", Fault::BareLineFeed),
        (b"GET / HTTP/1.1\r\nHost: a\r\n\n", Fault::BareLineFeed),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", Fault::FoldedHeader),
        (b"GET / HTTP/1.1\r\n Host: a\r\n\r\n", Fault::FoldedHeader),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", Fault::HeaderName),
        (b"GET / HTTP/1.1\r\nHost\r\n\r\n", Fault::HeaderName),
        (b"GET / HTTP/1.1\r\n: a\r\n\r\n", Fault::HeaderName),
        (b"GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", Fault::HeaderValue),
        (b"GET / HTTP/1.1\r\nHost: a\0\r\n\r\n", Fault::HeaderValue),
        (b"GET / HTTP/1.1\r\n\r\n", Fault::HostMissing),
        (b"GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", Fault::HostRepeated),
        (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", Fault::HostInvalid),
        (b"GET / HTTP/1.0\r\nHost: a/b\r\n\r\n", Fault::HostInvalid),
        (
            b"GET / HTTP/1.1\r\na: b\r\na: b\r\na: b\r\na: b\r\na: b\r\na: b\r\n\r\n",
            Fault::TooManyHeaders,
        ),
    ];
    refuses(table);
}

#[test]
fn every_byte_at_every_place() {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    for byte in (0..=u8::MAX).filter(|&byte| byte != b'\n') {
        let with = |before: &str, after: &str| [before.as_bytes(), &[byte], after.as_bytes()].concat();
        let method = parse(&with("G", "T / HTTP/1.1\r\nHost: a\r\n\r\n"));
        assert_eq!(method.is_ok(), is_token(byte), "{byte}");
        let name = parse(&with("GET / HTTP/1.1\r\nHost: a\r\nx", "y: 1\r\n\r\n"));
        match name {
            Ok(head) => {
                assert!(is_token(byte) || byte == b':', "{byte}");
                assert_eq!(head.headers.iter().count(), 1 + usize::from(byte != b'_'), "{byte}");
            }
            Err(fault) => assert_eq!((fault, is_token(byte)), (Fault::HeaderName, false), "{byte}"),
        }
        let value = parse(&with("GET / HTTP/1.1\r\nHost: a\r\nx: ", "y\r\n\r\n"));
        match value {
            Ok(_) => assert!(byte == b'\t' || byte >= b' ' && byte != 0x7F, "{byte}"),
            Err(fault) => assert_eq!(
                (fault, byte < b' ' || byte == 0x7F),
                (Fault::HeaderValue, true),
                "{byte}"
            ),
        }
    }
}

#[test]
fn knows_a_method_in_its_own_spelling() {
    for (sent, usual) in [("GET", true), ("PATCH", true), ("get", false), ("PROPFIND", false)] {
        let head = parse(format!("{sent} / HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes()).unwrap();
        assert_eq!((&*head.method, matches!(head.method, Cow::Borrowed(_))), (sent, usual));
    }
}

#[test]
fn refuses_a_body_of_doubtful_length() {
    let table: &[(&[u8], Fault)] = &[
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
            Fault::LengthInvalid,
        ),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
            Fault::LengthInvalid,
        ),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
            Fault::LengthInvalid,
        ),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            Fault::LengthRepeated,
        ),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            Fault::LengthBesideChunked,
        ),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            Fault::CodingUnknown,
        ),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            Fault::CodingUnknown,
        ),
        (
            b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
            Fault::CodingInHttp10,
        ),
    ];
    refuses(table);
}

#[test]
fn keeps_the_limits() {
    let mut line = b"GET /".to_vec();
    line.resize(70, b'a');
    assert_eq!(fault(&line), Fault::RequestLineTooLong);
    let mut head = b"GET / HTTP/1.1\r\nHost: ".to_vec();
    head.resize(402, b'a');
    assert_eq!(fault(&head), Fault::HeadTooLarge);
}
