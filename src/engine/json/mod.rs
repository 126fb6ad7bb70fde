//! `dumps`, `loads` and the default provider's steps.
//!
//! It must not know responses.
//!
//! Tests: `tests/conformance/test_json_differential.py`, `tests/api/test_what_is_remembered.py`

pub mod defaults;
pub mod functions;
pub mod provider;
pub mod writer;

pub use defaults::{Replacement, html_text, http_date_of, uuid};
pub use functions::loads;
pub use writer::{DumpOptions, Halt, JsonWriter, Written};
