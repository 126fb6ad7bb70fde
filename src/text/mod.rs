//! Texts as HTTP and HTML spell them: percent-encoding, charsets, dates, escapes.
//!
//! It must not know headers or URLs.

pub mod charset;
pub mod dates;
pub mod html;
pub mod percent;
pub mod same;
