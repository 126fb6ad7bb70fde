//! The socket side: HTTP/1 connections on tokio, the threads that run views, timeouts, logs and shutdown.
//!
//! The application is reached through `engine::door` alone.

mod access_log;
mod admission;
mod answer;
mod body;
mod connection;
mod ffi;
mod file;
mod filling;
mod gil_probe;
mod http1;
mod lanes;
mod listener;
mod pool;
mod queue;
mod scheduler;
mod seat;
mod serve;
mod settings;
mod shutdown;
mod site;
mod standby;
mod stream;
mod switching;
mod thread_hooks;
mod thread_look;
mod timeouts;
mod upload;
mod view;
mod watchdog;
mod wire;

pub use serve::register;
