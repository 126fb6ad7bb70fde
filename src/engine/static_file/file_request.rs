//! One file's answer from disk, clock and the request's headers, once everything that Python decides is known.

use std::ops::Range;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::prelude::*;

use super::disk::{self, Facts};
use super::media_type::MediaType;
use crate::engine::message::outcome::{PlainBody, PlainResponse};
use crate::engine::message::raw_response::{FileBody, HeaderLines};
use crate::engine::request::context::RequestContext;
use crate::http::conditions::{Conditions, Resource, Verdict};
use crate::http::file_answer::{self, FileFacts, Sending};
use crate::http::file_path;
use crate::http::header_name::HeaderName;
use crate::json::number;

/// What Python decides of a file's answer, whatever the request asks for.
pub struct FileToSend {
    pub path: Arc<str>,
    /// The name to announce, if it is not the path's. Printable ASCII.
    pub download_name: Option<String>,
    pub is_attachment: bool,
    pub media_type: MediaType,
    /// Seconds.
    pub max_age: Option<i64>,
    /// Whether this Werkzeug offers ranges on every answer.
    pub offers_ranges: bool,
}

/// A file, and the headers of the request for it.
pub struct FileRequest {
    pub file: Arc<FileToSend>,
    pub conditions: OwnedConditions,
}

/// The values of [`Conditions`].
#[derive(Default)]
pub struct OwnedConditions {
    pub range: Option<String>,
    pub if_range: Option<String>,
    pub if_match: Option<String>,
    pub if_none_match: Option<String>,
    pub if_modified_since: Option<String>,
}

impl OwnedConditions {
    pub fn of(context: &Bound<'_, RequestContext>) -> PyResult<Self> {
        let header = |name| context.get().state.header(context.py(), name);
        Ok(Self {
            range: header(HeaderName::Range)?,
            if_range: header(HeaderName::IfRange)?,
            if_match: header(HeaderName::IfMatch)?,
            if_none_match: header(HeaderName::IfNoneMatch)?,
            if_modified_since: header(HeaderName::IfModifiedSince)?,
        })
    }

    fn judge(&self, resource: &Resource<'_>) -> Verdict {
        let conditions = Conditions {
            range: self.range.as_deref(),
            if_range: self.if_range.as_deref(),
            if_match: self.if_match.as_deref(),
            if_none_match: self.if_none_match.as_deref(),
            if_modified_since: self.if_modified_since.as_deref(),
        };
        conditions.judge(resource)
    }
}

/// Status and header lines of a file's answer, and the bytes that it has of the file.
pub struct Announcement {
    pub status: u16,
    pub headers: HeaderLines,
    pub range: Range<u64>,
}

impl FileRequest {
    /// The answer with the file opened; None where Python has to give it.
    pub fn open(&self) -> Option<PlainResponse> {
        let (file, facts) = disk::open(&self.file.path)?;
        let Announcement { status, headers, range } = self.announce(facts)?;
        Some(PlainResponse {
            status,
            headers,
            body: PlainBody::File(FileBody { file, range }, Arc::clone(&self.file.path)),
        })
    }

    /// What is announced of a file in this state; None where Python has to do it.
    pub fn announce(&self, facts: Facts) -> Option<Announcement> {
        let file = &self.file;
        let tag = tag(&file.path, facts)?;
        let resource = Resource {
            tag: &tag,
            modified: file_answer::modified(facts.modified)?,
            size: facts.size,
        };
        let verdict = self.conditions.judge(&resource);
        let about = FileFacts {
            name: file
                .download_name
                .as_deref()
                .unwrap_or_else(|| file_path::name(&file.path)),
            is_attachment: file.is_attachment,
            content_type: &file.media_type.content_type,
            encoding: file.media_type.encoding.as_deref(),
            tag: resource.tag,
            modified: resource.modified,
            size: resource.size,
        };
        let sending = Sending {
            now: now(),
            max_age: file.max_age,
            offers_ranges: file.offers_ranges,
        };
        let (status, headers) = file_answer::answer(&about, sending, verdict)?;
        let range = match verdict {
            Verdict::Part { start, end } => start..end,
            _ => 0..facts.size,
        };
        Some(Announcement { status, headers, range })
    }
}

/// A file's entity tag, without quotes.
pub fn tag(path: &str, facts: Facts) -> Option<String> {
    let mut tag = Vec::with_capacity(48);
    number::write_float(facts.modified, &mut tag);
    file_answer::append_tag(&mut tag, facts.size, path);
    String::from_utf8(tag).ok()
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
