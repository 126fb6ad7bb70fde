//! One file's answer from disk and clock, once everything that Python decides is known.

use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::prelude::*;

use super::disk;
use super::file_cache::{Described, Keeping, KeptFile};
use super::media_type::MediaType;
use crate::engine::message::raw_response::WirePayload;
use crate::engine::message::raw_response::WireResponse;
use crate::engine::request::context::RequestContext;
use crate::http::conditions::{Conditions, Verdict};
use crate::http::file_answer::{self, FileFacts, Line, Sending};
use crate::http::file_path;
use crate::http::header_name::HeaderName;

/// What Python decides of a file's answers, whatever is asked for.
pub struct Told {
    pub path: String,
    /// The name to announce, if it is not the path's. Printable ASCII.
    pub name: Option<String>,
    pub is_attachment: bool,
    pub kind: MediaType,
    /// Seconds.
    pub max_age: Option<i64>,
    /// Whether this Werkzeug offers ranges on every answer.
    pub offers_ranges: bool,
}

/// A file that was asked for, and how.
pub struct Order<'a> {
    pub told: &'a Told,
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
            range: header(HeaderName::Range)?,
            if_range: header(HeaderName::IfRange)?,
            if_match: header(HeaderName::IfMatch)?,
            if_none_match: header(HeaderName::IfNoneMatch)?,
            if_modified_since: header(HeaderName::IfModifiedSince)?,
        })
    }

    fn judge(&self, file: &Described) -> Verdict {
        let conditions = Conditions {
            range: self.range.as_deref(),
            if_range: self.if_range.as_deref(),
            if_match: self.if_match.as_deref(),
            if_none_match: self.if_none_match.as_deref(),
            if_modified_since: self.if_modified_since.as_deref(),
        };
        conditions.judge(&file.as_resource())
    }
}

/// An answer, and what was found out about keeping the file, if anything.
pub struct Filled {
    pub answer: WireResponse,
    pub keeping: Option<Keeping>,
}

impl Order<'_> {
    /// The answer; None where the view has to give it.
    pub fn fill(&self, keeping: &Keeping) -> Option<Filled> {
        if let Keeping::Kept(kept) = keeping
            && disk::look(&self.told.path) == Some(kept.file.facts)
        {
            let answer = self.fill_from(kept)?;
            return Some(Filled { answer, keeping: None });
        }
        let now = now();
        let opened = disk::open(&self.told.path)?;
        let file = Described::of(&self.told.path, opened.facts)?;
        let (status, headers, verdict) = self.announce(&file, now, false)?;
        let mut found = None;
        let payload = match verdict {
            _ if self.is_head => WirePayload::Empty,
            Verdict::Whole => {
                let may_be_kept = keeping.is_possible(&opened, now);
                let payload = opened.body(0..file.facts.size)?;
                found = may_be_kept.map(|yes| Keeping::of(yes, file, &headers, &payload));
                payload
            }
            Verdict::Part { start, end } => opened.body(start..end)?,
            Verdict::NotModified | Verdict::Unsure => WirePayload::Empty,
        };
        let answer = answer(status, headers, payload);
        Some(Filled { answer, keeping: found })
    }

    /// The answer for a file that is still what it was when it was kept.
    fn fill_from(&self, kept: &KeptFile) -> Option<WireResponse> {
        let now = now();
        let verdict = self.asked.judge(&kept.file);
        let (status, headers) = if verdict == Verdict::Whole {
            (200, file_answer::renewed(&kept.lines, self.sending(now, false))?)
        } else {
            self.lines(&kept.file, self.sending(now, false), verdict)?
        };
        let payload = match verdict {
            _ if self.is_head => WirePayload::Empty,
            Verdict::Whole => kept.part(0..kept.file.facts.size),
            Verdict::Part { start, end } => kept.part(start..end),
            Verdict::NotModified | Verdict::Unsure => WirePayload::Empty,
        };
        Some(answer(status, headers, payload))
    }

    /// Status and lines for such a file; `is_object`: those of a response object, some of which are not sent.
    pub fn announce(&self, file: &Described, now: i64, is_object: bool) -> Option<(u16, Vec<Line>, Verdict)> {
        let verdict = self.asked.judge(file);
        let (status, lines) = self.lines(file, self.sending(now, is_object), verdict)?;
        Some((status, lines, verdict))
    }

    fn lines(&self, file: &Described, sending: Sending, verdict: Verdict) -> Option<(u16, Vec<Line>)> {
        let told = self.told;
        let facts = FileFacts {
            name: told.name.as_deref().unwrap_or_else(|| file_path::name(&told.path)),
            is_attachment: told.is_attachment,
            content_type: &told.kind.content_type,
            encoding: told.kind.encoding.as_deref(),
            tag: &file.tag,
            modified: file.modified,
            size: file.facts.size,
        };
        file_answer::answer(&facts, sending, verdict)
    }

    fn sending(&self, now: i64, is_object: bool) -> Sending {
        Sending {
            now,
            max_age: self.told.max_age,
            offers_ranges: self.told.offers_ranges,
            is_object,
        }
    }
}

fn answer(status: u16, headers: Vec<Line>, payload: WirePayload) -> WireResponse {
    WireResponse {
        status,
        reason: None,
        headers,
        payload,
    }
}

/// Seconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
