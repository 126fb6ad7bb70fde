//! `app.config[…]` as a dict look-up, while the class has no other `__getitem__`. CPython searches for that method on any
//! subclass of `dict`, which costs five times as much.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDelta, PyDeltaAccess, PyDict, PyString, PyType};

use super::lookup::{app_attribute, is_overridden};
use super::snapshot::AppAttribute;
use super::steps::Step;
use crate::engine::ffi;
use crate::engine::guard::ClassGuard;

/// The guard over `flask.Config`.
pub fn guard(py: Python<'_>) -> PyResult<&ClassGuard> {
    static CORE: PyOnceLock<ClassGuard> = PyOnceLock::new();
    CORE.get_or_try_init(py, || {
        let class = py.import("flask.config")?.getattr("Config")?.cast_into::<PyType>()?;
        ClassGuard::exact(&class, &["__getitem__"])
    })
}

/// The guard over `flask.config.ConfigAttribute`.
pub fn attribute_guard(py: Python<'_>) -> PyResult<&ClassGuard> {
    static CORE: PyOnceLock<ClassGuard> = PyOnceLock::new();
    CORE.get_or_try_init(py, || {
        let class = py.import("flask.config")?.getattr("ConfigAttribute")?;
        ClassGuard::exact(&class.cast_into::<PyType>()?, &["__get__"])
    })
}

/// `app.secret_key`.
pub fn secret_key<'py>(app: &Bound<'py, PyAny>, config: &Config<'py>) -> PyResult<Bound<'py, PyAny>> {
    let py = app.py();
    match setting(app, config, Step::SecretKey, intern!(py, "SECRET_KEY"))? {
        Some(value) => Ok(value),
        None => app.getattr(intern!(py, "secret_key")),
    }
}

/// About a hundred years, in days.
const CENTURY: i32 = 36_500;

/// `app.permanent_session_lifetime.total_seconds()`.
pub fn session_seconds<'py>(app: &Bound<'py, PyAny>, config: &Config<'py>) -> PyResult<f64> {
    let py = app.py();
    let name = intern!(py, "PERMANENT_SESSION_LIFETIME");
    if let Some(value) = setting(app, config, Step::PermanentSessionLifetime, name)?
        && let Ok(lifetime) = value.cast_exact::<PyDelta>()
        && lifetime.get_days().abs() < CENTURY
    {
        let seconds = i64::from(lifetime.get_days()) * 86_400 + i64::from(lifetime.get_seconds());
        let micros = seconds * 1_000_000 + i64::from(lifetime.get_microseconds());
        #[expect(clippy::cast_precision_loss, reason = "less than 2^53 for centuries")]
        return Ok(micros as f64 / 1e6);
    }
    let lifetime = app.getattr(intern!(py, "permanent_session_lifetime"))?;
    lifetime.call_method0(intern!(py, "total_seconds"))?.extract()
}

/// What a `ConfigAttribute` of ours would read and convert; `None` where the application has something else in its place.
fn setting<'py>(
    app: &Bound<'py, PyAny>,
    config: &Config<'py>,
    attribute: Step,
    name: &Bound<'py, PyString>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let guard = attribute_guard(app.py())?;
    if is_overridden(app, attribute)? || !guard.passes(guard.class(app.py())) {
        return Ok(None);
    }
    config.get_item(name).map(Some)
}

/// `app.debug`: the property of ours reads the configuration.
pub fn is_debugging(app: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = app.py();
    if is_overridden(app, Step::Debug)? {
        return app.getattr(intern!(py, "debug"))?.is_truthy();
    }
    Config::of(app)?.get_item(intern!(py, "DEBUG"))?.is_truthy()
}

/// An application's configuration, live.
pub struct Config<'py> {
    config: Bound<'py, PyAny>,
    is_core: bool,
}

impl<'py> Config<'py> {
    pub fn of(app: &Bound<'py, PyAny>) -> PyResult<Self> {
        let py = app.py();
        let config = app_attribute(app, AppAttribute::Config)?;
        let is_core = guard(py)?.passes(&config.get_type());
        Ok(Self { config, is_core })
    }

    /// CPython's version of it, if it is nothing but a dict.
    pub fn version(&self) -> Option<u64> {
        let dict = self.config.cast::<PyDict>().ok().filter(|_| self.is_core)?;
        ffi::dict_version(dict)
    }

    /// `app.config[name]`.
    pub fn get_item(&self, name: &Bound<'py, PyString>) -> PyResult<Bound<'py, PyAny>> {
        if self.is_core
            && let Some(value) = self.config.cast::<PyDict>()?.get_item(name)?
        {
            return Ok(value);
        }
        self.config.get_item(name)
    }
}
