//! Tests of the decoder: whole bodies, every cut, limits and hostile input.

use bytes::Bytes;

use super::{Decoder, Event, HttpError, MultipartLimits};

type Parts = Vec<(Option<String>, Option<String>, Vec<u8>)>;

fn drain(decoder: &mut Decoder, parts: &mut Parts) -> Result<bool, HttpError> {
    loop {
        match decoder.next_event()? {
            Event::NeedData => return Ok(false),
            Event::End => return Ok(true),
            Event::Part(head) => parts.push((head.name, head.filename, Vec::new())),
            Event::Data(data) => parts.last_mut().unwrap().2.extend_from_slice(&data.bytes),
        }
    }
}

/// Reads `body` in pieces cut at `cuts`, each revealed `step` bytes at a time.
fn stepped(body: &[u8], cuts: &[usize], step: usize, limits: MultipartLimits) -> Result<Parts, HttpError> {
    let mut decoder = Decoder::new(b"b", limits);
    let mut parts = Parts::new();
    let mut from = 0;
    for &cut in cuts.iter().chain([&body.len()]) {
        decoder.give(Bytes::copy_from_slice(&body[from..cut]));
        while decoder.reveal(step)? {
            drain(&mut decoder, &mut parts)?;
        }
        from = cut;
    }
    decoder.finish();
    assert!(drain(&mut decoder, &mut parts)?);
    Ok(parts)
}

fn fed(body: &[u8], cuts: &[usize], limits: MultipartLimits) -> Result<Parts, HttpError> {
    stepped(body, cuts, usize::MAX, limits)
}

const FIELD: &str = "Content-Disposition: form-data; name=a";

fn bodies() -> Vec<(String, Result<Parts, HttpError>)> {
    let field = |data: &str| (Some("a".to_owned()), None, data.as_bytes().to_vec());
    let truncated = |inside| Err(HttpError::Truncated { inside });
    vec![
        ("--b--".into(), Ok(vec![])),
        ("junk\r\n--b-- \r\ntrailer".into(), Ok(vec![])),
        (format!("--b\r\n{FIELD}\r\n\r\nx\r\n--b--\r\n"), Ok(vec![field("x")])),
        (
            format!("--b\n{FIELD}\n\nx\n--b\r{FIELD}\r\ry\r--b--"),
            Ok(vec![field("x"), field("y")]),
        ),
        (format!("--b\r\n{FIELD}\r\n\r\n--b--"), Ok(vec![field("")])),
        (format!("--b\r\n{FIELD}\r\n\r\n\r\n--b--"), Ok(vec![field("")])),
        (format!("--b\r\n{FIELD}\r\r\nx\r\n--b--"), Ok(vec![field("x")])),
        (
            format!("--b\r\n{FIELD}\r\n\r\n\r\n--bb\r\n--b x\r--b\r\n \r\r\n--b--"),
            Err(HttpError::MissingDisposition),
        ),
        (
            format!("--b\r\n{FIELD}\r\n\r\n\r\r\n\n--bb\r\n--b x\r\r\n--b--"),
            Ok(vec![field("\r\r\n\n--bb\r\n--b x\r")]),
        ),
        (
            format!("--b  \r\n{FIELD}\r\n\r\nx\r\n--b \t\r\n{FIELD}\r\n\r\ny\n--b--"),
            Ok(vec![field("x"), field("y")]),
        ),
        (format!("--b\r\n{FIELD}\r\n\r\nx\r\n--b"), truncated("DATA")),
        (format!("--b\r\n{FIELD}\r\n"), truncated("PART")),
        (String::new(), truncated("PREAMBLE")),
        (
            "--b\r\nX: 1\r\n\r\nx\r\n--b--".into(),
            Err(HttpError::MissingDisposition),
        ),
    ]
}

#[test]
fn the_cut_does_not_matter() {
    for (body, expected) in bodies() {
        let bytes = body.as_bytes();
        let none = MultipartLimits::default();
        assert_eq!(fed(bytes, &[], none), expected, "{body:?}");
        for cut in 0..bytes.len() {
            assert_eq!(fed(bytes, &[cut], none), expected, "{body:?} cut at {cut}");
        }
        let everywhere: Vec<usize> = (1..bytes.len()).collect();
        assert_eq!(fed(bytes, &everywhere, none), expected, "{body:?} cut everywhere");
        for step in [1, 2, 3, 7] {
            assert_eq!(stepped(bytes, &[], step, none), expected, "{body:?} by {step}");
            for cut in 0..bytes.len() {
                let got = stepped(bytes, &[cut], step, none);
                assert_eq!(got, expected, "{body:?} cut at {cut}, by {step}");
            }
        }
    }
}

#[test]
fn offsets_tell_where_the_data_lie() {
    let body = format!("--b\r\n{FIELD}; filename=f\r\n\r\nx\r\n-y\r\n\r\nz\r\n--b--");
    let bytes = body.as_bytes();
    for cut in 0..bytes.len() {
        let mut decoder = Decoder::new(b"b", MultipartLimits::default());
        for piece in [&bytes[..cut], &bytes[cut..]] {
            decoder.give(Bytes::copy_from_slice(piece));
            while decoder.reveal(3).unwrap() {
                while let Event::Part(_) | Event::Data(_) = {
                    let event = decoder.next_event().unwrap();
                    if let Event::Data(data) = &event {
                        let at = usize::try_from(data.offset).unwrap();
                        assert_eq!(&bytes[at..at + data.bytes.len()], &data.bytes[..], "cut at {cut}");
                    }
                    event
                } {}
            }
        }
    }
}

#[test]
fn limits() {
    let body = format!("--b\r\n{FIELD}\r\n\r\nx\r\n--b\r\n{FIELD}\r\n\r\ny\r\n--b--\r\ntrailer");
    let bytes = body.as_bytes();
    let memory = |limit| MultipartLimits {
        memory: Some(limit),
        parts: None,
    };
    let parts = |limit| MultipartLimits {
        memory: None,
        parts: Some(limit),
    };
    assert!(fed(bytes, &[], memory(bytes.len() as u64)).is_ok());
    assert_eq!(
        fed(bytes, &[], memory(bytes.len() as u64 - 1)),
        Err(HttpError::FormMemory {
            limit: bytes.len() as u64 - 1
        })
    );
    assert!(fed(bytes, &[], parts(2)).is_ok());
    assert_eq!(fed(bytes, &[], parts(1)), Err(HttpError::FormParts { limit: 1 }));
    let after = vec![b'-'; 1000];
    let long = [b"--b--".as_slice(), &after].concat();
    let cuts: Vec<usize> = (1..long.len()).collect();
    assert_eq!(
        fed(&long, &cuts, memory(500)),
        Err(HttpError::FormMemory { limit: 500 })
    );
}

#[test]
fn hostile_bodies_take_linear_time() {
    let in_data = format!("--b\r\n{FIELD}; filename=f\r\n\r\n");
    let in_headers = "--b\r\nX: 1";
    for start in [in_data.as_str(), in_headers, ""] {
        for filler in [
            "\r", "\n", "\r\n", "\r\n-", "\r\n--", "\r\n--b", "\r\n--b ", "--", "--b", " ", "\r\nx",
        ] {
            let body = [start, &filler.repeat((2 << 20) / filler.len())].concat();
            let cuts: Vec<usize> = (1..body.len() / 4096).map(|n| n * 4096).collect();
            let began = std::time::Instant::now();
            let _ = fed(body.as_bytes(), &cuts, MultipartLimits::default());
            let took = began.elapsed();
            assert!(took.as_secs() < 3, "{start:?} and {filler:?} took {took:?}");
        }
    }
}
