//! JSON text as Python's `json` module writes and reads it, without Python.
//!
//! Writing is a set of pieces (`escape`, `number`, `http_date`) that the binding layer puts together while it walks
//! Python objects; reading is `reader`, which drives a builder. What a dict or a list is in the host language is the
//! builder's business alone.

pub mod escape;
pub mod http_date;
pub mod number;
pub mod reader;
