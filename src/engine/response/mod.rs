//! What a view returned, as status, headers and body.
//!
//! It must not know sockets.

pub mod base;
pub mod fast_path;
pub mod from_outcome;
pub mod http_error;
pub mod json;
pub mod make_response;
pub mod redirect;
pub mod set_cookie;

pub use base::{is_core, is_shadowed, make, sealed, sealed_headers, with_body};
pub use from_outcome::file_iterator;
