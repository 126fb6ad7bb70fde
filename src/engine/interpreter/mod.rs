//! Small helpers over pyo3: the interpreter's lock and slots behind it, optional arguments, a cache by type.
//!
//! It must not know Flask.
//!
//! Tests: `tests/api/test_garbage.py`, `tests/api/test_pythons.py`, `tests/conformance/programs/signalling.py`

pub mod bound_method;
pub mod coroutine;
pub mod gil;
pub mod gil_slot;
pub mod init_flag;
pub mod name_enum;
pub mod optional_arg;
pub mod plain_value;
pub mod truth;
pub mod type_cache;
