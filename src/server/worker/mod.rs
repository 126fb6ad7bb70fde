//! One view run: the job, its reply, and bodies that are Python iterables.
//!
//! It must not know sockets.
//!
//! Tests: `tests/live/test_server_running.py`

pub mod iterable_body;
pub mod job;
