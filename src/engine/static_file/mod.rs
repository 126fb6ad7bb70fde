//! `send_file` and the view of the static folder.
//!
//! It must not know sockets.
//!
//! Tests: `tests/conformance/test_static_files.py`

pub mod decision_cache;
pub mod disk;
pub mod file_request;
pub mod guards;
pub mod max_age;
pub mod media_type;
pub mod self_check;
pub mod send_file;
pub mod view;

pub use view::respond;
