//! `multipart/form-data`, read as it arrives: pieces of body in, parts and their data out.
//!
//! The outcome does not depend on where the pieces are cut, and the time is linear in the body whatever the body holds
//! (CVE-2023-46136 and its relatives). Nothing here opens files or knows who uploads.

mod boundary;
mod decoder;
mod input;
mod part;

pub use super::multipart::decoder::{Data, Decoder, Event, MultipartLimits};
pub use super::multipart::part::PartHead;
