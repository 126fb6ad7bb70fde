//! How long a file may be cached without a new request, as the application is configured.
//!
//! It must not know files.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDelta, PyDeltaAccess, PyInt};

use crate::engine::app::config::Config;

pub struct MaxAge {
    pub seconds: Option<i64>,
}

/// The configured age; None when the configuration asks for what only the view does.
pub fn max_age(app: &Bound<'_, PyAny>) -> PyResult<Option<MaxAge>> {
    let py = app.py();
    let config = Config::of(app)?;
    if config.get_item(intern!(py, "USE_X_SENDFILE"))?.is_truthy()? {
        return Ok(None);
    }
    let age = config.get_item(intern!(py, "SEND_FILE_MAX_AGE_DEFAULT"))?;
    let seconds = if age.is_none() {
        None
    } else if age.is_exact_instance_of::<PyInt>() {
        age.extract().ok()
    } else {
        age.cast_exact::<PyDelta>().ok().and_then(whole_seconds)
    };
    Ok((seconds.is_some() || age.is_none()).then_some(MaxAge { seconds }))
}

/// The seconds of a duration, without their fraction; None for those that a float has not exactly.
fn whole_seconds(duration: &Bound<'_, PyDelta>) -> Option<i64> {
    let seconds = i64::from(duration.get_days()) * 86_400 + i64::from(duration.get_seconds());
    let micros = seconds * 1_000_000 + i64::from(duration.get_microseconds());
    (micros.abs() < 1 << 53).then_some(micros / 1_000_000)
}
