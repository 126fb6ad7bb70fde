//! What Python sees: the `#[pymethods]` of the classes whose data lies in the rooms below, the proxies, and the table of all names of `_core`.
//!
//! Everything may be used here; nothing uses it.

pub mod app;
pub mod app_context;
pub mod escape;
pub mod module;
pub mod proxies;
pub mod seal;
#[cfg(feature = "testing")]
pub mod testing;
pub mod url_map;
