//! HTTP dates from Python moments and back.
//!
//! Numbers and dates in UTC are written here, the date form of today is read here; all others go to Werkzeug.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDateAccess, PyDateTime, PyFloat, PyInt, PyString, PyTimeAccess, PyTzInfo, PyTzInfoAccess};

use crate::text::dates::{self, DateFields};

/// An HTTP date of a moment: a number of seconds since 1970, a date, or nothing for now.
#[pyfunction]
#[pyo3(signature = (timestamp=None))]
pub(super) fn http_date<'py>(py: Python<'py>, timestamp: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyString>> {
    let moment = match timestamp {
        Some(moment) => moment,
        // The module's attribute, so that a test which stops the clock stops it here too.
        None => py.import(intern!(py, "time"))?.call_method0(intern!(py, "time"))?,
    };
    Ok(PyString::new(py, &http_date_of(&moment)?))
}

/// The HTTP date of a Python moment.
///
/// # Errors
/// What Werkzeug raises for a moment outside the years 1 to 9999, or for no moment at all.
pub fn http_date_of(moment: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Some(text) = plain_http_date(moment)? {
        return Ok(text);
    }
    moment
        .py()
        .import(intern!(moment.py(), "werkzeug.http"))?
        .call_method1(intern!(moment.py(), "http_date"), (moment,))?
        .extract()
}

/// The HTTP date of a number or of a date in UTC; `None` for everything Werkzeug has to look at.
fn plain_http_date(moment: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    let py = moment.py();
    if let Ok(date) = moment.cast::<PyDateTime>() {
        let in_utc = match date.get_tzinfo() {
            None => true,
            Some(zone) => zone.is(PyTzInfo::utc(py)?.as_any()),
        };
        let fields = DateFields {
            year: u16::try_from(date.get_year())?,
            month: date.get_month(),
            day: date.get_day(),
            hour: date.get_hour(),
            minute: date.get_minute(),
            second: date.get_second(),
        };
        return Ok(in_utc.then(|| fields.http_date()));
    }
    if moment.is_instance_of::<PyInt>() {
        return Ok(moment.extract::<i64>().ok().and_then(dates::http_date));
    }
    if moment.is_instance_of::<PyFloat>() {
        let seconds = dates::whole_seconds(moment.extract()?);
        return Ok(seconds.and_then(dates::http_date));
    }
    Ok(None)
}

/// The moment an HTTP date names, in UTC, or `None` if it names none.
#[pyfunction]
#[pyo3(signature = (value))]
pub(super) fn parse_date<'py>(py: Python<'py>, value: Option<&str>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let Some(text) = value else {
        return Ok(None);
    };
    let Some(at) = dates::parse_imf_date(text) else {
        // Four older forms, and what clients make of them: Python's mail parser knows them all.
        let date = py
            .import(intern!(py, "werkzeug.http"))?
            .call_method1(intern!(py, "parse_date"), (text,))?;
        return Ok((!date.is_none()).then_some(date));
    };
    let zone = PyTzInfo::utc(py)?;
    let date = PyDateTime::new(
        py,
        i32::from(at.year),
        at.month,
        at.day,
        at.hour,
        at.minute,
        at.second,
        0,
        Some(&zone),
    )?;
    Ok(Some(date.into_any()))
}
