//! What `flask.send_file` and `flask.send_from_directory` return, natively: the response object that Werkzeug would make
//! of a file on disk, for the arguments that nearly every call has.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyBoolMethods, PyDict, PyInt, PyString, PyType};

use super::file_request::{Announcement, FileRequest, FileToSend, OwnedConditions};
use super::max_age::max_age;
use super::media_type::{self, MediaType};
use super::{disk, guards, self_check};
use crate::engine::app::lookup::app_attribute;
use crate::engine::app::snapshot::AppAttribute;
use crate::engine::context::vars::cv_app;
use crate::engine::request::context::RequestContext;
use crate::engine::response;
use crate::http::file_path;

/// The response for a file: `path` below `directory`, or else below the app's root, sent with `options`. None when
/// Werkzeug has to make it, or has an error to raise.
#[pyfunction]
#[pyo3(signature = (path, options, directory=None))]
pub fn file_response<'py>(
    path: &Bound<'py, PyAny>,
    options: &Bound<'py, PyDict>,
    directory: Option<&Bound<'py, PyAny>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = path.py();
    let Ok(Some(context)) = RequestContext::current(py) else {
        return Ok(None);
    };
    let app = context.get().app(py);
    let current = cv_app(py).get(py);
    let is_current = current.is_some_and(|current| current.getattr(intern!(py, "app")).is_ok_and(|of| of.is(app)));
    if !is_current || !guards::pass(app, app)? || !guards::is_usual(app, &context)? {
        return Ok(None);
    }
    let Some(options) = Options::read(options)? else {
        return Ok(None);
    };
    let Some(path) = full_path(app, path, directory)? else {
        return Ok(None);
    };
    let Some(file) = options.of_file(app, path)? else {
        return Ok(None);
    };
    let request = FileRequest {
        file: Arc::new(file),
        conditions: OwnedConditions::of(&context)?,
    };
    let path = &request.file.path;
    let Some(Announcement { status, headers, range }) = disk::look(path).and_then(|facts| request.announce(facts))
    else {
        return Ok(None);
    };
    let part = (status == 206).then_some(range);
    match response::file_iterator(py, path, part) {
        Ok(body) => response::with_body(py, status, &headers, &body, true).map(Some),
        Err(_) => Ok(None),
    }
}

/// The functions' keyword arguments, as far as they are usual.
#[derive(Default)]
struct Options {
    mimetype: Option<String>,
    is_attachment: bool,
    download_name: Option<String>,
    max_age: Option<i64>,
}

impl Options {
    fn read(given: &Bound<'_, PyDict>) -> PyResult<Option<Self>> {
        let mut options = Self::default();
        for (name, value) in given.iter() {
            let truth = value.cast_exact::<PyBool>().ok().map(PyBoolMethods::is_true);
            let understood = match name.cast::<PyString>()?.to_str()? {
                "conditional" | "etag" => truth == Some(true),
                "as_attachment" => {
                    options.is_attachment = truth == Some(true);
                    truth.is_some()
                }
                _ if value.is_none() => true,
                "mimetype" => {
                    options.mimetype = printable(&value);
                    options.mimetype.is_some()
                }
                "download_name" => {
                    options.download_name = printable(&value);
                    options.download_name.is_some()
                }
                "max_age" => {
                    options.max_age = value.cast_exact::<PyInt>().ok().and_then(|age| age.extract().ok());
                    options.max_age.is_some()
                }
                _ => false,
            };
            if !understood {
                return Ok(None);
            }
        }
        Ok(Some(options))
    }

    fn of_file(self, app: &Bound<'_, PyAny>, path: String) -> PyResult<Option<FileToSend>> {
        let py = app.py();
        let Some(offers_ranges) = self_check::offers_ranges(py) else {
            return Ok(None);
        };
        let Some(configured) = max_age(app)? else {
            return Ok(None);
        };
        let name = self.download_name.as_deref().unwrap_or_else(|| file_path::name(&path));
        if !file_path::is_printable(name) {
            return Ok(None);
        }
        let media_type = match &self.mimetype {
            Some(mimetype) => Some(MediaType::given(py, mimetype)?),
            None => media_type::guess(py, name)?,
        };
        let Some(media_type) = media_type else {
            return Ok(None);
        };
        Ok(Some(FileToSend {
            path: path.into(),
            download_name: self.download_name,
            is_attachment: self.is_attachment,
            media_type,
            max_age: self.max_age.or(configured.seconds),
            offers_ranges,
        }))
    }
}

/// Text that can stand in a header; None for anything else.
fn printable(value: &Bound<'_, PyAny>) -> Option<String> {
    let text = value.cast_exact::<PyString>().ok()?.to_str().ok()?;
    (!text.is_empty() && file_path::is_printable(text)).then(|| text.to_owned())
}

/// The file's path; below a directory only if the path is plain.
fn full_path(
    app: &Bound<'_, PyAny>,
    path: &Bound<'_, PyAny>,
    directory: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<String>> {
    let (Some(mut full), Some(path)) = (
        path_text(&app_attribute(app, AppAttribute::RootPath)?)?,
        path_text(path)?,
    ) else {
        return Ok(None);
    };
    if let Some(directory) = directory {
        match path_text(directory)? {
            Some(directory) if !directory.is_empty() && file_path::is_plain(&path) => {
                file_path::join(&mut full, &directory);
            }
            _ => return Ok(None),
        }
    }
    file_path::join(&mut full, &path);
    Ok((!full.contains('\0')).then_some(full))
}

/// The text of a path given as text or as `pathlib` has it; None for anything else.
fn path_text(path: &Bound<'_, PyAny>) -> PyResult<Option<String>> {
    static PATH: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = path.py();
    let text = if path.is_instance(PATH.import(py, "pathlib", "PurePath")?)? {
        path.call_method0(intern!(py, "__fspath__"))?
    } else {
        path.clone()
    };
    Ok(text
        .cast_exact::<PyString>()
        .ok()
        .and_then(|text| text.to_str().ok().map(str::to_owned)))
}
