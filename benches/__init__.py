"""Measurements, no tests: `pure/` is Rust for cargo (`make bench-pure`), `http/` compares servers (`make bench`)."""
