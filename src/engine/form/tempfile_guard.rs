//! What Python's `tempfile` would do for an upload that has to go to disk, as long as it is the module that it was.
//!
//! Knows nothing of the files of ours that may take the place of its files.

use std::path::PathBuf;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyModule};

/// `tempfile`'s parts that decide what its files are, as Python has them.
pub(super) struct Tempfile {
    module: Py<PyModule>,
    parts: Vec<Py<PyAny>>,
}

const PARTS: [&str; 3] = ["TemporaryFile", "_os", "_io"];

impl Tempfile {
    /// Remembers the parts; None if somebody has put others in their place already.
    pub(super) fn seal(module: &Bound<'_, PyModule>) -> PyResult<Option<Self>> {
        let py = module.py();
        let scope = module
            .getattr("TemporaryFile")?
            .getattr_opt(intern!(py, "__globals__"))?;
        let is_own = scope.is_some_and(|scope| scope.is(module.dict()))
            && module.getattr("_os")?.is(py.import("os")?)
            && module.getattr("_io")?.is(py.import("io")?);
        if !is_own {
            return Ok(None);
        }
        let parts = PARTS.iter().map(|name| Ok(module.getattr(*name)?.unbind()));
        Ok(Some(Self {
            parts: parts.collect::<PyResult<_>>()?,
            module: module.clone().unbind(),
        }))
    }

    /// The folder in which `TemporaryFile` would make the file that it is asked for with these arguments, if a nameless
    /// file there is all that it would make.
    pub(super) fn folder(&self, arguments: &Bound<'_, PyDict>) -> PyResult<Option<PathBuf>> {
        let py = arguments.py();
        let module = self.module.bind(py);
        for (name, part) in PARTS.iter().zip(&self.parts) {
            if !module.getattr(*name)?.is(part) {
                return Ok(None);
            }
        }
        let mut folder = None;
        for (name, value) in arguments {
            let plain = match name.extract::<&str>()? {
                "mode" => matches!(value.extract::<&str>(), Ok("rb+" | "r+b" | "w+b" | "wb+")),
                "buffering" => value.extract::<i64>().is_ok_and(|size| size == -1),
                "dir" if !value.is_none() => {
                    folder = value.extract::<String>().ok();
                    folder.is_some()
                }
                _ => value.is_none(),
            };
            if !plain {
                return Ok(None);
            }
        }
        if folder.is_none() {
            folder = module.call_method0(intern!(py, "gettempdir"))?.extract().ok();
        }
        Ok(folder.map(PathBuf::from))
    }
}
