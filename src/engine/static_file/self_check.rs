//! A rehearsal before the first file goes out: Werkzeug's `send_file` and ours announce the same file, once. Its answers
//! are its own to change; where ours is not the same, files are left to Werkzeug.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use super::disk::{self, Facts};
use super::file_request::{self, FileRequest, FileToSend, OwnedConditions};
use super::media_type;
use crate::http::{file_answer, file_path};

type Announced = (u16, Vec<(String, String)>);

/// Whether this Werkzeug's answers always offer ranges; None when they are none of those we know.
pub fn offers_ranges(py: Python<'_>) -> Option<bool> {
    static FOUND: PyOnceLock<Option<bool>> = PyOnceLock::new();
    *FOUND.get_or_init(py, || {
        [true, false]
            .into_iter()
            .find(|&offered| agree(py, offered).unwrap_or(false))
    })
}

/// Whether both announce a file of this package in the same way, whatever it is asked for.
fn agree(py: Python<'_>, offers_ranges: bool) -> PyResult<bool> {
    let path: String = py.import("flask._serves_files")?.getattr("__file__")?.extract()?;
    let Some(facts) = disk::look(&path) else {
        return Ok(false);
    };
    let tags = file_request::tag(&path, facts).map(|tag| format!("\"{tag}\""));
    for max_age in [None, Some(60), Some(0)] {
        for (range, if_none_match) in [(None, None), (Some("bytes=1-2"), None), (None, tags.clone())] {
            let Some(media_type) = media_type::guess(py, file_path::name(&path))? else {
                return Ok(false);
            };
            let request = FileRequest {
                file: Arc::new(FileToSend {
                    path: path.as_str().into(),
                    download_name: None,
                    is_attachment: false,
                    media_type,
                    max_age,
                    offers_ranges,
                }),
                conditions: OwnedConditions {
                    range: range.map(str::to_owned),
                    if_none_match,
                    ..OwnedConditions::default()
                },
            };
            if ours(&request, facts) != Some(theirs(py, &request)?) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn ours(request: &FileRequest, facts: Facts) -> Option<Announced> {
    let mut announced = request.announce(facts)?;
    if announced.status == 304 {
        file_answer::drop_description(&mut announced.headers);
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let lines = announced.headers.iter().map(|(name, value)| (text(name), text(value)));
    Some((announced.status, without_moments(lines.collect())))
}

fn theirs(py: Python<'_>, request: &FileRequest) -> PyResult<Announced> {
    let environ = PyDict::new(py);
    environ.set_item("REQUEST_METHOD", "GET")?;
    for (key, value) in [
        ("HTTP_RANGE", &request.conditions.range),
        ("HTTP_IF_NONE_MATCH", &request.conditions.if_none_match),
    ] {
        if let Some(value) = value {
            environ.set_item(key, value)?;
        }
    }
    let arguments = PyDict::new(py);
    arguments.set_item("max_age", request.file.max_age)?;
    arguments.set_item("response_class", py.import("flask.wrappers")?.getattr("Response")?)?;
    let response = py
        .import("werkzeug.utils")?
        .getattr("send_file")?
        .call((&*request.file.path, &environ), Some(&arguments))?;
    let headers: Vec<(String, String)> = response
        .call_method1(intern!(py, "get_wsgi_headers"), (&environ,))?
        .call_method0(intern!(py, "to_wsgi_list"))?
        .extract()?;
    let status = response.getattr(intern!(py, "status_code"))?.extract()?;
    response.call_method0(intern!(py, "close"))?;
    Ok((status, without_moments(headers)))
}

/// The lines with the values of the clock's headers left out: it ticks between the two.
fn without_moments(lines: Vec<(String, String)>) -> Vec<(String, String)> {
    lines
        .into_iter()
        .map(|(name, value)| {
            let timed = matches!(name.as_str(), "Date" | "Expires");
            (name, if timed { String::new() } else { value })
        })
        .collect()
}
