//! What a view returned, as status, headers and body.
//!
//! It must not know sockets.
//!
//! Tests: `tests/conformance/programs/answers.py`, `tests/conformance/programs/cookies_of_types.py`,
//! `tests/conformance/programs/flags.py`, `tests/conformance/programs/saving.py`

pub mod base;
pub mod fast_path;
pub mod from_outcome;
pub mod http_error;
pub mod json;
pub mod make_response;
pub mod redirect;
pub mod save_session;
pub mod set_cookie;

pub use base::{headers_guard, is_core, is_shadowed, make, with_body};
pub use from_outcome::file_iterator;
