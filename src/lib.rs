//! ferroflask's request-time engine. Layers, bottom up: `text`, then `http`, `routing`, `signing`,
//! `json` and `templates` (plain Rust), then `engine` (Python objects) and `server` (sockets). An arrow never points back.

pub mod http;
pub mod json;
pub mod routing;
pub mod signing;
pub mod templates;
pub mod text;

#[cfg(feature = "python")]
mod engine;
#[cfg(any(feature = "python", test))]
mod server;

#[cfg(feature = "python")]
#[pyo3::pymodule(gil_used = true)]
mod _core {
    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        crate::engine::register(module)?;
        crate::server::register(module)
    }
}
