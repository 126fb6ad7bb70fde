//! The states that matching walks through: how they are put together, and the table of purely static paths derived from
//! them.
//!
//! The order of branches and rules is the caller's (it was sorted by weight where the rules live) and does not change.

use super::hash::FastMap;
use super::segment::Test;

/// Index of a state; the root is 0.
pub type StateId = u32;

/// What matching must know of a rule.
#[derive(Debug, Clone, Default)]
pub struct RuleTraits {
    /// Upper-case method names; `None` accepts every method.
    pub methods: Option<Box<[Box<str>]>>,
    pub websocket: bool,
    pub strict_slashes: bool,
    pub merge_slashes: bool,
}

impl RuleTraits {
    #[inline]
    pub(super) fn allows(&self, method: &str) -> bool {
        self.methods
            .as_ref()
            .is_none_or(|methods| methods.iter().any(|known| **known == *method))
    }
}

/// A dynamic transition.
#[derive(Debug)]
pub struct Branch {
    pub(super) test: Test,
    /// Number of the test, as [`super::Foreign`] receives it.
    pub(super) id: u32,
    /// Consumes everything that is left, slashes included.
    pub(super) takes_rest: bool,
    pub(super) suffixed: bool,
    pub(super) to: StateId,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) fixed: FastMap<Box<str>, StateId>,
    pub(super) branches: Vec<Branch>,
    pub(super) rules: Vec<u32>,
    /// The state behind an empty segment, that is behind a trailing slash.
    pub(super) slash: Option<StateId>,
}

/// Everything below one static domain.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) entry: StateId,
    /// Whole static paths. Statics are tried first in every state, so a rule found here is the rule the walk would find
    /// first.
    pub(super) paths: FastMap<Box<str>, StateId>,
}

/// A compiled, immutable set of rules.
#[derive(Debug, Default)]
pub struct Matcher {
    pub(super) states: Vec<State>,
    pub(super) sites: FastMap<Box<str>, Site>,
    pub(super) rules: Vec<RuleTraits>,
}

impl Matcher {
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
        if let Some(known) = self.state(from).fixed.get(text) {
            return *known;
        }
        let to = self.new_state();
        let state = self.state(from);
        state.fixed.insert(text.into(), to);
        if text.is_empty() {
            state.slash = Some(to);
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
        let mut sites = FastMap::default();
        for (domain, entry) in &self.states[Self::ROOT as usize].fixed {
            let mut paths = FastMap::default();
            for (text, state) in &self.states[*entry as usize].fixed {
                collect_paths(&self.states, *state, text.to_string(), &mut paths);
            }
            sites.insert(domain.clone(), Site { entry: *entry, paths });
        }
        Matcher {
            states: self.states,
            sites,
            rules,
        }
    }
}

fn collect_paths(states: &[State], at: StateId, path: String, paths: &mut FastMap<Box<str>, StateId>) {
    let state = &states[at as usize];
    for (text, next) in &state.fixed {
        collect_paths(states, *next, format!("{path}/{text}"), paths);
    }
    if !state.rules.is_empty() {
        paths.insert(path.into(), at);
    }
}
