//! Which thread runs a view.
//!
//! It must not know HTTP.
//!
//! Tests: `tests/live/test_server_running.py`, `tests/conformance/programs/watching.py`

#[cfg(feature = "python")]
pub mod bell;
pub mod concurrency_limit;
pub mod endpoint_stats;
#[cfg(feature = "python")]
pub mod gil_probe;
pub mod idle_workers;
pub mod inline_slot;
pub mod queue;
#[cfg(feature = "python")]
pub mod scheduler;
#[cfg(feature = "python")]
pub mod state;
#[cfg(feature = "python")]
pub mod switch_interval;
#[cfg(feature = "python")]
pub mod thread_hooks;
#[cfg(feature = "python")]
pub mod thread_pool;
pub mod thread_stat;
#[cfg(feature = "python")]
pub mod watchdog;
