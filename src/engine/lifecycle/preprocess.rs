//! `preprocess_request`: URL value preprocessors, then before-hooks until one returns a value.
//!
//! It must not know the view.

use crate::engine::app::snapshot::AppAttribute;
use crate::engine::hooks::{self};
use crate::engine::request::context::RequestContext;
use pyo3::intern;
use pyo3::prelude::*;

/// The core's own `preprocess_request`: URL value preprocessors, then before-hooks until one returns a value.
pub fn preprocess<'py>(
    app: &Bound<'py, PyAny>,
    context: &Bound<'py, RequestContext>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = app.py();
    let state = &context.get().state;
    hooks::each(app, AppAttribute::UrlValuePreprocessors, Some(state), |function| {
        let endpoint = match state.url_rule.get(py) {
            Some(rule) => Some(rule.getattr(intern!(py, "endpoint"))?),
            None => None,
        };
        function.call1((endpoint, state.view_args.get(py)))?;
        Ok(None::<()>)
    })?;
    hooks::each(app, AppAttribute::BeforeRequestFuncs, Some(state), |function| {
        Ok(Some(hooks::call0(app, function)?).filter(|v| !v.is_none()))
    })
}
