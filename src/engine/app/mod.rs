//! The application as the engine sees it: which steps it overrides, its attributes and its configuration, read once and checked by version.
//!
//! It must not know requests.
//!
//! Tests: `tests/api/test_what_is_remembered.py`, `tests/api/test_patched_classes.py`,
//! `tests/conformance/programs/flags.py`

pub mod config;
pub mod core;
pub mod lookup;
pub mod snapshot;
pub mod steps;
