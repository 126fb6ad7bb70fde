//! Which of Jinja2's classes, and of ours on top of them, are still what the core does natively (law 4). They are sealed
//! when `flask._jinja` is imported. A program may have changed Jinja2 before that, so its functions are checked where they
//! come from.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyModule, PyType};

use crate::engine::ffi;
use crate::engine::guard::{ClassGuard, is_as_shipped};

/// How a template is found by its name.
const LOADING: [&str; 4] = ["get_or_select_template", "get_template", "_load_template", "join_path"];
/// How it is rendered.
const RENDERING: [&str; 2] = ["render", "new_context"];
/// How its variables are stored.
const VARIABLES: [&str; 3] = ["__init__", "__new__", "__setattr__"];
/// How the cache of loaded templates is read.
const FINDING: [&str; 2] = ["get", "__getitem__"];
/// What our environment, template and context do in place of their bases, which are Jinja2's.
const REPLACED: [&[&str]; 3] = [
    &["get_template"],
    &["new_context", "render"],
    &["call", "resolve_or_missing", "__init__"],
];

/// Jinja2's classes and ours, as they were when they were sealed.
pub struct TemplateGuards {
    app: ClassGuard,
    environment: ClassGuard,
    template: ClassGuard,
    context: ClassGuard,
    evaluation: ClassGuard,
    cache: ClassGuard,
    /// Jinja2's own environment, template and context.
    bases: Vec<ClassGuard>,
}

static GUARDS: PyOnceLock<Option<TemplateGuards>> = PyOnceLock::new();

/// Arms the guards; the last step of importing `flask._jinja`.
pub fn arm_guards(py: Python<'_>) -> PyResult<()> {
    GUARDS.get_or_try_init(py, || TemplateGuards::arm(py)).map(drop)
}

/// The guards; None when Jinja2 is not as we know it.
pub fn guards(py: Python<'_>) -> Option<&TemplateGuards> {
    GUARDS.get(py).and_then(Option::as_ref)
}

impl TemplateGuards {
    fn arm(py: Python<'_>) -> PyResult<Option<Self>> {
        let ours = py.import("flask._jinja")?;
        let environment = class(&ours, "Environment")?;
        let template = class(&ours, "Template")?;
        let context = class(&ours, "Context")?;
        let evaluation = class(&py.import("jinja2.nodes")?, "EvalContext")?;
        let cache = class(&py.import("jinja2.utils")?, "LRUCache")?;
        let mut bases = Vec::with_capacity(REPLACED.len());
        for (names, ours) in REPLACED.iter().zip([&environment, &template, &context]) {
            let base = jinja_base(ours)?;
            if !is_as_shipped(&base, names)? {
                return Ok(None);
            }
            bases.push(ClassGuard::exact(&base, names)?);
        }
        let written = is_as_shipped(&jinja_base(&environment)?, &LOADING)?
            && is_as_shipped(&jinja_base(&template)?, &RENDERING)?
            && is_as_shipped(&evaluation, &["__init__"])?
            && is_as_shipped(&cache, &FINDING)?
            && holds_what_we_fill(&context)?
            && keeps_its_environment(py)?;
        if !written {
            return Ok(None);
        }
        Ok(Some(Self {
            app: ClassGuard::with_subclasses(&flask(py)?, &["jinja_env"])?,
            environment: ClassGuard::with_subclasses(&environment, &LOADING)?,
            template: ClassGuard::with_subclasses(&template, &RENDERING)?,
            context: ClassGuard::exact(&context, &VARIABLES)?,
            evaluation: ClassGuard::exact(&evaluation, &VARIABLES)?,
            cache: ClassGuard::exact(&cache, &FINDING)?,
            bases,
        }))
    }

    /// What `app.jinja_env` gives once it was made.
    pub fn environment_of<'py>(&self, app: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
        if !self.app.passes(&app.get_type()) {
            return Ok(None);
        }
        ffi::instance_dict(app)?.get_item(intern!(app.py(), "jinja_env"))
    }

    /// Whether an environment finds its templates as Jinja2 does.
    pub fn loads(&self, environment: &Bound<'_, PyAny>) -> bool {
        self.base_is_untouched(environment.py(), 0) && self.environment.passes_for(environment)
    }

    /// Whether a template is rendered as Jinja2 does, with its variables from our `new_context`.
    pub fn renders(&self, template: &Bound<'_, PyAny>) -> bool {
        self.base_is_untouched(template.py(), 1) && self.template.passes_for(template)
    }

    /// Whether a class for variables is ours and is made as Jinja2 makes its own.
    pub fn makes_contexts(&self, kind: &Bound<'_, PyAny>) -> bool {
        kind.cast::<PyType>().is_ok_and(|kind| self.context.passes(kind)) && self.looks_names_up(kind.py())
    }

    /// Jinja2's class for what is known of escaping.
    pub fn evaluation<'py>(&self, py: Python<'py>) -> &Bound<'py, PyType> {
        self.evaluation.class(py)
    }

    /// Whether that class is made as Jinja2 makes it.
    pub fn evaluates(&self, kind: &Bound<'_, PyType>) -> bool {
        self.evaluation.passes(kind)
    }

    /// Whether Jinja2's own context does what ours does natively.
    pub fn looks_names_up(&self, py: Python<'_>) -> bool {
        self.base_is_untouched(py, 2)
    }

    /// Whether an object is a cache whose look-ups are Jinja2's own.
    pub fn is_cache(&self, cache: &Bound<'_, PyAny>) -> bool {
        self.cache.passes(&cache.get_type())
    }

    fn base_is_untouched(&self, py: Python<'_>, number: usize) -> bool {
        let base = &self.bases[number];
        base.passes(base.class(py))
    }
}

fn class<'py>(module: &Bound<'py, PyModule>, name: &str) -> PyResult<Bound<'py, PyType>> {
    Ok(module.getattr(name)?.cast_into::<PyType>()?)
}

/// The last base of a class of ours, which is Jinja2's.
fn jinja_base<'py>(kind: &Bound<'py, PyType>) -> PyResult<Bound<'py, PyType>> {
    let bases = kind.getattr(intern!(kind.py(), "__bases__"))?;
    Ok(bases.get_item(-1)?.cast_into::<PyType>()?)
}

fn flask(py: Python<'_>) -> PyResult<Bound<'_, PyType>> {
    class(&py.import("flask.app")?, "Flask")
}

/// Whether `Flask.jinja_env` is the property that keeps what it made in the application's own attributes.
fn keeps_its_environment(py: Python<'_>) -> PyResult<bool> {
    let kept = class(&py.import("werkzeug.utils")?, "cached_property")?;
    Ok(flask(py)?.getattr("jinja_env")?.get_type().is(&kept))
}

/// Whether this version of Jinja2 keeps in a context, and in what it knows of escaping, what `variables` writes there.
fn holds_what_we_fill(kind: &Bound<'_, PyType>) -> PyResult<bool> {
    let py = kind.py();
    let environment = PyDict::new(py);
    environment.set_item("autoescape", false)?;
    let environment = py
        .import("types")?
        .getattr("SimpleNamespace")?
        .call((), Some(&environment))?;
    let (names, blocks, globals) = (PyDict::new(py), PyDict::new(py), PyDict::new(py));
    let made = kind.call1((environment, names, py.None(), blocks, globals))?;
    let evaluation = made.getattr("eval_ctx")?;
    Ok(has_exactly(&made, &FIELDS)? && has_exactly(&evaluation, &EVALUATION_FIELDS)?)
}

fn has_exactly(object: &Bound<'_, PyAny>, fields: &[&str]) -> PyResult<bool> {
    let held = ffi::instance_dict(object)?;
    Ok(held.len() == fields.len() && fields.iter().all(|field| held.contains(*field).unwrap_or(false)))
}

/// Everything that Jinja2 keeps in a context.
pub const FIELDS: [&str; 8] = [
    "parent",
    "vars",
    "environment",
    "eval_ctx",
    "exported_vars",
    "name",
    "globals_keys",
    "blocks",
];

/// Everything that Jinja2 keeps of escaping.
pub const EVALUATION_FIELDS: [&str; 3] = ["environment", "autoescape", "volatile"];
