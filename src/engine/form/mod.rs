//! Form bodies: urlencoded and multipart, from wherever the body comes to Werkzeug's types.
//!
//! It must not know requests.
//!
//! Tests: `tests/conformance/test_parsers_differential.py`, `tests/conformance/test_upload_files.py`,
//! `tests/conformance/test_upload_disk.py`, `tests/conformance/test_patched_request.py`

pub mod body_source;
pub mod file_writer;
pub mod lazy_file;
pub mod multipart;
pub mod parse;
pub mod types;

pub use self::types::MultipartJob;
pub use body_source::{ChunkSource, MemorySource, WireSource};
pub use parse::check_length;
pub use parse::parse_multipart;
pub use parse::parse_urlencoded;
