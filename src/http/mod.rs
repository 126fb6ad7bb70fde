//! HTTP values: bytes to plain values and back, with the results Werkzeug gives.
//!
//! Pure text and byte work. Nothing in this folder knows about Python, sockets or a running request; the bindings in
//! the engine turn these values into real Werkzeug objects.

pub mod conditions;
pub mod cookies;
pub mod error;
pub mod file_answer;
pub mod file_path;
pub mod header_name;
pub mod multipart;
pub mod options;
pub mod query;
pub mod request_headers;
pub mod request_target;
pub mod set_cookie;
pub mod token;
pub mod vary;
pub mod version;

pub use crate::http::error::HttpError;
pub use crate::text::charset::Charset;
