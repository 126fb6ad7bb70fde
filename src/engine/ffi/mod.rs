//! Everything that needs CPython's C API or another unsafe call, each behind a safe function.
//!
//! It must not know Flask.
//!
//! Tests: `tests/api/test_garbage.py`, `tests/api/test_pythons.py`, `tests/api/test_what_is_remembered.py`

pub mod byte_view;
pub mod contextvar;
#[cfg(Py_3_14)]
mod dict_watcher;
pub mod exceptions;
pub mod files;
pub mod forwarding;
pub mod gil_cell;
pub mod objects;
pub mod recursion;
pub mod texts;
pub mod versions;

pub use exceptions::{handled_exception, while_handling};
pub use files::duplicate;
pub use objects::{
    attribute, bare_instance, bare_object, bound_method, has_generic_getattr, has_iterator_of, instance_dict,
    is_unshared, text_of_subclass, type_name, what_runs,
};
pub use recursion::RecursionLevel;
pub use texts::{decoded_with_surrogates, encoded_with_surrogates};
pub use versions::{InstanceVersions, dict_version, instance_versions, type_version};
