//! The Werkzeug objects that the url map compares with or raises, looked up once.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;

/// Imported names. Functions are kept to see whether a subclass still has the original.
pub struct Names {
    pub map: Py<PyType>,
    pub map_update: Py<PyAny>,
    pub state_machine: Py<PyAny>,
    pub state: Py<PyAny>,
    pub rule: Py<PyType>,
    pub rule_part: Py<PyAny>,
    pub weighting: Py<PyAny>,
    pub parse_converter_args: Py<PyAny>,
    pub validation_error: Py<PyAny>,
    pub base_to_python: Py<PyAny>,
    pub number_to_python: Py<PyAny>,
    pub uuid_to_python: Py<PyAny>,
    pub base_to_url: Py<PyAny>,
    pub number_to_url: Py<PyAny>,
    pub uuid_to_url: Py<PyAny>,
    pub not_found: Py<PyAny>,
    pub method_not_allowed: Py<PyAny>,
    pub websocket_mismatch: Py<PyAny>,
    pub int_type: Py<PyAny>,
    pub float_type: Py<PyAny>,
    pub uuid_type: Py<PyAny>,
    pub uuid_safety: Py<PyAny>,
    pub object_setattr: Py<PyAny>,
    pub re_compile: Py<PyAny>,
}

static NAMES: PyOnceLock<Names> = PyOnceLock::new();

pub fn names(py: Python<'_>) -> PyResult<&'static Names> {
    NAMES.get_or_try_init(py, || load(py))
}

fn load(py: Python<'_>) -> PyResult<Names> {
    let get = |module: &str, path: &[&str]| -> PyResult<Py<PyAny>> {
        let mut object = py.import(module)?.into_any();
        for name in path {
            object = object.getattr(*name)?;
        }
        Ok(object.unbind())
    };
    let class = |module: &str, name: &str| -> PyResult<Py<PyType>> {
        Ok(py.import(module)?.getattr(name)?.cast_into::<PyType>()?.unbind())
    };
    let (rules, converters) = ("werkzeug.routing.rules", "werkzeug.routing.converters");
    Ok(Names {
        map: class("werkzeug.routing.map", "Map")?,
        map_update: get("werkzeug.routing.map", &["Map", "update"])?,
        state_machine: get("werkzeug.routing.matcher", &["StateMachineMatcher"])?,
        state: get("werkzeug.routing.matcher", &["State"])?,
        rule: class(rules, "Rule")?,
        rule_part: get(rules, &["RulePart"])?,
        weighting: get(rules, &["Weighting"])?,
        parse_converter_args: get(rules, &["parse_converter_args"])?,
        validation_error: get(converters, &["ValidationError"])?,
        base_to_python: get(converters, &["BaseConverter", "to_python"])?,
        number_to_python: get(converters, &["NumberConverter", "to_python"])?,
        uuid_to_python: get(converters, &["UUIDConverter", "to_python"])?,
        base_to_url: get(converters, &["BaseConverter", "to_url"])?,
        number_to_url: get(converters, &["NumberConverter", "to_url"])?,
        uuid_to_url: get(converters, &["UUIDConverter", "to_url"])?,
        not_found: get("werkzeug.exceptions", &["NotFound"])?,
        method_not_allowed: get("werkzeug.exceptions", &["MethodNotAllowed"])?,
        websocket_mismatch: get("werkzeug.routing.exceptions", &["WebsocketMismatch"])?,
        int_type: get("builtins", &["int"])?,
        float_type: get("builtins", &["float"])?,
        uuid_type: get("uuid", &["UUID"])?,
        uuid_safety: get("uuid", &["SafeUUID", "unknown"])?,
        object_setattr: get("builtins", &["object", "__setattr__"])?,
        re_compile: get("re", &["compile"])?,
    })
}

impl Names {
    pub(super) fn is_validation_error(&self, py: Python<'_>, error: &PyErr) -> bool {
        error.is_instance(py, self.validation_error.bind(py))
    }
}

/// Whether `object.name` would run `original`: neither its class nor the object itself has another.
pub(super) fn keeps(object: &Bound<'_, PyAny>, name: &str, original: &Py<PyAny>) -> PyResult<bool> {
    if !object.get_type().getattr(name)?.is(original) {
        return Ok(false);
    }
    match object.getattr_opt("__dict__")? {
        Some(own) => Ok(!own.contains(name)?),
        None => Ok(true),
    }
}

/// Whether the rule's class has its own version of one of `methods`.
pub(super) fn overrides(rule: &Bound<'_, PyAny>, names: &Names, methods: &[&str]) -> PyResult<bool> {
    let (class, original) = (rule.get_type(), names.rule.bind(rule.py()));
    if class.is(original) {
        return Ok(false);
    }
    for name in methods {
        if !class.getattr(*name)?.is(&original.getattr(*name)?) {
            return Ok(true);
        }
    }
    Ok(false)
}
