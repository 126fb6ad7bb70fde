//! Everything that needs CPython's C API or another unsafe call, each behind a safe function.
//!
//! It must not know Flask.

pub mod gil_cell;
pub mod objects;

pub use objects::{
    InstanceVersions, bare_instance, bare_object, bound_method, dict_version, duplicate, file_system,
    handled_exception, has_generic_getattr, has_iterator_of, instance_dict, instance_versions, is_unshared, text,
    text_of_subclass, type_version, what_runs, while_handling,
};
