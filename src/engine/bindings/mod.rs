//! What Python sees: the `#[pymethods]` of the classes whose data lies in the rooms below, the proxies, and the table of all names of `_core`.
//!
//! Everything may be used here; nothing uses it.
//!
//! Tests: `tests/conformance/programs/proxying.py`, `tests/conformance/test_escape_differential.py`,
//! `tests/api/test_garbage.py`
#![allow(clippy::doc_markdown, reason = "what Python shows as documentation is no Markdown")]

pub mod app;
pub mod app_context;
pub mod arm_guards;
pub mod context_dict;
pub mod escape;
pub mod module;
pub mod proxies;
pub mod request;
pub mod request_attribute;
pub mod request_context;
pub mod request_dict;
#[cfg(feature = "testing")]
pub mod testing;
pub mod url_map;
