//! The `static` view as a native view: when the endpoint's function is ours and nothing that it would call was replaced,
//! the file's answer is made here, from the disk to the header lines. What becomes of the answer is decided after it, as
//! for any view; who looks at it must not be known here.
//!
//! Whatever is not plain (a missing file, a range that can't be met, a name in another alphabet) is left to the function
//! itself: nothing that anybody could see has happened by then.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use super::decision_cache::{self, Versions};
use super::file_request::{FileRequest, FileToSend, OwnedConditions};
use super::max_age::max_age;
use super::{disk, guards, media_type, self_check};
use crate::engine::app::lookup::is_overridden;
use crate::engine::app::steps::Step;
use crate::engine::message::outcome::PlainResponse;
use crate::engine::request::context::RequestContext;
use crate::http::file_path;

/// The answer of the endpoint's function; None when it is not ours, or has to run.
pub fn respond(
    app: &Bound<'_, PyAny>,
    context: &Bound<'_, RequestContext>,
    function: &Bound<'_, PyAny>,
) -> PyResult<Option<PlainResponse>> {
    let py = app.py();
    let Some(owner) = guards::owner_of(app, function)? else {
        return Ok(None);
    };
    if is_overridden(app, Step::EnsureSync)? || !guards::pass(app, &owner)? || !guards::is_usual(app, context)? {
        return Ok(None);
    }
    let arguments = context.get().state.view_args.get(py);
    let filename = arguments.as_ref().and_then(only_filename);
    let Some(filename) = filename.as_ref().and_then(|name| name.to_str().ok()) else {
        return Ok(None);
    };
    let versions = Versions::now(app, &owner)?;
    let known = versions.map_or(Ok(None), |versions| decision_cache::find(py, filename, &versions))?;
    let is_known = known.is_some();
    let decided = known.map_or_else(|| file_to_send(app, &owner, filename), |file| Ok(Some(file)))?;
    let Some(file) = decided else {
        return Ok(None);
    };
    let request = FileRequest {
        file,
        conditions: OwnedConditions::of(context)?,
    };
    let answer = disk::visit(py, || request.open());
    // Only what is on disk is remembered: names that are not have no end.
    if let (false, Some(versions), Some(_)) = (is_known, versions, &answer) {
        decision_cache::put(py, filename, versions, &request.file);
    }
    Ok(answer)
}

/// All that has to be known of Python to answer.
fn file_to_send(app: &Bound<'_, PyAny>, owner: &Bound<'_, PyAny>, filename: &str) -> PyResult<Option<Arc<FileToSend>>> {
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
    let Some(media_type) = media_type::guess(py, file_path::name(&path))? else {
        return Ok(None);
    };
    Ok(Some(Arc::new(FileToSend {
        path: path.into(),
        download_name: None,
        is_attachment: false,
        media_type,
        max_age: max_age.seconds,
        offers_ranges,
    })))
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
