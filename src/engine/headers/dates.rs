//! HTTP dates of Python moments.
//!
//! Numbers and dates in UTC are written here, the date form of today is read here; all others go to Werkzeug.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDateAccess, PyDateTime, PyFloat, PyInt, PyTimeAccess, PyTzInfo, PyTzInfoAccess};

use crate::text::dates::{self, DateFields};

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
