//! URL routing in plain Rust: which rule answers a path, and what URL a rule's values make.
//!
//! Rules are `u32` ids; the converters of a rule are known elsewhere, and it arrives here as a finished tree of segments. Nothing in
//! this folder may know Python: what only Python can answer (an unusual regular expression) goes through the
//! [`Foreign`] trait.

mod builder;
mod converter;
mod grammar;
mod hash;
mod matcher;
mod quote;
mod segment;
mod tree;

pub use builder::{Built, Op, Site, Template, Wanted};
pub use converter::Shape;
pub use grammar::{Piece, Placeholder, pieces, push_pattern_escaped, with_merged_slashes};
pub use hash::FastMap;
pub use matcher::{Foreign, Found, Missed, Outcome, Query, rooted};
pub use quote::{push_path_quoted, push_query_quoted};
pub use segment::{Fit, Test};
pub use tree::{Branch, Matcher, RuleTraits, StateId, Tree};
