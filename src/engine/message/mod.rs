//! A request as it comes from a socket, and a response as it goes back: plain values.
//!
//! It must not know Python classes of Flask.
//!
//! Tests: `tests/live/test_server_framing.py`

pub mod body_bytes;
pub mod outcome;
pub mod raw_request;
pub mod raw_response;
