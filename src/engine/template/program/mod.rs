//! A template's program, run over Python objects: its meaning is that of the Python code that Jinja2 generates.
//!
//! `src/templates` reads the program from that code; Jinja2's parser, scopes, filters, tests, contexts and loaders stay
//! what they are.
//!
//! Tests: `tests/templates`

pub mod arguments;
pub mod attributes;
pub mod calls;
pub mod cell;
pub mod code;
pub mod code_methods;
pub mod expressions;
pub mod flow;
pub mod frame;
pub mod functions;
pub mod inner_function_methods;
pub mod items;
pub mod kit;
pub mod loops;
pub mod macros;
pub mod native_calls;
pub mod natives;
pub mod output;
pub mod statements;
pub mod tracebacks;
