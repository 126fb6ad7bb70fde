//! One HTTP/1 connection: request heads and bodies in, answers out, under clocks.
//!
//! It must not know which thread runs a view.
//!
//! Tests: `tests/live/test_server_framing.py`, `tests/live/test_server_refusals.py`, `tests/live/test_uploads.py`,
//! `tests/faults/test_clients_that_leave.py`, `tests/faults/test_memory.py`, `tests/faults/test_slow_clients.py`

#[cfg(feature = "python")]
pub mod body_channel;
pub mod buffer_pool;
#[cfg(feature = "python")]
pub mod connection;
#[cfg(feature = "python")]
pub mod deferred_drops;
#[cfg(feature = "python")]
pub mod file_body;
#[cfg(feature = "python")]
pub mod request_body;
#[cfg(feature = "python")]
pub mod response_head;
#[cfg(feature = "python")]
pub mod response_writer;
#[cfg(feature = "python")]
pub mod server_state;
#[cfg(feature = "python")]
pub mod timeouts;
#[cfg(feature = "python")]
pub mod transport;
