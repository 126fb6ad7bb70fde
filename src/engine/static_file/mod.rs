//! `send_file` and the view of the static folder.
//!
//! It must not know sockets.
//!
//! Tests: `tests/conformance/test_static_files.py`

pub mod decision_cache;
pub mod disk;
pub mod file_cache;
pub mod file_request;
pub mod guards;
pub mod media_type;
pub mod seen_prefixes;
pub mod self_check;
pub mod send_file;
pub mod state_version;
pub mod view;

pub use seen_prefixes::may_have as may_be_below;
pub use view::answer;
