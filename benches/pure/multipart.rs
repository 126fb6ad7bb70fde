//! Multipart bodies, whole in memory.

use bytes::Bytes;
use criterion::{Criterion, Throughput};

use _core::http::multipart::{Decoder, Event, MultipartLimits};

pub fn multipart(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("multipart");
    for (name, body) in [
        ("four fields", fields()),
        ("file of 10 kB", file(10_000)),
        ("file of 1 MiB", file(1 << 20)),
    ] {
        group.throughput(Throughput::Bytes(body.len() as u64));
        group.bench_function(name, |b| b.iter(|| events(body.clone())));
    }
    group.finish();
}

/// Reads a body as the server hands it on, in steps of 64 KiB; returns how many events it had.
fn events(body: Bytes) -> usize {
    let mut decoder = Decoder::new(b"x", MultipartLimits::default());
    decoder.give(body);
    let mut count = 0;
    while decoder.reveal(1 << 16).unwrap_or(false) {
        while !matches!(decoder.next_event(), Ok(Event::NeedData) | Err(_)) {
            count += 1;
        }
    }
    count
}

fn fields() -> Bytes {
    let mut body = String::new();
    for (name, value) in [("name", "letian"), ("password", "123"), ("fav", "a"), ("fav", "b")] {
        body.push_str(&format!(
            "--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str("--x--\r\n");
    body.into()
}

/// One file field with `size` bytes.
fn file(size: usize) -> Bytes {
    let mut body = b"--x\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.bin\"\r\n\r\n".to_vec();
    body.extend((0..size).map(|at| u8::try_from(at % 251).expect("below 251")));
    body.extend_from_slice(b"\r\n--x--\r\n");
    body.into()
}
