//! A posted form: what says that it is one, and its fields. (A form with files is in `multipart`.)

use criterion::{Criterion, Throughput};
use std::hint::black_box;

use _core::http::options::parse_options_header;
use _core::http::query::parse_query;

pub fn form(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("form");
    group.bench_function("content type", |b| {
        b.iter(|| {
            parse_options_header(black_box("application/x-www-form-urlencoded; charset=utf-8"))
                .params
                .len()
        });
    });
    group.bench_function("content type with a boundary", |b| {
        b.iter(|| {
            parse_options_header(black_box("multipart/form-data; boundary=----WebKitFormBoundary7MA4"))
                .params
                .len()
        });
    });
    let text = "a line of text with spaces, umlauts (äöü) and 100 % more\r\n".repeat(40);
    let long = format!("title=hello&text={}", escaped(&text));
    for (name, body) in [
        ("four short fields", "name=letian&password=123&fav=a&fav=b"),
        ("a long text", long.as_str()),
    ] {
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(name, |b| {
            b.iter(|| parse_query(black_box(body.as_bytes())).map(Iterator::count).ok());
        });
    }
    group.finish();
}

/// As a browser escapes a field.
fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}
