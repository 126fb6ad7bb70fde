//! The native base of `flask.Flask`: its data. The methods that Python sees are in `bindings`.

use pyo3::prelude::*;

use super::snapshot::SnapshotCell;
use crate::engine::interpreter::gil_slot::Slot;

/// Base class of `flask.Flask`, before `flask.sansio.app.App` in its MRO.
#[pyclass(subclass, dict, frozen, module = "ferroflask._core")]
#[derive(Default)]
pub struct AppCore {
    /// The keys that sign the default session's cookie.
    pub session_keys: Slot,
    /// The latest snapshot of the application.
    pub snapshot: SnapshotCell,
}
