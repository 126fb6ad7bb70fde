//! What Python decided of files that were sent lately, by their names. It counts for as long as nothing that it was
//! decided by has changed, which CPython's version numbers tell. Must not know the disk.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use pyo3::prelude::*;

use super::file_request::FileToSend;
use super::media_type;
use crate::engine::app::config::Config;
use crate::engine::ffi;
use crate::engine::ffi::gil_cell::GilCell;

/// Files remembered: when there are so many, all are forgotten.
const MOST: usize = 4096;

/// The versions of the app, its blueprint, their classes, the configuration, and the tables of media types. No two dicts
/// have a version in common, so they also say whose file it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    objects: [u64; 3],
    classes: [u32; 2],
    tables: [u64; 3],
}

impl Versions {
    /// None when one of them can't be told, or something has to be looked up each time.
    pub fn now(app: &Bound<'_, PyAny>, owner: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        let of_object = |object: &Bound<'_, PyAny>| -> PyResult<_> {
            let attributes = ffi::dict_version(&ffi::instance_dict(object)?);
            Ok(attributes.zip(ffi::type_version(&object.get_type())))
        };
        let (Some(of_app), Some(of_owner), Some(config), Some(tables)) = (
            of_object(app)?,
            of_object(owner)?,
            Config::of(app)?.version(),
            media_type::versions(app.py())?,
        ) else {
            return Ok(None);
        };
        Ok(Some(Self {
            objects: [of_app.0, of_owner.0, config],
            classes: [of_app.1, of_owner.1],
            tables,
        }))
    }
}

type Decisions = HashMap<Box<str>, (Versions, Arc<FileToSend>)>;

static DECISIONS: LazyLock<GilCell<Decisions>> = LazyLock::new(GilCell::default);

/// What was decided of a file, if it still is so.
pub fn find(py: Python<'_>, filename: &str, versions: &Versions) -> PyResult<Option<Arc<FileToSend>>> {
    let decided = match DECISIONS.look(py).get(filename) {
        Some((then, file)) if then == versions => Arc::clone(file),
        _ => return Ok(None),
    };
    Ok(decided.media_type.holds(py)?.then_some(decided))
}

/// Remembers what was decided.
pub fn put(py: Python<'_>, filename: &str, versions: Versions, file: &Arc<FileToSend>) {
    let mut decisions = DECISIONS.look(py);
    if decisions.len() >= MOST {
        decisions.clear();
    }
    decisions.insert(filename.into(), (versions, Arc::clone(file)));
}
