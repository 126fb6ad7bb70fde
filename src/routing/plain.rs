//! The first resort of matching: a radix tree (`matchit`) over the plain shapes of one site's rules.
//!
//! A plain shape has segments that are each static or one placeholder alone, and no place in it takes two kinds of
//! placeholder. For those the radix tree tries the same things in the same order as the state machine: static text
//! before a placeholder, with backtracking. It can't say the rest (texts around a placeholder, several kinds in one
//! place, placeholders that eat slashes or nothing), so wherever the state machine might find more, the tree has a branch
//! that says so, in the order of that place. A path leads to a *state*, never to an answer, and the state machine is the
//! judge of every path that is not in the tree, that a placeholder refuses, or whose state has no rule for the method. It
//! alone redirects. Knows no methods.

use matchit::Router;

use super::converter::Shape;
use crate::routing::states::{Branch, RuleTraits, State, StateId};

/// `matchit` panics at the 26th placeholder of a path.
const MAX_PLACEHOLDERS: usize = 25;

/// The tree of one site.
#[derive(Debug, Default)]
pub(super) struct PlainPaths {
    /// `None`: the state machine has to look.
    tree: Router<Option<Ending>>,
}

/// Where a path has led, all of it consumed.
#[derive(Debug)]
struct Ending {
    state: StateId,
    /// What the placeholders on the way accept, in their order.
    shapes: Box<[Shape]>,
}

impl PlainPaths {
    /// Reads the states below `root`, the one behind a path's leading slash. `None`: they make no tree.
    pub(super) fn new(states: &[State], rules: &[RuleTraits], root: StateId) -> Option<Self> {
        let mut growth = Growth {
            states,
            rules,
            shapes: Vec::new(),
            tree: Router::new(),
        };
        growth.grow(root, String::new())?;
        Some(Self { tree: growth.tree })
    }

    /// The state that `path` leads to, and the texts of the placeholders on the way.
    #[inline]
    pub(super) fn find<'p>(&self, path: &'p str) -> Option<(StateId, Vec<&'p str>)> {
        let found = self.tree.at(path).ok()?;
        let ending = found.value.as_ref()?;
        let mut values = Vec::with_capacity(ending.shapes.len());
        for (shape, (_, text)) in ending.shapes.iter().zip(found.params.iter()) {
            if shape.accepts(text) != Some(true) {
                return None;
            }
            values.push(text);
        }
        Some((ending.state, values))
    }
}

/// A tree under construction.
struct Growth<'s> {
    states: &'s [State],
    rules: &'s [RuleTraits],
    /// Of the placeholders on the way to the current state.
    shapes: Vec<Shape>,
    tree: Router<Option<Ending>>,
}

impl Growth<'_> {
    /// Inserts a state whose path has the spelling `route`, and all below it. `None`: `matchit` refuses.
    fn grow(&mut self, at: StateId, route: String) -> Option<()> {
        let states = self.states;
        let state = &states[at as usize];
        if self.ends(state) && !route.is_empty() {
            let ending = || Ending {
                state: at,
                shapes: self.shapes.clone().into(),
            };
            self.insert(&route, (!state.rules.is_empty()).then(ending))?;
        }
        for (text, next) in state.statics() {
            let text = text.replace('{', "{{").replace('}', "}}");
            self.grow(next, format!("{route}/{text}"))?;
        }
        let placeholder = match &state.branches[..] {
            [branch] if self.shapes.len() < MAX_PLACEHOLDERS => plain(branch),
            _ => None,
        };
        if let Some((shape, next)) = placeholder {
            let name = self.shapes.len();
            self.shapes.push(shape.clone());
            self.grow(next, format!("{route}/{{{name}}}"))?;
            self.shapes.pop();
        } else if !state.branches.is_empty() {
            self.insert(&format!("{route}/{{*rest}}"), None)?;
        }
        // Behind one more slash, where that leads to no end: a lenient rule, a branch that takes an empty text.
        let slash_ends = state.slash.is_some_and(|slash| self.ends(&states[slash as usize]));
        let lenient = |id: &u32| !self.rules[*id as usize].strict_slashes;
        let may_end = state.rules.iter().any(lenient) || (placeholder.is_none() && !state.branches.is_empty());
        if may_end && !slash_ends {
            self.insert(&format!("{route}/"), None)?;
        }
        Some(())
    }

    /// Whether a path may end here: a rule does, or one that ends with another slash.
    fn ends(&self, state: &State) -> bool {
        let has_rules = |id: StateId| !self.states[id as usize].rules.is_empty();
        !state.rules.is_empty() || state.slash.is_some_and(has_rules)
    }

    fn insert(&mut self, route: &str, ending: Option<Ending>) -> Option<()> {
        self.tree.insert(route, ending).ok()
    }
}

/// The shape of a branch that is one placeholder alone, which takes neither a slash nor nothing.
fn plain(branch: &Branch) -> Option<(&Shape, StateId)> {
    let shape = branch.test.lone()?;
    let takes_nothing = shape.accepts("") != Some(false);
    (!branch.takes_rest && !branch.suffixed && !takes_nothing && *shape != Shape::Path).then_some((shape, branch.to))
}
