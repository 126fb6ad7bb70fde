//! Benchmarks of the layers that know no Python: `make bench-pure`. Inputs are what a typical request carries.

mod cookies;
mod dates;
mod form;
mod json;
mod multipart;
mod query;
mod routing;
mod signing;

use criterion::{criterion_group, criterion_main};

criterion_group!(
    benches,
    routing::matching,
    routing::building,
    query::query,
    form::form,
    multipart::multipart,
    cookies::cookies,
    signing::signing,
    json::writing,
    dates::dates,
);
criterion_main!(benches);
