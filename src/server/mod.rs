//! The socket side: HTTP/1 connections on tokio, the threads that run views, timeouts, logs and shutdown.
//!
//! The application is reached through `engine::gateway` alone. The parts without a condition need no Python: `make
//! test-rust` tests them.
#![cfg_attr(
    not(feature = "python"),
    allow(dead_code, unused_imports, reason = "what uses them is not built without Python")
)]

#[cfg(feature = "python")]
mod access_log;
mod connection;
#[cfg(feature = "python")]
mod ffi;
mod http1;
#[cfg(feature = "python")]
mod listener;
mod scheduler;
#[cfg(feature = "python")]
mod server;
#[cfg(feature = "python")]
mod settings;
#[cfg(feature = "python")]
mod shutdown;
#[cfg(feature = "python")]
mod worker;

#[cfg(feature = "python")]
pub use server::register;
