//! The surroundings of a template: its context, its globals, rendering.
//!
//! It must not know responses.

pub mod context_processors;
pub mod guards;
pub mod jinja_context;
pub mod lookup;
pub mod render;
pub mod variables;
