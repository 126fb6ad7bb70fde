//! The state of all that the `static` view looks up in Python about a file, told by CPython's version numbers: as long as
//! they are the same, so is what it would find.

use pyo3::prelude::*;

use super::media_type;
use crate::engine::app::config::Config;
use crate::engine::ffi;

/// Of the app, its blueprint, their classes, the configuration, and the tables of media types.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Versions {
    objects: [u64; 3],
    classes: [u32; 2],
    tables: [u64; 3],
}

impl Versions {
    /// None when one of them can't be told, or something has to be asked for each time.
    pub fn now(app: &Bound<'_, PyAny>, owner: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        let of_object = |object: &Bound<'_, PyAny>| -> PyResult<_> {
            let attributes = ffi::dict_version(&ffi::instance_dict(object)?);
            Ok(attributes.zip(ffi::type_version(&object.get_type())))
        };
        let Some((app_attributes, app_class)) = of_object(app)? else {
            return Ok(None);
        };
        let owner = if owner.is(app) {
            Some((app_attributes, app_class))
        } else {
            of_object(owner)?
        };
        let (Some((owner_attributes, owner_class)), Some(config), Some(tables)) =
            (owner, Config::of(app)?.version(), media_type::versions(app.py())?)
        else {
            return Ok(None);
        };
        Ok(Some(Self {
            objects: [app_attributes, owner_attributes, config],
            classes: [app_class, owner_class],
            tables,
        }))
    }
}
