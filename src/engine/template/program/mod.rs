//! A template's program, run over Python objects: its meaning is that of the Python code that Jinja2 generates.
//!
//! `src/templates` reads the program from that code; Jinja2's parser, scopes, filters, tests, contexts and loaders stay
//! what they are.
//!
//! Tests: `tests/templates`

pub mod attributes;
pub mod calls;
pub mod code;
pub mod expressions;
pub mod frame;
pub mod functions;
pub mod items;
pub mod kit;
pub mod loops;
pub mod macros;
pub mod natives;
pub mod output;
pub mod statements;
pub mod tracebacks;
