//! Dates of HTTP headers.

use criterion::Criterion;
use std::hint::black_box;

use _core::text::dates::{DateFields, http_date, parse_imf_date};

pub fn dates(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("dates");
    group.bench_function("write", |b| b.iter(|| http_date(black_box(1_795_237_140))));
    let moment = DateFields {
        year: 2024,
        month: 2,
        day: 29,
        hour: 12,
        minute: 0,
        second: 5,
    };
    group.bench_function("write fields", |b| b.iter(|| black_box(moment).http_date()));
    group.bench_function("read", |b| {
        b.iter(|| parse_imf_date(black_box("Sun, 06 Nov 1994 08:49:37 GMT")).is_some());
    });
    group.finish();
}
