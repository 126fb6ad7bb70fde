//! The surroundings of a template: its context, its globals, rendering.
//!
//! It must not know responses.
//!
//! Tests: `tests/conformance/programs/templating.py`, `tests/conformance/test_patched_jinja.py`

pub mod context_processors;
pub mod guards;
pub mod jinja_context;
pub mod lookup;
pub mod pass_mark;
pub mod program;
pub mod render;
pub mod variables;
