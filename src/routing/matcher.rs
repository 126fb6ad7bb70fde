//! Which rule answers a path: statics first, then dynamic segments by weight, with backtracking, as Werkzeug's state
//! machine does it. Answers with rule ids and slices of the path; converting them, and every redirect beyond slashes,
//! is up to the caller.

use std::borrow::Cow;

use super::segment::Fit;
use super::tree::{Matcher, Tree};
use crate::routing::states::{Branch, State, StateId};

/// Answers the segment tests that only Python can.
pub trait Foreign {
    type Error;
    /// Runs test number `test` on `target` and appends the captured slices.
    fn fit<'p>(&self, test: u32, target: &'p str, values: &mut Vec<&'p str>) -> Result<Fit, Self::Error>;
}

/// What to match.
#[derive(Debug, Clone, Copy)]
pub struct Query<'p> {
    /// The subdomain, or the whole host name under host matching.
    pub domain: &'p str,
    /// Decoded path, as [`rooted`] leaves it.
    pub path: &'p str,
    /// Upper-case.
    pub method: &'p str,
    pub websocket: bool,
}

/// A rule that answers.
#[derive(Debug, PartialEq, Eq)]
pub struct Found<'p> {
    pub rule: u32,
    /// Captured texts, in the order of the rule's placeholders.
    pub values: Vec<&'p str>,
    /// What was refused on the way; it decides between 404 and 405 if a converter then refuses a value.
    pub missed: Missed,
}

/// Why nothing answered so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Missed {
    /// Rules whose path matched but whose methods did not, in the order they were met.
    pub refused: Vec<u32>,
    /// A rule was refused for being (or not being) a websocket rule.
    pub websocket_mismatch: bool,
}

/// The answer.
#[derive(Debug, PartialEq, Eq)]
pub enum MatchResult<'p> {
    Found(Found<'p>),
    /// The client is redirected to this decoded path.
    Redirect(String),
    Missed(Missed),
}

/// The form of a path that matching wants: empty stays empty, else exactly one leading slash.
pub fn rooted(path: &str) -> Cow<'_, str> {
    let bare = path.trim_start_matches('/');
    match path.len() - bare.len() {
        0 if bare.is_empty() => Cow::Borrowed(""),
        0 => Cow::Owned(format!("/{bare}")),
        slashes => Cow::Borrowed(&path[slashes - 1..]),
    }
}

impl Matcher {
    /// Looks for the rule that answers `query`, slashes taken as they are.
    pub fn find<'p, F: Foreign>(&self, query: Query<'p>, foreign: &F) -> Result<MatchResult<'p>, F::Error> {
        if let Some(rule) = self.find_static(query) {
            return Ok(MatchResult::Found(Found {
                rule,
                values: Vec::new(),
                missed: Missed::default(),
            }));
        }
        if let Some(found) = self.find_plain(query) {
            return Ok(MatchResult::Found(found));
        }
        self.walk(query, foreign)
    }

    /// The second attempt of a map that merges slashes, after [`Matcher::find`] missed; always a redirect or a miss.
    pub fn find_merged<F: Foreign>(
        &self,
        query: Query<'_>,
        foreign: &F,
        mut missed: Missed,
    ) -> Result<MatchResult<'static>, F::Error> {
        if !query.path.contains("//") {
            // The same path once more would meet the same rules. Werkzeug does that, and the order in which its set of
            // allowed methods comes out depends on their having been added twice.
            missed.refused.extend_from_within(..);
            return Ok(MatchResult::Missed(missed));
        }
        let path = merged(query.path);
        let outcome = self.search(Query { path: &path, ..query }, foreign, missed)?;
        Ok(match outcome {
            MatchResult::Found(found) if self.rules[found.rule as usize].merge_slashes => MatchResult::Redirect(path),
            MatchResult::Found(found) => MatchResult::Missed(found.missed),
            MatchResult::Redirect(path) => MatchResult::Redirect(path),
            MatchResult::Missed(missed) => MatchResult::Missed(missed),
        })
    }

    /// One table lookup for paths without placeholders.
    #[inline]
    fn find_static(&self, query: Query<'_>) -> Option<u32> {
        let site = self.site(query.domain)?;
        let state = *site.paths.get(query.path)?;
        let accepts = |id: &&u32| {
            let rule = &self.rules[**id as usize];
            rule.websocket == query.websocket && rule.allows(query.method)
        };
        self.states[state as usize].rules.iter().find(accepts).copied()
    }

    /// One walk down a radix tree for paths with placeholders of one kind each.
    #[inline]
    fn find_plain<'p>(&self, query: Query<'p>) -> Option<Found<'p>> {
        let (state, values) = self.site(query.domain)?.plain.as_ref()?.find(query.path)?;
        // If the first rule refuses, that is to be remembered, and there may be others elsewhere.
        let id = *self.states[state as usize].rules.first()?;
        let rule = &self.rules[id as usize];
        (rule.websocket == query.websocket && rule.allows(query.method)).then(|| Found {
            rule: id,
            values,
            missed: Missed::default(),
        })
    }

    /// [`Matcher::find`] by the state machine alone.
    pub fn walk<'p, F: Foreign>(&self, query: Query<'p>, foreign: &F) -> Result<MatchResult<'p>, F::Error> {
        self.search(query, foreign, Missed::default())
    }

    fn search<'p, F: Foreign>(
        &self,
        query: Query<'p>,
        foreign: &F,
        missed: Missed,
    ) -> Result<MatchResult<'p>, F::Error> {
        let mut walk = Walk {
            matcher: self,
            query,
            foreign,
            values: Vec::new(),
            missed,
        };
        Ok(match walk.enter()? {
            SearchStep::Rule(rule) => MatchResult::Found(Found {
                rule,
                values: walk.values,
                missed: walk.missed,
            }),
            SearchStep::SlashRequired => MatchResult::Redirect(format!("{}/", query.path)),
            SearchStep::Nothing => MatchResult::Missed(walk.missed),
        })
    }
}

fn merged(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for char in path.chars() {
        if char != '/' || !out.ends_with('/') {
            out.push(char);
        }
    }
    out
}

enum SearchStep {
    Rule(u32),
    SlashRequired,
    Nothing,
}

struct Walk<'m, 'p, F> {
    matcher: &'m Matcher,
    query: Query<'p>,
    foreign: &'m F,
    values: Vec<&'p str>,
    missed: Missed,
}

impl<'p, F: Foreign> Walk<'_, 'p, F> {
    /// The domain is the first segment. A domain pattern that eats slashes would eat the path and end where no rule
    /// can.
    fn enter(&mut self) -> Result<SearchStep, F::Error> {
        let Query { domain, path, .. } = self.query;
        if let Some(site) = self.matcher.site(domain) {
            let step = self.walk(site.entry, Some(path))?;
            if !matches!(step, SearchStep::Nothing) {
                return Ok(step);
            }
        }
        let matcher = self.matcher;
        for branch in matcher.states[Tree::ROOT as usize]
            .branches
            .iter()
            .filter(|branch| !branch.takes_rest)
        {
            let step = self.follow(branch, domain, Some(path))?;
            if !matches!(step, SearchStep::Nothing) {
                return Ok(step);
            }
        }
        Ok(SearchStep::Nothing)
    }

    /// Tries to consume `rest` (`None`: nothing is left; an empty text is one empty segment) from a state on.
    fn walk(&mut self, at: StateId, rest: Option<&'p str>) -> Result<SearchStep, F::Error> {
        let matcher = self.matcher;
        let state = &matcher.states[at as usize];
        let Some(rest) = rest else {
            return Ok(self.finish(state));
        };
        let (segment, tail) = match memchr::memchr(b'/', rest.as_bytes()) {
            Some(slash) => (&rest[..slash], Some(&rest[slash + 1..])),
            None => (rest, None),
        };
        if let Some(next) = state.behind(segment) {
            let step = self.walk(next, tail)?;
            if !matches!(step, SearchStep::Nothing) {
                return Ok(step);
            }
        }
        for branch in &state.branches {
            let (target, tail) = if branch.takes_rest {
                (rest, None)
            } else {
                (segment, tail)
            };
            let step = self.follow(branch, target, tail)?;
            if !matches!(step, SearchStep::Nothing) {
                return Ok(step);
            }
        }
        Ok(if rest.is_empty() {
            self.accept(state, |lenient| !lenient)
        } else {
            SearchStep::Nothing
        })
    }

    fn follow(&mut self, branch: &Branch, target: &'p str, tail: Option<&'p str>) -> Result<SearchStep, F::Error> {
        let before = self.values.len();
        let fit = match branch.test.fit(target, branch.suffixed, &mut self.values) {
            Some(fit) => fit,
            None => self.foreign.fit(branch.id, target, &mut self.values)?,
        };
        let step = match fit {
            Fit::No => return Ok(SearchStep::Nothing),
            Fit::Whole => self.walk(branch.to, tail)?,
            Fit::WithSlash => self.walk(branch.to, Some(""))?,
        };
        if matches!(step, SearchStep::Nothing) {
            self.values.truncate(before);
        }
        Ok(step)
    }

    /// Everything is consumed: a rule that ends here, or one that ends a slash further on.
    fn finish(&mut self, state: &State) -> SearchStep {
        let step = self.accept(state, |_| true);
        if !matches!(step, SearchStep::Nothing) {
            return step;
        }
        let Some(slash) = state.slash else {
            return SearchStep::Nothing;
        };
        for id in &self.matcher.states[slash as usize].rules {
            let rule = &self.matcher.rules[*id as usize];
            if rule.websocket == self.query.websocket && rule.allows(self.query.method) {
                return if rule.strict_slashes {
                    SearchStep::SlashRequired
                } else {
                    SearchStep::Rule(*id)
                };
            }
        }
        SearchStep::Nothing
    }

    /// The first rule of a state, among those whose strictness is wanted, that takes the method and the protocol.
    fn accept(&mut self, state: &State, wanted: impl Fn(bool) -> bool) -> SearchStep {
        for id in &state.rules {
            let rule = &self.matcher.rules[*id as usize];
            if !wanted(rule.strict_slashes) {
                continue;
            }
            if !rule.allows(self.query.method) {
                self.missed.refused.push(*id);
            } else if rule.websocket != self.query.websocket {
                self.missed.websocket_mismatch = true;
            } else {
                return SearchStep::Rule(*id);
            }
        }
        SearchStep::Nothing
    }
}

#[cfg(test)]
#[path = "matcher_tests.rs"]
mod tests;
