//! URL routing in plain Rust: which rule answers a path, and what URL a rule's values make.
//!
//! Rules are `u32` ids, which arrive as a finished tree of segments; their converters are elsewhere. Nothing in this folder
//! may know Python: what only Python can answer (an unusual regular expression) goes through the [`Foreign`] trait.

mod builder;
mod converter;
mod grammar;
mod matcher;
mod plain;
mod segment;
mod states;
mod tree;

pub use crate::routing::builder::{BuildScope, Built, Op, Template, Wanted};
pub use crate::routing::converter::Shape;
pub use crate::routing::grammar::{Piece, Placeholder, pieces, push_pattern_escaped, with_merged_slashes};
pub use crate::routing::matcher::{Foreign, Found, MatchResult, Missed, Query, rooted};
pub use crate::routing::segment::{Fit, Test};
pub use crate::routing::states::{Branch, RuleTraits, StateId};
pub use crate::routing::tree::{Matcher, Tree};
