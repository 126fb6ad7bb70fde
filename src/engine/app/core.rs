//! The native base of `flask.Flask`: its data. The methods that Python sees are in `bindings`.

use pyo3::prelude::*;

use super::snapshot::SnapshotCell;
use crate::engine::interpreter::gil_slot::GilSlot;

/// Base of `flask.Flask`: the steps of a request.
///
/// Overriding one, on a class or an instance, makes the engine call that. What belongs to a request needs a current
/// request context and raises `RuntimeError` without one. The constructor takes any arguments and leaves them to the
/// other bases.
#[pyclass(subclass, dict, frozen, module = "ferroflask._core")]
#[derive(Default)]
pub struct AppCore {
    /// The keys that sign the default session's cookie.
    pub session_keys: GilSlot,
    /// The latest snapshot of the application.
    pub snapshot: SnapshotCell,
}
