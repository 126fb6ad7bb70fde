//! Jinja2's filters and tests done natively for plain texts, numbers and lists; whatever else is left to the function itself.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyFloat, PyInt, PyList, PyString, PyTuple};

use super::kit::Kit;
use super::natives::Native;
use super::output::Output;
use crate::engine::ffi;
use crate::engine::interpreter::plain_value::is_plain_value;
use crate::templates::program::Escaping;
use crate::text::percent::{self, SafeSet};

/// What `urllib.parse.quote` leaves as it is.
static IN_PATH: SafeSet = SafeSet::with(b"/");

type Value<'py> = Bound<'py, PyAny>;
/// None: the function itself has to be called.
type Done<'py> = PyResult<Option<Value<'py>>>;

/// What a function gives for these arguments.
pub fn call<'py>(native: Native, kit: &Kit, args: &[Value<'py>]) -> Done<'py> {
    match (native, args) {
        (Native::TextMethod(method), [text]) if is_text(text) => text.call_method0(method).map(Some),
        (Native::Default, [value]) if !kit.is_undefined(value)? => Ok(Some(value.clone())),
        (Native::Default, [_]) => Ok(Some(PyString::new(args[0].py(), "").into_any())),
        (Native::Default, [value, default, more @ ..]) if more.len() < 2 => {
            let takes_default = kit.is_undefined(value)?
                || match more.first() {
                    Some(boolean) => boolean.is_truthy()? && !value.is_truthy()?,
                    None => false,
                };
            Ok(Some(if takes_default { default.clone() } else { value.clone() }))
        }
        (Native::Escape, [text]) if is_text(text) => printed(kit, text.py(), args, Escaping::Html).map(Some),
        (Native::MarkSafe, [text]) if is_text(text) => {
            ffi::text_of_subclass(kit.markup(text.py()), text.cast::<PyString>()?).map(Some)
        }
        (Native::First, [_, items]) => Ok(item_of(items, |_| 0)),
        (Native::Last, [_, items]) => Ok(item_of(items, |length| length - 1)),
        (Native::Format, [text, values @ ..]) if is_text(text) => text.rem(PyTuple::new(text.py(), values)?).map(Some),
        (Native::Int, [value]) if value.is_exact_instance_of::<PyInt>() => Ok(Some(value.clone())),
        (Native::Join, [_, items]) => joined(kit, items, None),
        (Native::Join, [_, items, between]) if is_text(between) => joined(kit, items, Some(between)),
        (Native::Replace, [_, text, old, new]) if [text, old, new].into_iter().all(is_text) => {
            text.call_method1(intern!(text.py(), "replace"), (old, new)).map(Some)
        }
        (Native::Round, [number, places @ ..]) if is_number(number) && places.len() < 2 => {
            let places = places
                .first()
                .cloned()
                .unwrap_or(0_i32.into_pyobject(number.py())?.into_any());
            rounded(number, &places).map(Some)
        }
        (Native::UrlEncode, [text]) if is_text(text) => Ok(url_encoded(text.cast::<PyString>()?)),
        (Native::JoinMarkup, [items]) => chained(kit, items, Escaping::Html),
        (Native::JoinText, [items]) => chained(kit, items, Escaping::Text),
        (_, [value]) => {
            Ok(tested(native, kit, value)?.map(|truth| PyBool::new(value.py(), truth).to_owned().into_any()))
        }
        _ => Ok(None),
    }
}

/// What a test says of a value.
fn tested(native: Native, kit: &Kit, value: &Value<'_>) -> PyResult<Option<bool>> {
    let remainder = || -> Option<i64> { value.cast_exact::<PyInt>().ok()?.extract::<i64>().ok() };
    Ok(match native {
        Native::IsDefined => Some(!kit.is_undefined(value)?),
        Native::IsUndefined => Some(kit.is_undefined(value)?),
        Native::IsNone => Some(value.is_none()),
        Native::IsString => is_text(value).then_some(true),
        Native::IsOdd => remainder().map(|number| number.rem_euclid(2) == 1),
        Native::IsEven => remainder().map(|number| number.rem_euclid(2) == 0),
        _ => None,
    })
}

fn is_text(value: &Value<'_>) -> bool {
    value.is_exact_instance_of::<PyString>()
}

/// Whether the text of a value is Python's own, and nobody sees that it is made.
fn is_plain(value: &Value<'_>) -> bool {
    is_text(value) || is_plain_value(value)
}

fn is_number(value: &Value<'_>) -> bool {
    value.is_exact_instance_of::<PyFloat>() || value.is_exact_instance_of::<PyInt>()
}

/// `round(number, places)`.
fn rounded<'py>(number: &Value<'py>, places: &Value<'py>) -> PyResult<Value<'py>> {
    static ROUND: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    ROUND.import(number.py(), "builtins", "round")?.call1((number, places))
}

/// A text as it may stand in the path of a URL; None where it has no UTF-8.
fn url_encoded<'py>(text: &Bound<'py, PyString>) -> Option<Value<'py>> {
    let quoted = percent::quote(text.to_str().ok()?, &IN_PATH);
    Some(PyString::new(text.py(), &quoted).into_any())
}

/// The items of a list or a tuple.
fn items_of<'py>(items: &Value<'py>) -> Option<Vec<Value<'py>>> {
    if let Ok(list) = items.cast_exact::<PyList>() {
        return Some(list.iter().collect());
    }
    Some(items.cast_exact::<PyTuple>().ok()?.iter().collect())
}

/// The item of a list or a tuple, which is not empty, at the place that its length says.
fn item_of<'py>(items: &Value<'py>, place: impl Fn(usize) -> usize) -> Option<Value<'py>> {
    if let Ok(list) = items.cast_exact::<PyList>() {
        return if list.is_empty() {
            None
        } else {
            list.get_item(place(list.len())).ok()
        };
    }
    let tuple = items.cast_exact::<PyTuple>().ok()?;
    if tuple.is_empty() {
        None
    } else {
        tuple.get_item(place(tuple.len())).ok()
    }
}

/// Plain values with a text between them.
fn joined<'py>(kit: &Kit, items: &Value<'py>, between: Option<&Value<'py>>) -> Done<'py> {
    let Some(values) = items_of(items).filter(|values| values.iter().all(is_plain)) else {
        return Ok(None);
    };
    let mut out = Output::default();
    for (place, value) in values.iter().enumerate() {
        if let Some(between) = between.filter(|_| place > 0) {
            out.print(kit, between, Escaping::Text)?;
        }
        out.print(kit, value, Escaping::Text)?;
    }
    out.to_py(kit, items.py(), Escaping::Text).map(Some)
}

/// Values one after the other; where escaping is on, one that is markup makes the others be escaped.
fn chained<'py>(kit: &Kit, items: &Value<'py>, escaping: Escaping) -> Done<'py> {
    let is_markup = |value: &Value<'py>| value.get_type().is(kit.markup(value.py()));
    let is_known = |value: &Value<'py>| is_plain(value) || is_markup(value);
    let Some(values) = items_of(items).filter(|values| values.iter().all(is_known)) else {
        return Ok(None);
    };
    let escaping = if values.iter().any(is_markup) {
        escaping
    } else {
        Escaping::Text
    };
    printed(kit, items.py(), &values, escaping).map(Some)
}

/// The text of values: markup where they are escaped.
fn printed<'py>(kit: &Kit, py: Python<'py>, values: &[Value<'py>], escaping: Escaping) -> PyResult<Value<'py>> {
    let mut out = Output::default();
    for value in values {
        out.print(kit, value, escaping)?;
    }
    out.to_py(kit, py, escaping)
}
