//! The two cookie headers: reading what a browser sends, writing what a view sets.

use criterion::Criterion;
use std::hint::black_box;

use _core::http::cookies::parse_cookies;
use _core::http::set_cookie::{Attribute, SetCookie};

pub fn cookies(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cookies");
    group.bench_function("read two", |b| {
        b.iter(|| parse_cookies(black_box("username=xiaoming; theme=\"dark blue\"")).count());
    });
    let session = format!("session={}; username=xiaoming; theme=dark", "eyJuIjoxfQ.".repeat(12));
    group.bench_function("read three, one of them a session", |b| {
        b.iter(|| parse_cookies(black_box(&session)).count());
    });
    group.bench_function("write one with four attributes", |b| {
        b.iter(|| {
            SetCookie {
                name: "username",
                value: black_box("xiao ming"),
                expires: Attribute::Text("Sun, 06 Nov 1994 08:49:37 GMT".into()),
                max_age: Attribute::Text("3600".into()),
                httponly: Attribute::Flag,
                path: Attribute::Text("/".into()),
                ..SetCookie::default()
            }
            .dump()
        });
    });
    group.finish();
}
