//! Templates in plain Rust: the Python source that Jinja2 generates for a template, read as a small program.
//!
//! Jinja2's generator writes few of Python's forms, and always in the same shapes. What is written otherwise is not
//! understood, and then the whole template is left to Jinja2. Nothing in this folder may know Python's objects.
//!
//! Tests: `tests/templates`, and in the files

mod atoms;
mod expressions;
mod lexer;
mod literal;
mod lower;
pub mod program;
mod refusal;
mod scopes;
mod shapes;
mod statements;
mod syntax;
mod walk;

pub use crate::templates::lower::compile;
pub use crate::templates::program::Program;
pub use crate::templates::refusal::Refusal;
