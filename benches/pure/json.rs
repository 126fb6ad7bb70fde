//! JSON: the pieces that a document is written with, and the walk over a document that is read.

use criterion::{Criterion, Throughput};
use std::convert::Infallible;
use std::hint::black_box;

use _core::json::http_date::Moment;
use _core::json::reader::{Builder, read};
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
    let moment = Moment {
        year: 2024,
        month: 2,
        day: 29,
        hour: 12,
        minute: 0,
        second: 5,
    };
    group.bench_function("date", |b| b.iter(|| black_box(moment).to_http_date()));
    group.finish();
}

pub fn reading(criterion: &mut Criterion) {
    let small = r#"{"a": 1, "b": 2}"#.to_owned();
    let person = r#"{"name": "xiaoming", "age": 16, "tags": ["a", "b"], "x": 1.5, "y": null, "z": true}"#;
    let many = format!("[{}]", vec![person; 100].join(", "));
    let mut group = criterion.benchmark_group("json, reading");
    for (name, document) in [("two numbers", small), ("a list of 100 objects", many)] {
        group.throughput(Throughput::Bytes(document.len() as u64));
        group.bench_function(name, |b| b.iter(|| read(black_box(document.as_bytes()), &mut Count)));
    }
    group.finish();
}

/// Makes of each value the number of values in it, so that nothing but the reading costs.
struct Count;

impl Builder for Count {
    type Value = usize;
    type Key = ();
    type Dict = usize;
    type Error = Infallible;

    fn null(&mut self) -> Result<usize, Infallible> {
        Ok(1)
    }
    fn boolean(&mut self, _: bool) -> Result<usize, Infallible> {
        Ok(1)
    }
    fn integer(&mut self, _: i64) -> Result<usize, Infallible> {
        Ok(1)
    }
    fn big_integer(&mut self, _: &str) -> Result<usize, Infallible> {
        Ok(1)
    }
    fn float(&mut self, _: f64) -> Result<usize, Infallible> {
        Ok(1)
    }
    fn string(&mut self, _: &str) -> Result<usize, Infallible> {
        Ok(1)
    }
    fn list(&mut self, items: std::vec::Drain<'_, usize>) -> Result<usize, Infallible> {
        Ok(items.sum())
    }
    fn open_dict(&mut self) -> usize {
        0
    }
    fn key(&mut self, _: &str) -> Result<(), Infallible> {
        Ok(())
    }
    fn put(&mut self, dict: &mut usize, (): (), value: usize) -> Result<(), Infallible> {
        *dict += value;
        Ok(())
    }
    fn close_dict(&mut self, dict: usize) -> Result<usize, Infallible> {
        Ok(dict)
    }
}
