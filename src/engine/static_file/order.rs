//! One file's answer from disk and clock, once everything that Python decides is known.

use std::time::{SystemTime, UNIX_EPOCH};

use http::header;
use pyo3::prelude::*;

use super::media_type::MediaType;
use super::on_disk::{self, Facts};
use crate::engine::context::RequestContext;
use crate::engine::exchange::{WirePayload, WireResponse};
use crate::http::conditions::{Conditions, Resource, Verdict};
use crate::http::file_answer::{self, FileFacts, Line, Sending};
use crate::http::file_path;
use crate::json::number;

/// A file that was asked for, and how.
pub struct Order {
    pub path: String,
    /// The name to announce, if it is not the path's. Printable ASCII.
    pub name: Option<String>,
    pub is_attachment: bool,
    pub kind: MediaType,
    /// Seconds.
    pub max_age: Option<i64>,
    /// Whether this Werkzeug offers ranges on every answer.
    pub offers_ranges: bool,
    pub is_head: bool,
    pub asked: Asked,
}

/// The request's headers of these names.
#[derive(Default)]
pub struct Asked {
    pub range: Option<String>,
    pub if_range: Option<String>,
    pub if_match: Option<String>,
    pub if_none_match: Option<String>,
    pub if_modified_since: Option<String>,
}

impl Asked {
    pub fn of(context: &Bound<'_, RequestContext>) -> PyResult<Self> {
        let header = |name| context.get().state.header(context.py(), name);
        Ok(Self {
            range: header(&header::RANGE)?,
            if_range: header(&header::IF_RANGE)?,
            if_match: header(&header::IF_MATCH)?,
            if_none_match: header(&header::IF_NONE_MATCH)?,
            if_modified_since: header(&header::IF_MODIFIED_SINCE)?,
        })
    }

    fn conditions(&self) -> Conditions<'_> {
        Conditions {
            range: self.range.as_deref(),
            if_range: self.if_range.as_deref(),
            if_match: self.if_match.as_deref(),
            if_none_match: self.if_none_match.as_deref(),
            if_modified_since: self.if_modified_since.as_deref(),
        }
    }
}

impl Order {
    /// The answer; None where the view has to give it.
    pub fn fill(&self) -> Option<WireResponse> {
        let opened = on_disk::open(&self.path)?;
        let (status, headers, verdict) = self.announce(opened.facts, false)?;
        let payload = match verdict {
            _ if self.is_head => WirePayload::Empty,
            Verdict::Whole => {
                let size = opened.facts.size;
                opened.body(0..size)?
            }
            Verdict::Part { start, end } => opened.body(start..end)?,
            Verdict::NotModified | Verdict::Unsure => WirePayload::Empty,
        };
        Some(WireResponse {
            status,
            reason: None,
            headers,
            payload,
        })
    }

    /// Status and lines for such a file; `is_object`: those of a response object, some of which are not sent.
    pub fn announce(&self, facts: Facts, is_object: bool) -> Option<(u16, Vec<Line>, Verdict)> {
        let modified = file_answer::modified(facts.moment)?;
        let tag = tag_of(&self.path, facts);
        let verdict = self.asked.conditions().judge(&Resource {
            tag: &tag,
            modified,
            size: facts.size,
        });
        let file = FileFacts {
            name: self.name.as_deref().unwrap_or_else(|| file_path::name(&self.path)),
            is_attachment: self.is_attachment,
            content_type: &self.kind.content_type,
            encoding: self.kind.encoding.as_deref(),
            tag: &tag,
            modified,
            size: facts.size,
        };
        let sending = Sending {
            now: now(),
            max_age: self.max_age,
            offers_ranges: self.offers_ranges,
            is_object,
        };
        file_answer::answer(&file, sending, verdict).map(|(status, lines)| (status, lines, verdict))
    }
}

/// A file's entity tag, without quotes.
pub fn tag_of(path: &str, facts: Facts) -> String {
    let mut tag = Vec::with_capacity(48);
    number::write_float(facts.moment, &mut tag);
    file_answer::append_tag(&mut tag, facts.size, path);
    String::from_utf8(tag).unwrap_or_default()
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
