//! `preprocess_request`: URL value preprocessors, then before-hooks until one returns a value.
//!
//! It must not know the view.

use pyo3::prelude::*;

use crate::engine::app::snapshot::AppAttribute;
use crate::engine::hooks;
use crate::engine::request::context::RequestContext;

/// The core's own `preprocess_request`: URL value preprocessors, then before-hooks until one returns a value.
pub fn preprocess<'py>(
    app: &Bound<'py, PyAny>,
    context: &Bound<'py, RequestContext>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let this = context.get();
    let py = app.py();
    hooks::each(app, AppAttribute::UrlValuePreprocessors, Some(this), |function| {
        function.call1((this.endpoint(py)?, this.view_args(py)?))?;
        Ok(None::<()>)
    })?;
    hooks::each(app, AppAttribute::BeforeRequestFuncs, Some(this), |function| {
        Ok(Some(hooks::call0(app, function)?).filter(|v| !v.is_none()))
    })
}
