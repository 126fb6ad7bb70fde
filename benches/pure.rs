//! Benchmarks of the layers that know no Python: `make bench`. Inputs are what a typical request carries.

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;

use _core::http::cookies::parse_cookies;
use _core::http::dates::http_date;
use _core::http::multipart::{Decoder, Event, MultipartLimits};
use _core::http::options::parse_options_header;
use _core::http::query::parse_query;
use _core::json::{escape, number};
use _core::signing::{Derivation, Digest, SecretKeys, Signer, TimedSigner, encode_payload};

fn http(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("http");
    group.bench_function("query, three pairs", |b| {
        b.iter(|| {
            parse_query(black_box(b"user=xiao%20ming&fav=a&fav=b"))
                .map(Iterator::count)
                .ok()
        });
    });
    group.bench_function("cookies, two", |b| {
        b.iter(|| parse_cookies(black_box("username=xiaoming; theme=\"dark blue\"")).count());
    });
    group.bench_function("http date", |b| b.iter(|| http_date(black_box(1_795_237_140))));
    group.bench_function("content-type with boundary", |b| {
        b.iter(|| {
            parse_options_header(black_box("multipart/form-data; boundary=----WebKitFormBoundary7MA4"))
                .params
                .len()
        });
    });
    group.finish();
}

/// A body of one file field with `size` bytes.
fn upload(size: usize) -> Bytes {
    let mut body = b"--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.bin\"\r\n\r\n".to_vec();
    body.extend((0..size).map(|at| u8::try_from(at % 251).expect("below 251")));
    body.extend_from_slice(b"\r\n--x--\r\n");
    body.into()
}

fn multipart(criterion: &mut Criterion) {
    let body = upload(1 << 20);
    let mut group = criterion.benchmark_group("multipart");
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.bench_function("file of 1 MiB", |b| {
        b.iter(|| {
            let mut decoder = Decoder::over(b"x", MultipartLimits::default(), body.clone());
            let mut events = 0;
            while decoder.reveal(1 << 16).unwrap_or(false) {
                while !matches!(decoder.next_event(), Ok(Event::NeedData) | Err(_)) {
                    events += 1;
                }
            }
            events
        });
    });
    group.finish();
}

fn signing(criterion: &mut Criterion) {
    let keys = SecretKeys::oldest_first(vec![b"some_secret".to_vec()]);
    let signer = TimedSigner::new(
        Signer::new(&keys, b"cookie-session", Derivation::Hmac, Digest::Sha1).expect("a key was given"),
    );
    let mut signed = encode_payload(br#"{"n":1,"user_name":"letian"}"#);
    signer.sign_in_place(&mut signed, 1_700_000_000);
    let mut group = criterion.benchmark_group("signing");
    group.bench_function("sign a session", |b| {
        b.iter(|| {
            let mut text = encode_payload(black_box(br#"{"n":1,"user_name":"letian"}"#));
            signer.sign_in_place(&mut text, 1_700_000_000);
            text
        });
    });
    group.bench_function("verify a session", |b| {
        b.iter(|| signer.unsign(black_box(&signed), Some(3600), 1_700_000_001).is_ok());
    });
    group.finish();
}

fn json(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("json");
    let mut out = Vec::with_capacity(256);
    group.bench_function("text of 100 characters", |b| {
        let text = "a text with \"quotes\" and one é ".repeat(3);
        b.iter(|| {
            out.clear();
            escape::write_ascii(black_box(&text), &mut out);
            out.len()
        });
    });
    let mut out = Vec::with_capacity(32);
    group.bench_function("float", |b| {
        b.iter(|| {
            out.clear();
            number::write_float(black_box(2.236_067_977_499_79), &mut out);
            out.len()
        });
    });
    group.finish();
}

criterion_group!(benches, http, multipart, signing, json);
criterion_main!(benches);
