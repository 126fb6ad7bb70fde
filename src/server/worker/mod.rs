//! One view run: the job, its reply, and bodies that are Python iterables.
//!
//! It must not know sockets.

pub mod iterable_body;
pub mod job;
