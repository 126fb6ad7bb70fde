//! JSON text as Python's `json` module writes it, without Python: pieces that the binding layer puts together while it
//! walks Python objects. Reading is the crate jiter's, in the binding layer.

pub mod escape;
pub mod number;
