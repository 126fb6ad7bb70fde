//! The session interfaces, and the default one's cookie.
//!
//! It must not know responses.
//!
//! Tests: `tests/conformance/test_session_cookie.py`, `tests/conformance/programs/keeping.py`,
//! `tests/conformance/test_tutorials_cookies.py`

pub mod attributes;
pub mod change;
pub mod cookie;
pub mod default;
pub mod interface;
pub mod keys;
pub mod tags;

pub use interface::{change, has_read_cookies, open, save_with_python, touched, untouched};
