//! The app's JSON provider, and when its text can be written and read in Rust: while it is our default one with nothing
//! replaced.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyDict, PyTuple, PyType};

use super::functions;
use super::writer::DumpOptions;
use crate::engine::app::config::is_debugging;
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::ffi;
use crate::engine::guard::ClassGuard;
use crate::engine::interpreter::type_cache::TypeCache;

/// The guard over `DefaultJSONProvider`.
pub fn guard(py: Python<'_>) -> PyResult<&ClassGuard> {
    static CORE: PyOnceLock<ClassGuard> = PyOnceLock::new();
    CORE.get_or_try_init(py, || {
        let class = py
            .import("flask.json.provider")?
            .getattr("DefaultJSONProvider")?
            .cast_into::<PyType>()?;
        ClassGuard::exact(
            &class,
            &["dumps", "loads", "default", "response", "_prepare_response_obj"],
        )
    })
}

/// Whether a provider is the default one, with its own `dumps`, `loads` and `default`.
pub fn is_core(provider: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(Core::of(provider)?.is_some())
}

/// The default provider, with nothing of it replaced.
pub struct Core<'a, 'py> {
    provider: &'a Bound<'py, PyAny>,
    /// It has nothing of its own but its application.
    is_plain: bool,
}

impl<'a, 'py> Core<'a, 'py> {
    pub fn of(provider: &'a Bound<'py, PyAny>) -> PyResult<Option<Self>> {
        let py = provider.py();
        let guard = guard(py)?;
        if !guard.passes(&provider.get_type()) {
            return Ok(None);
        }
        let own = ffi::instance_dict(provider)?;
        let is_plain = own.len() == 1 && own.contains(intern!(py, "_app"))?;
        Ok((is_plain || guard.passes_for(provider)).then_some(Self { provider, is_plain }))
    }

    /// The provider's settings: those of its class, which are cached under the class's version, unless
    /// it may have some of its own.
    pub fn settings<R>(&self, ask: impl Fn(&ProviderSettings) -> R) -> PyResult<R> {
        static OF_CLASS: TypeCache<ProviderSettings> = TypeCache::new();
        let find = || ProviderSettings::of(self.provider);
        if self.is_plain {
            return OF_CLASS.of(&self.provider.get_type(), find, ask);
        }
        find().map(|own| ask(&own))
    }
}

/// What a provider writes responses by.
pub struct ProviderSettings {
    ensure_ascii: bool,
    sort_keys: bool,
    /// None: unless the application is in debug mode.
    compact: Option<bool>,
    pub mimetype: Py<PyAny>,
}

impl ProviderSettings {
    fn of(provider: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = provider.py();
        let compact = provider.getattr(intern!(py, "compact"))?;
        Ok(Self {
            ensure_ascii: provider.getattr(intern!(py, "ensure_ascii"))?.is_truthy()?,
            sort_keys: provider.getattr(intern!(py, "sort_keys"))?.is_truthy()?,
            // Nothing but False itself means lines.
            compact: (!compact.is_none()).then(|| !compact.is(PyBool::new(py, false))),
            mimetype: provider.getattr(intern!(py, "mimetype"))?.unbind(),
        })
    }

    /// For text on one line, without spaces.
    fn options<'a, 'py>(&self) -> DumpOptions<'a, 'py> {
        DumpOptions {
            ensure_ascii: self.ensure_ascii,
            sort_keys: self.sort_keys,
            ..DumpOptions::COMPACT
        }
    }
}

/// The one value that the arguments of `response` stand for; None for both kinds of them at once.
pub fn given<'py>(args: &Bound<'py, PyTuple>, kwargs: &Bound<'py, PyDict>) -> PyResult<Option<Bound<'py, PyAny>>> {
    match (args.len(), kwargs.is_empty()) {
        (0, true) => Ok(Some(args.py().None().into_bound(args.py()))),
        (1, true) => args.get_item(0).map(Some),
        (_, true) => Ok(Some(args.clone().into_any())),
        (0, false) => Ok(Some(kwargs.clone().into_any())),
        _ => Ok(None),
    }
}

/// How a default provider writes compact text, by its settings.
pub fn options<'a, 'py>(provider: &Bound<'py, PyAny>) -> PyResult<DumpOptions<'a, 'py>> {
    let settings = ProviderSettings::of(provider)?;
    Ok(settings.options())
}

/// The body of `app.json.response(value)`. None when Python has to write it, or the media type is not JSON's.
pub fn response_body(app: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    let py = app.py();
    let provider = app_attribute(app, AppAttribute::Json)?;
    let Some(core) = Core::of(&provider)? else {
        return Ok(None);
    };
    let mimetype = core.settings(|settings| settings.mimetype.clone_ref(py))?;
    if !mimetype.bind(py).eq(intern!(py, "application/json"))? {
        return Ok(None);
    }
    write(&core, app, value)
}

/// The text that a default provider puts into a response; None when Python has to write it.
pub fn write(core: &Core<'_, '_>, app: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    let (mut options, compact) = core.settings(|settings| (settings.options(), settings.compact))?;
    let compact = match compact {
        Some(compact) => compact,
        None => !is_debugging(app)?,
    };
    if !compact {
        options.compact = false;
        options.indent = Some(2);
    }
    let mut body = functions::dumps_to_vec(value, &options)?;
    if let Some(text) = &mut body {
        text.push(b'\n');
    }
    Ok(body)
}
