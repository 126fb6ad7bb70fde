//! Small files that are kept in memory, with the lines that announce them. A kept file counts only while the file system
//! says that the file of its name is the same one in the same state; must not know what was asked for.

use std::ops::Range;

use bytes::Bytes;

use super::disk::{AT_ONCE, Facts, OpenedFile};
use crate::engine::message::raw_response::WirePayload;
use crate::http::conditions::Resource;
use crate::http::file_answer::{self, Line};
use crate::json::number;
use crate::text::dates::DateFields;

/// Seconds. A file that was changed this short a time before it was read may be changed again within the same tick of
/// the file system's clock, and nothing would tell.
const SETTLED: i64 = 2;

/// What follows from the state of a file for its answers.
pub struct Described {
    pub facts: Facts,
    /// Its entity tag, without quotes.
    pub tag: String,
    pub modified: DateFields,
}

impl Described {
    /// None when it was changed on a date that is out of the calendar.
    pub fn of(path: &str, facts: Facts) -> Option<Self> {
        let moment = facts.moment();
        let modified = file_answer::modified(moment)?;
        let mut tag = Vec::with_capacity(48);
        number::write_float(moment, &mut tag);
        file_answer::append_tag(&mut tag, facts.size, path);
        let tag = String::from_utf8(tag).ok()?;
        Some(Self { facts, tag, modified })
    }

    pub fn as_resource(&self) -> Resource<'_> {
        Resource {
            tag: &self.tag,
            modified: self.modified,
            size: self.facts.size,
        }
    }
}

/// A file small enough to be kept, with the body that was read.
pub struct KeptFile {
    pub file: Described,
    /// Those of the whole file.
    pub lines: Vec<Line>,
    body: Bytes,
}

impl KeptFile {
    /// Bytes of it, as an answer's body.
    pub fn part(&self, range: Range<u64>) -> WirePayload {
        let bound = |at| usize::try_from(at).unwrap_or(usize::MAX).min(self.body.len());
        let part = self.body.slice(bound(range.start)..bound(range.end));
        if part.is_empty() {
            WirePayload::Empty
        } else {
            WirePayload::Bytes(part)
        }
    }
}

/// Whether a file is kept.
pub enum Keeping {
    /// It was not read yet, or too soon after it was changed.
    NotYet,
    /// Nothing would tell that it has changed.
    Never,
    Kept(KeptFile),
}

impl Keeping {
    /// Whether a file that is going to be read can be kept; None says that it is to be seen another time. `now` was
    /// before it was opened.
    pub fn is_possible(&self, opened: &OpenedFile, now: i64) -> Option<bool> {
        let is_settled = opened.facts.size <= AT_ONCE && opened.facts.unchanged_since(now - SETTLED);
        (is_settled && !matches!(self, Self::Never)).then(|| opened.tells_changes())
    }

    /// Keeps a file that was sent whole, if that is possible.
    pub fn of(is_possible: bool, file: Described, lines: &[Line], payload: &WirePayload) -> Self {
        let body = match payload {
            WirePayload::Bytes(body) if is_possible => body.clone(),
            WirePayload::Empty if is_possible => Bytes::new(),
            _ => return Self::Never,
        };
        let lines = lines.to_vec();
        Self::Kept(KeptFile { file, lines, body })
    }

    /// Bytes of memory.
    pub fn size(&self) -> usize {
        match self {
            Self::Kept(kept) => kept.body.len(),
            Self::NotYet | Self::Never => 0,
        }
    }
}
