//! What the default provider makes of objects that JSON doesn't know: dates, decimals, UUIDs, dataclasses, anything
//! with `__html__`.

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDate, PyDateAccess, PyDateTime, PyString, PyTimeAccess, PyType, PyTzInfo, PyTzInfoAccess};

use crate::text::dates::DateFields;

/// What is written instead of an object.
pub enum Replacement<'py> {
    Text(String),
    Object(Bound<'py, PyAny>),
}

/// The replacement of `obj`.
///
/// # Errors
/// `TypeError` for an object that has none, and whatever its own methods raise.
pub fn replacement<'py>(obj: &Bound<'py, PyAny>) -> PyResult<Replacement<'py>> {
    let py = obj.py();
    if let Ok(date) = obj.cast::<PyDate>() {
        return http_date_of(date);
    }
    if obj.is_instance(decimal(py)?)? || obj.is_instance(uuid(py)?)? {
        return obj.str().map(|text| Replacement::Object(text.into_any()));
    }
    if dataclass_tools(py)?
        .getattr(intern!(py, "is_dataclass"))?
        .call1((obj,))?
        .is_truthy()?
    {
        return dataclass_tools(py)?
            .call_method1(intern!(py, "asdict"), (obj,))
            .map(Replacement::Object);
    }
    if obj.hasattr(intern!(py, "__html__"))? {
        return html_text(&obj.getattr(intern!(py, "__html__"))?).map(|text| Replacement::Object(text.into_any()));
    }
    Err(PyTypeError::new_err("not known to JSON"))
}

/// `str(method())`.
pub fn html_text<'py>(method: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyString>> {
    method.call0()?.str()
}

/// A date or datetime (naive means UTC) as `werkzeug.http.http_date` writes it; only foreign time zones and subclasses
/// need Python for that.
///
/// # Errors
/// Whatever the time zone raises.
pub fn http_date_of<'py>(date: &Bound<'py, PyDate>) -> PyResult<Replacement<'py>> {
    static HTTP_DATE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let py = date.py();
    let midnight = DateFields {
        year: u16::try_from(date.get_year()).expect("invariant: Python's years end at 9999"),
        month: date.get_month(),
        day: date.get_day(),
        hour: 0,
        minute: 0,
        second: 0,
    };
    if date.is_exact_instance_of::<PyDate>() {
        return Ok(Replacement::Text(midnight.http_date()));
    }
    if let Ok(datetime) = date.cast_exact::<PyDateTime>() {
        let zone = datetime.get_tzinfo();
        if zone.is_none_or(|zone| PyTzInfo::utc(py).is_ok_and(|utc| utc.is(&zone))) {
            let moment = DateFields {
                hour: datetime.get_hour(),
                minute: datetime.get_minute(),
                second: datetime.get_second(),
                ..midnight
            };
            return Ok(Replacement::Text(moment.http_date()));
        }
    }
    HTTP_DATE
        .import(py, "werkzeug.http", "http_date")?
        .call1((date,))
        .map(Replacement::Object)
}

fn decimal(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    TYPE.import(py, "decimal", "Decimal")
}

pub fn uuid(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static TYPE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    TYPE.import(py, "uuid", "UUID")
}

fn dataclass_tools(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static MODULE: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    MODULE
        .get_or_try_init(py, || py.import("dataclasses").map(|module| module.into_any().unbind()))
        .map(|module| module.bind(py))
}
