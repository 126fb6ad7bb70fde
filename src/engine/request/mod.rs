//! The request: its head, its lazily made values, its context.
//!
//! It must not know responses.
//!
//! Tests: `tests/conformance/programs/request_classes.py`, `tests/conformance/programs/flags.py`,
//! `tests/live/test_proxies.py`

pub mod attributes;
pub mod base;
pub mod class;
pub mod context;
pub mod environ;
pub mod forwarded;
pub mod head;
pub mod in_memory;
pub mod matched;
pub mod native_routing;
pub mod session_memo;
pub mod state;
pub mod values;
pub mod wsgi_input;

pub use class::close;
