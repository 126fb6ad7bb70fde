//! What one look at an application tells: which steps it overrides (law 4) and what its plain attributes hold. Kept for
//! as long as nothing that the answer depends on has changed, which CPython tells by two version numbers: that of the
//! application's class, and that of its `__dict__`.
//!
//! An attribute is kept only if reading it runs no code: no property, no `__getattr__`. What is *inside* a kept object
//! (the entries of a hook table, of the configuration) is never remembered here.

use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyType};

use super::core::AppCore;
use super::steps::{Overridden, Step, Steps};
use crate::engine::ffi;
use crate::engine::ffi::gil_cell::Attached;
use crate::engine::guard::mro::defined;
use crate::engine::interpreter::name_enum::named;
use crate::engine::interpreter::type_cache::ByClass;

named! {
    /// The attributes that a request may ask an application for.
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

/// One look, and the versions it was had under.
pub struct Outlook {
    versions: Option<ffi::InstanceVersions>,
    overridden: Overridden,
    attributes: [Option<Py<PyAny>>; AppAttribute::COUNT],
}

/// Which of the steps this application has overridden, by class or on the instance, at this moment.
pub fn overridden(app: &Bound<'_, PyAny>) -> PyResult<Overridden> {
    match app.cast::<AppCore>() {
        Ok(core) => look(core, |outlook| outlook.overridden),
        Err(_) => Outlook::of(app, None).map(|outlook| outlook.overridden),
    }
}

/// Whether this application has overridden one step, at this moment.
pub fn is_overridden(app: &Bound<'_, PyAny>, step: Step) -> PyResult<bool> {
    overridden(app).map(|steps| steps.has(step))
}

/// `app.<attribute>`, at this moment.
pub fn app_attribute<'py>(app: &Bound<'py, PyAny>, which: AppAttribute) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    let held = |outlook: &Outlook| {
        outlook.attributes[which as usize]
            .as_ref()
            .map(|value| value.clone_ref(py))
    };
    // What stands for an application (a proxy) is asked as Python would.
    let known = match app.cast::<AppCore>() {
        Ok(core) => look(core, held)?,
        Err(_) => None,
    };
    match known {
        Some(value) => Ok(value.into_bound(py)),
        None => app.getattr(which.name()),
    }
}

/// Asks what is known of an application, after making sure that it still holds.
#[inline]
fn look<R>(core: &Bound<'_, AppCore>, ask: impl FnOnce(&Outlook) -> R) -> PyResult<R> {
    let (py, app) = (core.py(), core.as_any());
    let versions = ffi::instance_versions(app);
    let kept = &core.get().outlook;
    if versions.is_some()
        && let Some(known) = &*kept.0.look(py)
        && known.versions == versions
    {
        return Ok(ask(known));
    }
    let fresh = Outlook::of(app, versions)?;
    let answer = ask(&fresh);
    // Looking may have given the class its version; what is kept must be what was true when the look began.
    if versions.is_some() && versions == ffi::instance_versions(app) {
        kept.put(py, Some(fresh));
    }
    Ok(answer)
}

impl Outlook {
    #[cold]
    fn of(app: &Bound<'_, PyAny>, versions: Option<ffi::InstanceVersions>) -> PyResult<Self> {
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
fn held<'py>(app: &Bound<'py, PyAny>, dict: &Bound<'py, PyDict>, name: &str) -> PyResult<Option<Bound<'py, PyAny>>> {
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
        static KNOWN: ByClass<ClassView> = ByClass::new();
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

/// The latest look at one application, kept by it.
#[derive(Default)]
pub struct KeptOutlook(Attached<Option<Box<Outlook>>>);

impl KeptOutlook {
    /// Swaps what is kept; the old one is dropped after the look, since that may run Python.
    pub fn put(&self, py: Python<'_>, new: Option<Outlook>) {
        self.0.put(py, new.map(Box::new));
    }

    /// For `__traverse__`. A look that is being used belongs to an application that is in use.
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
