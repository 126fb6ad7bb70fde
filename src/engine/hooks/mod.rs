//! The functions that a program registers (before, after, teardown) and signals.
//!
//! It must not know what a request is.
//!
//! Tests: `tests/conformance/programs/signalling.py`, `tests/conformance/programs/hooks.py`,
//! `tests/api/test_what_is_remembered.py`

pub mod registered;
pub mod signals;

pub use registered::{any, call0, call1, callable, each, each_reversed, ensure_sync, reversed};
