//! Law 4, "override wins": whether a class, a module or a library still is and does what it was and did. Everything that
//! decides whether Rust may do a step goes through these guards, with two verbs: `passes` and `passes_for`.
//!
//! It must not know what is guarded. What the guards of each room are is said in its own `guards`; they are armed by
//! `bindings::arm_guards`.
//!
//! Tests: `tests/api/test_patched_classes.py`, `tests/api/test_what_is_remembered.py`

pub mod class_guard;
pub mod module_guard;
pub mod mro;
pub mod self_check;

pub use class_guard::{ClassGuard, is_as_shipped};
pub use module_guard::ModuleGuard;
pub use self_check::SelfCheck;
