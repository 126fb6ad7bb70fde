//! `app.url_map`: Werkzeug's map, compiled for the matcher and the URL builder.
//!
//! It must not know requests.
//!
//! Tests: `tests/conformance/test_routing_differential.py`, `tests/conformance/test_rules_added.py`,
//! `tests/conformance/programs/converting.py`

pub mod add_rule;
pub mod build_plan;
pub mod building;
pub mod compile;
pub mod map;
pub mod matching;
pub mod peek;
pub mod python_regex;
pub mod rule_parts;
pub mod snapshot;
pub mod to_python;
pub mod to_url;
pub mod werkzeug_types;

pub use add_rule::arm_guards;
pub use building::{BuildRequest, build};
pub use matching::{Match, match_path, method_not_allowed, not_found, websocket_mismatch};
pub use peek::{Peek, Peeked};
