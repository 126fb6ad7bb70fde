//! The classes and functions of Jinja2 and `MarkupSafe` that programs work with, and whether they are still as this was
//! written for (law 4).

use std::collections::HashMap;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyType};

use super::natives::{self, Native};
use crate::engine::ffi;
use crate::engine::guard::{ClassGuard, is_as_shipped};
use crate::engine::template::jinja_context::is_native;

/// What of an environment a program does itself.
const ENVIRONMENT: [&str; 3] = ["getattr", "getitem", "concat"];
/// How a macro is called.
const MACRO: [&str; 2] = ["__call__", "_invoke"];
/// What of a loop is known without an object for it.
const LOOP: [&str; 13] = [
    "__init__",
    "__next__",
    "_peek_next",
    "_to_iterator",
    "cycle",
    "depth",
    "first",
    "index",
    "last",
    "length",
    "revindex",
    "revindex0",
    "index0",
];
/// What of a context a program does itself.
const CONTEXT: [&str; 3] = ["resolve_or_missing", "call", "derived"];

/// The kit; made once.
pub struct Kit {
    markup: Py<PyType>,
    escape: Py<PyAny>,
    missing: Py<PyAny>,
    undefined: Py<PyType>,
    natives: HashMap<usize, (Py<PyAny>, Native), foldhash::fast::FixedState>,
    pass_context: Py<PyAny>,
    pass_eval_context: Py<PyAny>,
    pass_environment: Py<PyAny>,
    environment: ClassGuard,
    context: ClassGuard,
    macros: ClassGuard,
    loops: ClassGuard,
    blocks: ClassGuard,
    namespaces: ClassGuard,
}

static KIT: PyOnceLock<Option<Kit>> = PyOnceLock::new();

impl Kit {
    /// The kit; None when Jinja2 is not as this was written for.
    pub fn get(py: Python<'_>) -> Option<&Self> {
        KIT.get(py).and_then(Option::as_ref)
    }

    /// Arms the guards; the last step of importing `flask._jinja`.
    pub fn arm_guards(py: Python<'_>) -> PyResult<()> {
        KIT.get_or_try_init(py, || Self::arm(py)).map(drop)
    }

    fn arm(py: Python<'_>) -> PyResult<Option<Self>> {
        let runtime = py.import("jinja2.runtime")?;
        let utils = py.import("jinja2.utils")?;
        let markupsafe = py.import("markupsafe")?;
        let class = |name: &str| -> PyResult<Bound<'_, PyType>> { Ok(runtime.getattr(name)?.cast_into()?) };
        let pass = |name: &str| -> PyResult<Py<PyAny>> { Ok(utils.getattr("_PassArg")?.getattr(name)?.unbind()) };
        let ours = py.import("flask._jinja")?;
        let environment = ours.getattr("Environment")?.cast_into::<PyType>()?;
        let context = ours.getattr("Context")?.cast_into::<PyType>()?;
        let (macros, loops, blocks) = (class("Macro")?, class("LoopContext")?, class("BlockReference")?);
        let known = runtime.getattr("escape")?.is(&markupsafe.getattr("escape")?)
            && runtime.getattr("Markup")?.is(&markupsafe.getattr("Markup")?)
            && environment.getattr("concat")?.eq(utils.getattr("concat")?)?
            && is_as_shipped(&jinja_environment(py)?, &ENVIRONMENT[..2])?
            && is_as_shipped(&loops, &["__init__", "__next__", "_peek_next", "_to_iterator", "cycle"])?;
        if !known {
            return Ok(None);
        }
        Ok(Some(Self {
            markup: markupsafe.getattr("Markup")?.cast_into::<PyType>()?.unbind(),
            escape: markupsafe.getattr("escape")?.unbind(),
            missing: utils.getattr("missing")?.unbind(),
            undefined: class("Undefined")?.unbind(),
            natives: natives::functions(py)?
                .into_iter()
                .map(|(function, native)| (function.as_ptr() as usize, (function, native)))
                .collect(),
            pass_context: pass("context")?,
            pass_eval_context: pass("eval_context")?,
            pass_environment: pass("environment")?,
            environment: ClassGuard::with_subclasses(&environment, &ENVIRONMENT)?,
            context: ClassGuard::exact(&context, &CONTEXT)?,
            macros: ClassGuard::exact(&macros, &MACRO)?,
            loops: ClassGuard::exact(&loops, &LOOP)?,
            blocks: ClassGuard::exact(&blocks, &["__call__"])?,
            namespaces: ClassGuard::exact(&class("Namespace")?, &["__getattribute__", "__setitem__"])?,
        }))
    }

    pub fn markup<'py>(&self, py: Python<'py>) -> &Bound<'py, PyType> {
        self.markup.bind(py)
    }

    /// The mark for a variable without a value.
    pub fn missing<'py>(&self, py: Python<'py>) -> &Bound<'py, PyAny> {
        self.missing.bind(py)
    }

    /// How a function is done natively, if it is.
    pub fn native(&self, function: &Bound<'_, PyAny>) -> Option<Native> {
        let found = self.natives.get(&(function.as_ptr() as usize))?;
        Some(found.1)
    }

    /// Whether a value is one of Jinja2's undefined ones.
    pub fn is_undefined(&self, value: &Bound<'_, PyAny>) -> PyResult<bool> {
        value.is_instance(self.undefined.bind(value.py()))
    }

    /// `markupsafe.escape(value)`.
    pub fn escape<'py>(&self, value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
        Ok(self.escape.bind(value.py()).call1((value,))?.cast_into()?)
    }

    /// Whether an environment gets at attributes and joins text as Jinja2's does, and loops are Jinja2's.
    pub fn runs_in(&self, environment: &Bound<'_, PyAny>) -> bool {
        let loops = &self.loops;
        self.environment.passes_for(environment) && loops.passes(loops.class(environment.py()))
    }

    /// Whether a context is ours, and looks names up and calls as we do.
    pub fn reads(&self, context: &Bound<'_, PyAny>) -> bool {
        self.context.passes(&context.get_type()) && is_native(context.py())
    }

    /// Whether an object is a macro whose calls are Jinja2's.
    pub fn is_macro(&self, object: &Bound<'_, PyAny>) -> bool {
        self.macros.passes(&object.get_type())
    }

    /// Whether an object is a reference to a block, as `super()` is, whose calls are Jinja2's.
    pub fn is_block_reference(&self, object: &Bound<'_, PyAny>) -> bool {
        self.blocks.passes(&object.get_type())
    }

    /// The variables of a namespace that a template has made; None for any other object.
    pub fn namespace<'py>(&self, object: &Bound<'py, PyAny>) -> Option<Bound<'py, PyDict>> {
        let py = object.py();
        if !object.get_type().is(self.namespaces.class(py)) || !self.namespaces.passes(&object.get_type()) {
            return None;
        }
        let variables = ffi::instance_dict(object)
            .ok()?
            .get_item(intern!(py, "_Namespace__attrs"))
            .ok()??;
        variables.cast_into_exact::<PyDict>().ok()
    }

    /// What a callable with this mark wants as its first argument.
    pub fn wants(&self, mark: &Bound<'_, PyAny>) -> Option<Wants> {
        [
            (&self.pass_context, Wants::Context),
            (&self.pass_eval_context, Wants::EvalContext),
            (&self.pass_environment, Wants::Environment),
        ]
        .into_iter()
        .find_map(|(known, wants)| mark.is(known).then_some(wants))
    }
}

/// What Jinja2 passes to a callable that is marked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    Context,
    EvalContext,
    Environment,
}

fn jinja_environment(py: Python<'_>) -> PyResult<Bound<'_, PyType>> {
    Ok(py
        .import("jinja2.environment")?
        .getattr(intern!(py, "Environment"))?
        .cast_into()?)
}
