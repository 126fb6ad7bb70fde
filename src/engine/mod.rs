//! The engine: one request from the door to the answer. This is the only layer that knows Python objects; the server
//! above it sees `gateway` and `message` alone.
//!
//! The rooms below stand in their order: each uses only those before it (`tests/layering`).

mod app;
mod bindings;
mod context;
pub mod ffi;
mod form;
pub mod gateway;
mod guard;
mod headers;
mod hooks;
mod interpreter;
mod json;
mod lifecycle;
pub mod message;
mod request;
mod response;
mod session;
mod static_file;
mod template;
mod test_client;
mod url_map;

pub use bindings::module::register;
