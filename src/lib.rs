//! ferroflask's request-time engine. Layers, bottom up: `http`, `routing` and `signing` (plain Rust), `json`, then
//! `engine` (Python objects) and `server` (sockets). An arrow never points back.

pub mod http;
pub mod json;
pub mod routing;
pub mod signing;

#[cfg(feature = "python")]
mod engine;
#[cfg(feature = "python")]
mod server;

// The server's pure parts, for `cargo test --no-default-features`; everything else there needs Python.
#[cfg(all(test, not(feature = "python")))]
#[path = "server/admission.rs"]
#[allow(dead_code, reason = "what the scheduler uses is not built without Python")]
mod admission;
#[cfg(all(test, not(feature = "python")))]
#[path = "server/filling.rs"]
#[allow(dead_code, reason = "what the connection uses is not built without Python")]
mod filling;
#[cfg(all(test, not(feature = "python")))]
#[path = "server/http1/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    reason = "what the connection uses is not built without Python"
)]
mod http1;
#[cfg(all(test, not(feature = "python")))]
#[path = "server/lanes.rs"]
#[allow(dead_code, reason = "what the scheduler uses is not built without Python")]
mod lanes;
#[cfg(all(test, not(feature = "python")))]
#[path = "server/queue.rs"]
#[allow(dead_code, reason = "what the scheduler uses is not built without Python")]
mod queue;
#[cfg(all(test, not(feature = "python")))]
#[path = "server/seat.rs"]
#[allow(dead_code, reason = "what the scheduler uses is not built without Python")]
mod seat;
#[cfg(all(test, not(feature = "python")))]
#[path = "server/standby.rs"]
#[allow(dead_code, reason = "what the scheduler uses is not built without Python")]
mod standby;
#[cfg(all(test, not(feature = "python")))]
#[path = "server/thread_look.rs"]
#[allow(dead_code, reason = "what the scheduler uses is not built without Python")]
mod thread_look;

#[cfg(feature = "python")]
#[pyo3::pymodule]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        crate::engine::register(module)?;
        crate::server::register(module)
    }
}
