//! Which of Jinja2's filters and tests are done natively, while they are Jinja2's own functions: a filter of the same name by
//! the application is another function.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyFunction;

/// A function that is done natively.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Native {
    /// A method of texts without arguments: `lower`, `upper`, `capitalize`, `trim`.
    TextMethod(&'static str),
    Default,
    Escape,
    First,
    Format,
    Int,
    Join,
    Last,
    MarkSafe,
    Replace,
    Round,
    UrlEncode,
    IsDefined,
    IsUndefined,
    IsNone,
    IsString,
    IsOdd,
    IsEven,
    /// `~` with and without escaping.
    JoinMarkup,
    JoinText,
}

/// Where the functions are, and which are done natively.
const FUNCTIONS: [(&str, &str, Native); 23] = [
    ("jinja2.filters", "do_lower", Native::TextMethod("lower")),
    ("jinja2.filters", "do_upper", Native::TextMethod("upper")),
    ("jinja2.filters", "do_capitalize", Native::TextMethod("capitalize")),
    ("jinja2.filters", "do_trim", Native::TextMethod("strip")),
    ("jinja2.filters", "do_default", Native::Default),
    ("markupsafe", "escape", Native::Escape),
    ("jinja2.filters", "do_first", Native::First),
    ("jinja2.filters", "do_format", Native::Format),
    ("jinja2.filters", "do_int", Native::Int),
    ("jinja2.filters", "do_join", Native::Join),
    ("jinja2.filters", "do_last", Native::Last),
    ("jinja2.filters", "do_mark_safe", Native::MarkSafe),
    ("jinja2.filters", "do_replace", Native::Replace),
    ("jinja2.filters", "do_round", Native::Round),
    ("jinja2.filters", "do_urlencode", Native::UrlEncode),
    ("jinja2.tests", "test_defined", Native::IsDefined),
    ("jinja2.tests", "test_undefined", Native::IsUndefined),
    ("jinja2.tests", "test_none", Native::IsNone),
    ("jinja2.tests", "test_string", Native::IsString),
    ("jinja2.tests", "test_odd", Native::IsOdd),
    ("jinja2.tests", "test_even", Native::IsEven),
    ("jinja2.runtime", "markup_join", Native::JoinMarkup),
    ("jinja2.runtime", "str_join", Native::JoinText),
];

/// The functions as they are when the guards are armed, each with what does it natively. One that isn't a function of
/// its library any more is left out.
pub fn functions(py: Python<'_>) -> PyResult<Vec<(Py<PyAny>, Native)>> {
    let mut found = Vec::with_capacity(FUNCTIONS.len());
    for (module, name, native) in FUNCTIONS {
        let function = py.import(module)?.getattr(name)?;
        let library = module.split('.').next().unwrap_or(module);
        let is_own = function.is_exact_instance_of::<PyFunction>() && {
            let globals = function.getattr(intern!(py, "__globals__"))?;
            let defined_in = globals.get_item(intern!(py, "__name__"))?;
            defined_in.extract::<String>()?.split('.').next() == Some(library)
        };
        if is_own {
            found.push((function.unbind(), native));
        }
    }
    Ok(found)
}
