//! The states that matching walks through: how they are put together, and the table of purely static paths derived from
//! them.
//!
//! The order of branches and rules is the caller's (it was sorted by weight where the rules live) and does not change.

use super::plain::PlainPaths;
use super::segment::Test;
use crate::routing::states::{Branch, FastMap, RuleTraits, State, StateId};

/// Everything below one static domain.
#[derive(Debug)]
pub(super) struct HostTree {
    pub(super) entry: StateId,
    /// Whole static paths. Statics are tried first in every state, so a rule found here is the rule the walk would find
    /// first.
    pub(super) paths: FastMap<Box<str>, StateId>,
    /// `None`: every other path takes the walk.
    pub(super) plain: Option<PlainPaths>,
}

/// A compiled, immutable set of rules.
#[derive(Debug, Default)]
pub struct Matcher {
    pub(super) states: Vec<State>,
    /// The site whose domain is the empty text, which nearly every application has alone.
    nameless: Option<HostTree>,
    named: FastMap<Box<str>, HostTree>,
    pub(super) rules: Vec<RuleTraits>,
}

impl Matcher {
    #[inline]
    pub(super) fn site(&self, domain: &str) -> Option<&HostTree> {
        if domain.is_empty() {
            self.nameless.as_ref()
        } else {
            self.named.get(domain)
        }
    }

    /// Whether a rule serves a method.
    pub fn allows(&self, rule: u32, method: &str) -> bool {
        self.rules[rule as usize].allows(method)
    }

    /// Whether a rule is for websockets.
    pub fn websocket(&self, rule: u32) -> bool {
        self.rules[rule as usize].websocket
    }
}

/// A matcher under construction.
#[derive(Debug)]
pub struct Tree {
    states: Vec<State>,
    tests: u32,
}

impl Default for Tree {
    fn default() -> Self {
        Self {
            states: vec![State::default()],
            tests: 0,
        }
    }
}

impl Tree {
    pub const ROOT: StateId = 0;

    fn new_state(&mut self) -> StateId {
        self.states.push(State::default());
        StateId::try_from(self.states.len() - 1).expect("invariant: fewer than 2^32 states")
    }

    fn state(&mut self, id: StateId) -> &mut State {
        &mut self.states[id as usize]
    }

    /// The state behind a static segment, made if it isn't there.
    pub fn fixed(&mut self, from: StateId, text: &str) -> StateId {
        if let Some(known) = self.state(from).behind(text) {
            return known;
        }
        let to = self.new_state();
        let state = self.state(from);
        if text.is_empty() {
            state.slash = Some(to);
        } else {
            state.fixed.insert(text.into(), to);
        }
        to
    }

    /// A new state behind a dynamic segment, tried after those added before. Returns the state and the test's number.
    pub fn branch(&mut self, from: StateId, content: &str, takes_rest: bool, suffixed: bool) -> (StateId, u32) {
        let (to, id) = (self.new_state(), self.tests);
        self.tests += 1;
        let test = Test::compile(content, suffixed);
        self.state(from).branches.push(Branch {
            test,
            id,
            takes_rest,
            suffixed,
            to,
        });
        (to, id)
    }

    /// Lets a rule end in a state, after the rules that ended there before.
    pub fn end(&mut self, at: StateId, rule: u32) {
        self.state(at).rules.push(rule);
    }

    /// Freezes the tree. `rules` is indexed by rule id and covers every id given to [`Tree::end`].
    pub fn finish(self, rules: Vec<RuleTraits>) -> Matcher {
        let root = &self.states[Self::ROOT as usize];
        let nameless = root.slash.map(|entry| HostTree::new(&self.states, &rules, entry));
        let named = root
            .fixed
            .iter()
            .map(|(domain, entry)| (domain.clone(), HostTree::new(&self.states, &rules, *entry)));
        Matcher {
            nameless,
            named: named.collect(),
            states: self.states,
            rules,
        }
    }
}

impl HostTree {
    fn new(states: &[State], rules: &[RuleTraits], entry: StateId) -> Self {
        let mut paths = FastMap::default();
        for (text, state) in states[entry as usize].statics() {
            collect_paths(states, state, text.to_owned(), &mut paths);
        }
        let behind_domain = &states[entry as usize];
        let root = behind_domain.slash.filter(|_| behind_domain.branches.is_empty());
        Self {
            entry,
            paths,
            plain: root.and_then(|root| PlainPaths::new(states, rules, root)),
        }
    }
}

fn collect_paths(states: &[State], at: StateId, path: String, paths: &mut FastMap<Box<str>, StateId>) {
    let state = &states[at as usize];
    for (text, next) in state.statics() {
        collect_paths(states, next, format!("{path}/{text}"), paths);
    }
    if !state.rules.is_empty() {
        paths.insert(path.into(), at);
    }
}
