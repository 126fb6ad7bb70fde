//! The native half of `app.test_client()`.
//!
//! It must not know sockets.
//!
//! Tests: `tests/conformance/programs/sending.py`

pub mod body;
pub mod client;
pub mod client_response;
pub mod guards;
pub mod iterable_relay;
pub mod plain_request;
pub mod request;
pub mod server_environ;
