//! Header values as Python objects and back: options, cookies, dates, the Latin-1 texts of WSGI.
//!
//! It must not know requests or responses.
//!
//! Tests: `tests/conformance/test_parsers_differential.py`, `tests/conformance/programs/cookies_of_types.py`

pub mod dates;
pub mod errors;
pub mod multi_dict;
pub mod set_cookie;
pub mod status;
pub mod text;
pub mod values;

pub use values::{cookies_to_py, query_to_py};
