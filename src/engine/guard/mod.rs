//! Law 4: whether a class, a module or a function of a library is still what it was when it was imported.
//!
//! It must not know what is guarded.
//!
//! Tests: `tests/api/test_patched_classes.py`, `tests/api/test_what_is_remembered.py`

pub mod class_guard;
pub mod members;
pub mod mro;
