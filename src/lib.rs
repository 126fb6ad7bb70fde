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

#[cfg(feature = "python")]
#[pyo3::pymodule]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::engine::register(module)?;
        crate::server::register(module)
    }
}
