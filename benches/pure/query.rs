//! Query strings.

use criterion::Criterion;
use std::hint::black_box;

use _core::http::query::parse_query;

pub fn query(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("query");
    group.bench_function("read three pairs", |b| {
        b.iter(|| {
            parse_query(black_box(b"user=xiao%20ming&fav=a&fav=b"))
                .map(Iterator::count)
                .ok()
        });
    });
    group.finish();
}
