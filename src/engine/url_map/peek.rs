//! A first match without Python attached: it tells the scheduler which endpoint a request is for, and is used again when
//! the request is served, unless the map has changed by then. Must not know the request or the server.

use std::ops::Range;
use std::sync::{Arc, PoisonError, RwLock};

use super::python_regex::Detached;
use super::snapshot::Snapshot;
use crate::routing::{Found, MatchResult, Matcher, Missed, Query, rooted};
use crate::text::same::same;

/// A handle on a map's latest rules. Cheap to clone; sees every later version of its map.
#[derive(Clone, Default)]
pub struct Peek(Arc<RwLock<Option<PeekView>>>);

/// The latest matcher, and the domain that a plain request has.
struct PeekView {
    matcher: Arc<Matcher>,
    domain: Arc<str>,
}

/// A rule that was found for a path.
pub struct Peeked {
    /// Whose rules they are: kept, so that no other matcher can come to have its address.
    matcher: Arc<Matcher>,
    rule: u32,
    /// Where the captured texts are in the path.
    values: Vec<Range<usize>>,
    /// Bytes of the path that they are in.
    length: usize,
}

impl Peek {
    pub(super) fn set(&self, latest: Option<&Snapshot>) {
        let view = latest.map(|snapshot| PeekView {
            matcher: Arc::clone(&snapshot.matcher),
            domain: Arc::clone(&snapshot.default_domain),
        });
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = view;
    }

    /// The rule that a decoded path leads to. None where a redirect, an error or Python has a say.
    pub fn find(&self, path: &str, method: &str) -> Option<Peeked> {
        let latest = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let PeekView { matcher, domain } = latest.as_ref()?;
        let path = rooted(path);
        let query = Query {
            domain,
            path: &path,
            method,
            websocket: false,
        };
        match matcher.find(query, &Detached) {
            Ok(MatchResult::Found(found)) if found.missed == Missed::default() => Some(Peeked {
                matcher: Arc::clone(matcher),
                rule: found.rule,
                values: found.values.iter().map(|text| position(&path, text)).collect(),
                length: path.len(),
            }),
            _ => None,
        }
    }
}

/// Where a part of a text is.
fn position(whole: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    start..start + part.len()
}

impl Peeked {
    pub fn rule(&self) -> u32 {
        self.rule
    }

    /// What was found, for the same path; None if these are not the rules that it was found in.
    pub(super) fn found<'p>(&self, snapshot: &Snapshot, query: Query<'p>) -> Option<Found<'p>> {
        let unchanged = Arc::ptr_eq(&self.matcher, &snapshot.matcher)
            && same(query.domain, &snapshot.default_domain)
            && query.path.len() == self.length
            && !query.websocket;
        if !unchanged {
            return None;
        }
        let values = self.values.iter().map(|place| query.path.get(place.clone()));
        Some(Found {
            rule: self.rule,
            values: values.collect::<Option<_>>()?,
            missed: Missed::default(),
        })
    }
}
