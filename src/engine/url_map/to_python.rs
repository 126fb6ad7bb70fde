//! From URL text to view arguments: each placeholder's converter, native where it is one of the built-in ones.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyString};

use super::werkzeug_types::{Names, keeps, names};

/// More digits than this may not fit an `i64`.
const SAFE_DIGITS: usize = 18;

/// How one placeholder's text becomes a value.
pub(super) enum ToPython {
    /// The text itself.
    Text,
    Int {
        fixed: usize,
        min: Option<i64>,
        max: Option<i64>,
    },
    Float {
        fixed: usize,
        min: Option<f64>,
        max: Option<f64>,
    },
    Uuid,
    /// Its `to_python`.
    Custom,
}

/// A value, or the converter's refusal (`ValidationError`).
pub(super) enum Converted<'py> {
    Value(Bound<'py, PyAny>),
    Refused,
}

impl ToPython {
    /// Chooses the reader for a converter object.
    pub(super) fn of(converter: &Bound<'_, PyAny>, names: &Names) -> PyResult<Self> {
        if keeps(converter, "to_python", &names.base_to_python)? {
            return Ok(Self::Text);
        }
        if keeps(converter, "to_python", &names.uuid_to_python)? {
            return Ok(Self::Uuid);
        }
        if keeps(converter, "to_python", &names.number_to_python)? {
            return Ok(Self::of_number(converter, names)?.unwrap_or(Self::Custom));
        }
        Ok(Self::Custom)
    }

    fn of_number(converter: &Bound<'_, PyAny>, names: &Names) -> PyResult<Option<Self>> {
        let convert = converter.getattr("num_convert")?;
        let Ok(fixed) = converter.getattr("fixed_digits")?.extract::<usize>() else {
            return Ok(None);
        };
        let (min, max) = (converter.getattr("min")?, converter.getattr("max")?);
        if convert.is(&names.int_type) {
            let limits = exact_int(&min).zip(exact_int(&max));
            return Ok(limits.map(|(min, max)| Self::Int { fixed, min, max }));
        }
        if convert.is(&names.float_type) {
            let limits = exact_float(&min).zip(exact_float(&max));
            return Ok(limits.map(|(min, max)| Self::Float { fixed, min, max }));
        }
        Ok(None)
    }

    /// Reads a text that the rule's pattern accepted.
    pub(super) fn read<'py>(&self, converter: &Bound<'py, PyAny>, text: &str) -> PyResult<Converted<'py>> {
        let py = converter.py();
        let value = match self {
            Self::Text => PyString::new(py, text).into_any(),
            Self::Int { fixed, min, max } => {
                // A number of any length is Python's; so is one that the pattern of a subclass let through.
                let Some(number) = short_number(text) else {
                    return ask(converter, text);
                };
                if wrong_width(*fixed, text)
                    || min.is_some_and(|min| number < min)
                    || max.is_some_and(|max| number > max)
                {
                    return Ok(Converted::Refused);
                }
                number.into_pyobject(py)?.into_any()
            }
            Self::Float { fixed, min, max } => {
                let Some(number) = plain_decimal(text) else {
                    return ask(converter, text);
                };
                if wrong_width(*fixed, text)
                    || min.is_some_and(|min| number < min)
                    || max.is_some_and(|max| number > max)
                {
                    return Ok(Converted::Refused);
                }
                PyFloat::new(py, number).into_any()
            }
            Self::Uuid => match dashed_uuid(text) {
                Some(number) => make_uuid(py, number)?,
                None => return ask(converter, text),
            },
            Self::Custom => return ask(converter, text),
        };
        Ok(Converted::Value(value))
    }
}

fn ask<'py>(converter: &Bound<'py, PyAny>, text: &str) -> PyResult<Converted<'py>> {
    let py = converter.py();
    match converter.call_method1(intern!(py, "to_python"), (text,)) {
        Ok(value) => Ok(Converted::Value(value)),
        Err(error) if names(py)?.is_validation_error(py, &error) => Ok(Converted::Refused),
        Err(error) => Err(error),
    }
}

/// `Some(None)` for `None`, `Some(Some(n))` for a real `int` that fits; else `None`.
#[expect(clippy::option_option, reason = "absent limit and unusable limit differ")]
fn exact_int(limit: &Bound<'_, PyAny>) -> Option<Option<i64>> {
    if limit.is_none() {
        return Some(None);
    }
    limit
        .is_exact_instance_of::<PyInt>()
        .then(|| limit.extract().ok())
        .flatten()
        .map(Some)
}

/// As [`exact_int`]; an `int` counts if a float holds it exactly.
#[expect(clippy::option_option, reason = "absent limit and unusable limit differ")]
fn exact_float(limit: &Bound<'_, PyAny>) -> Option<Option<f64>> {
    if limit.is_exact_instance_of::<PyFloat>() {
        return limit.extract().ok().map(Some);
    }
    match exact_int(limit)? {
        None => Some(None),
        Some(number) => i32::try_from(number).ok().map(|number| Some(f64::from(number))),
    }
}

fn wrong_width(fixed: usize, text: &str) -> bool {
    fixed != 0 && text.len() != fixed
}

fn short_number(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.len() <= SAFE_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn plain_decimal(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.')?;
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (plain(whole) && plain(fraction)).then(|| text.parse().ok()).flatten()
}

fn dashed_uuid(text: &str) -> Option<u128> {
    let bytes = text.as_bytes();
    if bytes.len() != 36 {
        return None;
    }
    let mut number = 0_u128;
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 8 | 13 | 18 | 23) {
            if *byte != b'-' {
                return None;
            }
        } else {
            number = number << 4 | u128::from(char::from(*byte).to_digit(16)?);
        }
    }
    Some(number)
}

/// What `uuid.UUID(text)` makes, without its text parsing.
fn make_uuid(py: Python<'_>, number: u128) -> PyResult<Bound<'_, PyAny>> {
    let names = names(py)?;
    let uuid = names
        .uuid_type
        .bind(py)
        .call_method1(intern!(py, "__new__"), (&names.uuid_type,))?;
    let set = names.object_setattr.bind(py);
    set.call1((&uuid, intern!(py, "int"), number))?;
    set.call1((&uuid, intern!(py, "is_safe"), &names.uuid_safety))?;
    Ok(uuid)
}
