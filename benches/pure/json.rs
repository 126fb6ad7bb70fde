//! JSON: the pieces that a document is written with.

use criterion::Criterion;
use std::hint::black_box;

use _core::json::{escape, number};

pub fn writing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("json, writing");
    let mut out = Vec::with_capacity(256);
    let mixed = "a text with \"quotes\" and one é ".repeat(3);
    let plain = "nothing here is to be escaped. ".repeat(3);
    for (name, text) in [
        ("text of 100 characters", &mixed),
        ("plain text of 100 characters", &plain),
    ] {
        group.bench_function(name, |b| {
            b.iter(|| {
                out.clear();
                escape::write_ascii(black_box(text), &mut out);
                out.len()
            });
        });
    }
    group.bench_function("float", |b| {
        b.iter(|| {
            out.clear();
            number::write_float(black_box(2.236_067_977_499_79), &mut out);
            out.len()
        });
    });
    group.bench_function("integer", |b| {
        b.iter(|| {
            out.clear();
            number::write_int(black_box(1_795_237_140), &mut out);
            out.len()
        });
    });
    group.finish();
}
