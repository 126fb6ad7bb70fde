//! Attributes and overridden steps of an application, read through its snapshot.
//!
//! It must not know what the attributes are for.

use pyo3::prelude::*;

use super::core::AppCore;
use super::snapshot::{AppAttribute, AppSnapshot};
use super::steps::{Overridden, Step};
use crate::engine::ffi;

/// Which of the steps this application has overridden, by class or on the instance, at this moment.
pub fn overridden(app: &Bound<'_, PyAny>) -> PyResult<Overridden> {
    match app.cast::<AppCore>() {
        Ok(core) => look(core, |outlook| outlook.overridden),
        Err(_) => AppSnapshot::of(app, None).map(|outlook| outlook.overridden),
    }
}

/// Whether this application has overridden one step, at this moment.
pub fn is_overridden(app: &Bound<'_, PyAny>, step: Step) -> PyResult<bool> {
    overridden(app).map(|steps| steps.has(step))
}

/// `app.<attribute>`, at this moment.
pub fn app_attribute<'py>(app: &Bound<'py, PyAny>, which: AppAttribute) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let held = |outlook: &AppSnapshot| {
        outlook.attributes[which as usize]
            .as_ref()
            .map(|value| value.clone_ref(py))
    };
    // A proxy of an application has no snapshot: Python's own look-up.
    let known = match app.cast::<AppCore>() {
        Ok(core) => look(core, held)?,
        Err(_) => None,
    };
    match known {
        Some(value) => Ok(value.into_bound(py)),
        None => app.getattr(which.name()),
    }
}

/// Reads an application's snapshot, after making sure that it is still valid.
#[inline]
fn look<R>(core: &Bound<'_, AppCore>, ask: impl FnOnce(&AppSnapshot) -> R) -> PyResult<R> {
    let (py, app) = (core.py(), core.as_any());
    let versions = ffi::instance_versions(app);
    let kept = &core.get().snapshot;
    if versions.is_some()
        && let Some(known) = &*kept.0.look(py)
        && known.versions == versions
    {
        return Ok(ask(known));
    }
    let fresh = AppSnapshot::of(app, versions)?;
    let answer = ask(&fresh);
    // Taking it may have given the class its version: a snapshot is stored only under the version from before.
    if versions.is_some() && versions == ffi::instance_versions(app) {
        kept.put(py, Some(fresh));
    }
    Ok(answer)
}
