//! The `static` view without Python: when the view is ours and nothing that stock would have called was replaced, a
//! file's answer is made here, from the disk to the header lines.
//!
//! Whatever is not plain (a missing file, a range that can't be met, a name in another alphabet) is left to the view
//! itself: nothing that anybody could see has happened by then.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDelta, PyDeltaAccess, PyDict, PyInt, PyString};

use super::decision_cache::{Known, Name};
use super::file_cache::Keeping;
use super::file_request::{Asked, Order, Told};
use super::state_version::Versions;
use super::{decision_cache, disk, guards, media_type, seen_prefixes, self_check};
use crate::engine::app::config::Config;
use crate::engine::app::steps::{Overridden, Step};
use crate::engine::message::raw_response::WireResponse;
use crate::engine::request::context::RequestContext;
use crate::engine::request::state::RequestState;
use crate::engine::response::fast_path;
use crate::engine::session;
use crate::http::file_path;

/// What the view would answer with its arguments as they are, or None when it has to be asked.
pub fn answer(
    app: &Bound<'_, PyAny>,
    context: &Bound<'_, RequestContext>,
    view: &Bound<'_, PyAny>,
    steps: Overridden,
) -> PyResult<Option<WireResponse>> {
    let py = app.py();
    let Some(owner) = guards::owner_of(app, view)? else {
        return Ok(None);
    };
    let this = context.get();
    let state = &this.state;
    let arguments = state.view_args.get(py);
    let filename = arguments.as_ref().and_then(only_filename);
    let Some(filename) = filename.as_ref().and_then(|name| name.to_str().ok()) else {
        return Ok(None);
    };
    if !is_usual(py, state, steps)?
        || !guards::holds(app, &owner)?
        || !this.has_core_request(py)?
        || !fast_path::nobody_looks(app, context, steps)?
    {
        return Ok(None);
    }
    let versions = Versions::now(app, &owner)?;
    let name = Name {
        owner: owner.as_ptr() as usize,
        filename,
    };
    let known = versions
        .as_ref()
        .and_then(|versions| decision_cache::find(name, versions));
    let known = match known {
        Some(known) if known.told.kind.holds(py)? => Some(known),
        _ => None,
    };
    let told = match &known {
        Some(known) => Arc::clone(&known.told),
        None => match told(app, &owner, filename)? {
            Some(told) => Arc::new(told),
            None => return Ok(None),
        },
    };
    let order = Order {
        told: &told,
        is_head: state.head.method == "HEAD",
        asked: Asked::of(context)?,
    };
    // What saving the session would raise is raised where stock saves it: after the view.
    let Ok(Some(lines)) = session::save_plain(context) else {
        return Ok(None);
    };
    let keeping = known.as_ref().map_or(&Keeping::NotYet, |known| &known.keeping);
    let Some(mut filled) = disk::visit(py, || order.fill(keeping)) else {
        return Ok(None);
    };
    if let Some(versions) = versions
        && (filled.keeping.is_some() || known.is_none())
    {
        seen_prefixes::remember(&state.head.path, filename);
        let keeping = filled.keeping.unwrap_or(Keeping::NotYet);
        decision_cache::put(name, Known::new(name, versions, told, keeping));
    }
    filled.answer.headers.extend(lines);
    Ok(Some(filled.answer))
}

/// Whether the request came as most do: to be read, from a socket, with the application's usual steps.
fn is_usual(py: Python<'_>, state: &RequestState, steps: Overridden) -> PyResult<bool> {
    Ok(matches!(&*state.head.method, "GET" | "HEAD")
        && !steps.has(Step::EnsureSync)
        && !steps.has(Step::FinalizeRequest)
        && state.is_untouched_wire(py)?)
}

/// All that has to be known of Python to answer.
fn told(app: &Bound<'_, PyAny>, owner: &Bound<'_, PyAny>, filename: &str) -> PyResult<Option<Told>> {
    let py = app.py();
    if !file_path::is_plain(filename) {
        return Ok(None);
    }
    let Some(offers_ranges) = self_check::offers_ranges(py) else {
        return Ok(None);
    };
    let Some(path) = path_of(app, owner, filename)? else {
        return Ok(None);
    };
    let Some(max_age) = max_age(app)? else {
        return Ok(None);
    };
    let Some(kind) = media_type::guess(py, file_path::name(&path))? else {
        return Ok(None);
    };
    Ok(Some(Told {
        path,
        name: None,
        is_attachment: false,
        kind,
        max_age: max_age.seconds,
        offers_ranges,
    }))
}

/// The file's name, when it is the view's only argument.
fn only_filename<'py>(arguments: &Bound<'py, PyAny>) -> Option<Bound<'py, PyString>> {
    let arguments = arguments.cast_exact::<PyDict>().ok().filter(|all| all.len() == 1)?;
    let filename = arguments.get_item(intern!(arguments.py(), "filename")).ok()??;
    filename.cast_into_exact::<PyString>().ok()
}

/// The file's path as stock puts it together: the folder below its owner's root, the name, all below the app's root.
fn path_of(app: &Bound<'_, PyAny>, owner: &Bound<'_, PyAny>, filename: &str) -> PyResult<Option<String>> {
    let py = app.py();
    let text = |object: &Bound<'_, PyAny>, name: &Bound<'_, PyString>| -> PyResult<Option<String>> {
        let value = object.getattr(name)?;
        Ok(value
            .cast_exact::<PyString>()
            .ok()
            .and_then(|text| text.to_str().ok().map(str::to_owned)))
    };
    let root_path = intern!(py, "root_path");
    let (Some(mut path), Some(folder)) = (text(owner, root_path)?, text(owner, intern!(py, "_static_folder"))?) else {
        return Ok(None);
    };
    file_path::join(&mut path, &folder);
    if path.is_empty() {
        return Ok(None);
    }
    file_path::join(&mut path, filename);
    if path.starts_with('/') {
        return Ok(Some(path));
    }
    let Some(mut rooted) = text(app, root_path)? else {
        return Ok(None);
    };
    file_path::join(&mut rooted, &path);
    Ok(Some(rooted))
}

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
