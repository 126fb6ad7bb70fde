//! The one door, in three spellings: a request from a socket, a WSGI call, and what a response becomes on its way out.
//!
//! It must not know sockets.
//!
//! Tests: `tests/live/test_bad_input.py`, `tests/conformance/programs/pieces.py`

pub mod call_wsgi;
pub mod open_file;
pub mod server;
pub mod start_response;
pub mod to_wire;
