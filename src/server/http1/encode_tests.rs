//! How answers are framed, case by case.

use super::*;

const GET: RequestTraits = RequestTraits {
    head: false,
    http10: false,
    keep_alive: true,
};

const HEAD: RequestTraits = RequestTraits { head: true, ..GET };

const HTTP10: RequestTraits = RequestTraits {
    http10: true,
    keep_alive: false,
    ..GET
};

const DATE: (&str, &str) = ("Date", "now");

fn headers(pairs: &[(&'static str, &'static str)]) -> Vec<(Bytes, Bytes)> {
    pairs
        .iter()
        .map(|(name, value)| {
            (
                Bytes::from_static(name.as_bytes()),
                Bytes::from_static(value.as_bytes()),
            )
        })
        .collect()
}

fn written(
    asked: RequestTraits,
    status: u16,
    pairs: &[(&'static str, &'static str)],
    known: Option<u64>,
) -> (HeadPlan, String) {
    let headers = headers(pairs);
    let plan = plan(asked, status, &headers, known).unwrap();
    let mut out = Vec::new();
    plan.write(&mut out, (status, None), &headers, &None);
    (plan, String::from_utf8(out).unwrap())
}

/// The request, the answer's status, headers and known length; how it is framed, whether the connection lives on, the
/// head.
type Row = (
    RequestTraits,
    u16,
    &'static [(&'static str, &'static str)],
    Option<u64>,
    Framing,
    bool,
    &'static str,
);

fn check(table: &[Row]) {
    for &(asked, status, pairs, known, framing, keep_alive, text) in table {
        let (plan, out) = written(asked, status, pairs, known);
        assert_eq!(
            (plan.framing, plan.keep_alive, out.as_str()),
            (framing, keep_alive, text)
        );
    }
}

#[test]
fn frames_a_body_of_known_or_unknown_length() {
    check(&[
        (
            GET,
            200,
            &[DATE],
            Some(3),
            Framing::Length(3),
            true,
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 3\r\n\r\n",
        ),
        (
            GET,
            404,
            &[DATE, ("content-LENGTH", "3")],
            Some(3),
            Framing::Length(3),
            true,
            "HTTP/1.1 404 NOT FOUND\r\nDate: now\r\ncontent-LENGTH: 3\r\n\r\n",
        ),
        (
            GET,
            200,
            &[DATE],
            None,
            Framing::Chunked,
            true,
            "HTTP/1.1 200 OK\r\nDate: now\r\nTransfer-Encoding: chunked\r\n\r\n",
        ),
        (
            GET,
            200,
            &[DATE, ("Transfer-Encoding", "gzip")],
            Some(0),
            Framing::Length(0),
            true,
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 0\r\n\r\n",
        ),
    ]);
}

#[test]
fn mends_a_wrong_content_length() {
    check(&[
        (
            GET,
            200,
            &[DATE, ("Content-Length", "9")],
            Some(3),
            Framing::Length(9),
            false,
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 9\r\nConnection: close\r\n\r\n",
        ),
        (
            GET,
            200,
            &[DATE, ("Content-Length", "x")],
            Some(3),
            Framing::Length(3),
            true,
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 3\r\n\r\n",
        ),
        (
            GET,
            200,
            &[DATE, ("Content-Length", "+2")],
            Some(2),
            Framing::Length(2),
            true,
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 2\r\n\r\n",
        ),
    ]);
}

#[test]
fn leaves_out_a_body_that_must_not_be_sent() {
    check(&[
        (
            GET,
            204,
            &[DATE],
            Some(0),
            Framing::Bodyless,
            true,
            "HTTP/1.1 204 NO CONTENT\r\nDate: now\r\n\r\n",
        ),
        (
            GET,
            304,
            &[DATE],
            Some(0),
            Framing::Bodyless,
            true,
            "HTTP/1.1 304 NOT MODIFIED\r\nDate: now\r\n\r\n",
        ),
        (
            HEAD,
            200,
            &[DATE, ("Content-Length", "5")],
            Some(0),
            Framing::Bodyless,
            true,
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 5\r\n\r\n",
        ),
        (
            HEAD,
            200,
            &[DATE],
            Some(5),
            Framing::Bodyless,
            true,
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 5\r\n\r\n",
        ),
    ]);
}

#[test]
fn says_whether_the_connection_lives_on() {
    check(&[
        (
            GET,
            200,
            &[DATE, ("Connection", "close")],
            Some(1),
            Framing::Length(1),
            false,
            "HTTP/1.1 200 OK\r\nDate: now\r\nConnection: close\r\nContent-Length: 1\r\n\r\n",
        ),
        (
            HTTP10,
            200,
            &[DATE],
            None,
            Framing::Close,
            false,
            "HTTP/1.1 200 OK\r\nDate: now\r\nConnection: close\r\n\r\n",
        ),
        (
            RequestTraits {
                keep_alive: true,
                ..HTTP10
            },
            200,
            &[DATE],
            Some(1),
            Framing::Length(1),
            true,
            "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n",
        ),
    ]);
}

#[test]
fn refuses_header_injection() {
    for value in ["a\r\nSet-Cookie: b", "a\rb", "a\nb", "a\0b", "a\x01\x08\x7fb", "a\x0bb"] {
        assert!(plan(GET, 200, &headers(&[("X", value)]), Some(0)).is_err(), "{value:?}");
    }
    for name in [
        "X\r\nY",
        "X Y",
        "X ",
        " X",
        "",
        "X\0A",
        "X:",
        "X\u{e9}",
        "Transfer-Encoding ",
        "Content-Length\t",
        "(X)",
    ] {
        assert!(plan(GET, 200, &headers(&[(name, "a")]), Some(0)).is_err(), "{name:?}");
    }
    assert!(plan(GET, 200, &headers(&[("x_Y!#$%&'*+-.^`|~1", "\ta\t b\u{e9}")]), Some(0)).is_ok());
}

#[test]
fn frames_pieces() {
    let mut out = Vec::new();
    frame_begin(&mut out, Framing::Chunked, 26);
    out.extend_from_slice(&[b'a'; 26]);
    frame_end(&mut out, Framing::Chunked);
    frame_last_chunk(&mut out, Framing::Chunked);
    assert_eq!(out, [b"1a\r\n".as_slice(), &[b'a'; 26], b"\r\n0\r\n\r\n"].concat());
}
