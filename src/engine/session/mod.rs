//! The session interfaces, and the default one's cookie.
//!
//! It must not know responses.

pub mod cookie;
pub mod default;
pub mod interface;
pub mod keys;
pub mod tags;

pub use interface::{open, save, save_plain, touched, untouched};
