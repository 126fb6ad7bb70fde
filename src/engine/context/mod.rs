//! The application context, the two context variables and the namespace behind `g`.
//!
//! It must not know requests.

pub mod app_context;
pub mod namespace;
pub mod vars;

pub use app_context::{AppContext, app_of};
