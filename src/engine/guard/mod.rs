//! Law 4: whether a class, a module or a function of a library is still what it was when it was imported.
//!
//! It must not know what is guarded.

pub mod class_guard;
pub mod members;
pub mod mro;
