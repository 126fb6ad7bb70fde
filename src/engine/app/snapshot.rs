//! A snapshot of an application: which steps it overrides (law 4) and the values of its plain attributes. It is valid as
//! long as two version numbers of CPython's are the same: that of the application's class, and that of its `__dict__`.
//!
//! An attribute is in it only if reading it runs no code: no property, no `__getattr__`. What is *inside* such a value
//! (the entries of a hook table, of the configuration) is never in a snapshot.

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyType};

use super::steps::{Overridden, Steps};
use crate::engine::ffi;
use crate::engine::ffi::gil_cell::GilCell;
use crate::engine::guard::mro::defined;
use crate::engine::interpreter::name_enum::named;
use crate::engine::interpreter::type_cache::TypeCache;

named! {
    /// The attributes that a request may read from an application.
    pub enum AppAttribute {
        AfterRequestFuncs = "after_request_funcs",
        BeforeRequestFuncs = "before_request_funcs",
        Config = "config",
        ErrorHandlerSpec = "error_handler_spec",
        GotFirstRequest = "_got_first_request",
        Json = "json",
        RequestClass = "request_class",
        ResponseClass = "response_class",
        RootPath = "root_path",
        SessionInterface = "session_interface",
        SubdomainMatching = "subdomain_matching",
        TeardownAppcontextFuncs = "teardown_appcontext_funcs",
        TeardownRequestFuncs = "teardown_request_funcs",
        TemplateContextProcessors = "template_context_processors",
        UrlDefaultFunctions = "url_default_functions",
        UrlMap = "url_map",
        UrlValuePreprocessors = "url_value_preprocessors",
        ViewFunctions = "view_functions",
    }
}

/// One snapshot, and the versions it was taken under.
pub struct AppSnapshot {
    pub(super) versions: Option<ffi::InstanceVersions>,
    pub(super) overridden: Overridden,
    pub(super) attributes: [Option<Py<PyAny>>; AppAttribute::COUNT],
}

impl AppSnapshot {
    #[cold]
    pub(super) fn of(app: &Bound<'_, PyAny>, versions: Option<ffi::InstanceVersions>) -> PyResult<Self> {
        let class = ClassView::of(&app.get_type())?;
        let dict = ffi::instance_dict(app)?;
        let overridden = Steps::core(app.py()).on_instance(&dict, class.overridden)?;
        let mut attributes = [const { None }; AppAttribute::COUNT];
        for which in AppAttribute::ALL {
            if class.fixed & (1 << which as u8) != 0 {
                attributes[which as usize] = held(app, &dict, which.name())?.map(Bound::unbind);
            }
        }
        Ok(Self {
            versions,
            overridden,
            attributes,
        })
    }
}

/// The value of an attribute that is no descriptor, from the instance or its class.
pub fn held<'py>(
    app: &Bound<'py, PyAny>,
    dict: &Bound<'py, PyDict>,
    name: &str,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let name = PyString::intern(app.py(), name);
    match dict.get_item(&name)? {
        Some(value) => Ok(Some(value)),
        None => app.getattr_opt(name),
    }
}

/// What the class alone decides.
#[derive(Clone, Copy)]
struct ClassView {
    overridden: Overridden,
    /// One bit for each attribute that an instance has without running code.
    fixed: u32,
}

impl ClassView {
    fn of(class: &Bound<'_, PyType>) -> PyResult<Self> {
        static KNOWN: TypeCache<ClassView> = TypeCache::new();
        let find = || {
            Ok(Self {
                overridden: Steps::core(class.py()).on_class(class)?,
                fixed: fixed(class)?,
            })
        };
        KNOWN.of(class, find, |view| *view)
    }
}

fn fixed(class: &Bound<'_, PyType>) -> PyResult<u32> {
    if !ffi::has_generic_getattr(class) {
        return Ok(0);
    }
    let mut fixed = 0;
    for which in AppAttribute::ALL {
        let runs_code = match defined(class, &PyString::intern(class.py(), which.name()))? {
            Some(value) => {
                let kind = value.get_type();
                kind.hasattr("__get__")? || kind.hasattr("__set__")? || kind.hasattr("__delete__")?
            }
            None => false,
        };
        if !runs_code {
            fixed |= 1 << which as u8;
        }
    }
    Ok(fixed)
}

/// The latest snapshot of one application, stored in it.
#[derive(Default)]
pub struct SnapshotCell(pub(super) GilCell<Option<Box<AppSnapshot>>>);

impl SnapshotCell {
    /// Swaps the snapshot; the old one is dropped after the borrow, since that may run Python.
    pub fn put(&self, py: Python<'_>, new: Option<AppSnapshot>) {
        self.0.put(py, new.map(Box::new));
    }

    /// For `__traverse__`. The cell may be borrowed; then the application is reachable and need not be visited.
    pub fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Some(held) = self.0.visited(visit)
            && let Some(outlook) = &*held
        {
            for value in &outlook.attributes {
                visit.call(value)?;
            }
        }
        Ok(())
    }
}
