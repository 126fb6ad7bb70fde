//! The application context, the two context variables and the namespace behind `g`.
//!
//! It must not know requests.
//!
//! Tests: `tests/conformance/programs/namespaces.py`, `tests/conformance/programs/proxying.py`,
//! `tests/api/test_garbage.py`

pub mod app_context;
pub mod namespace;
pub mod vars;

pub use app_context::{AppContext, app_of};
