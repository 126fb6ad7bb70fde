//! The states that matching walks through, and what it must know of the rules that end in them.
//!
//! It must not know how they are put together.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::segment::Test;

/// A map keyed by text. Only the application adds to it, so nobody can flood it, and its hash needs no secret.
pub(super) type FastMap<K, V> = HashMap<K, V, FixedState>;

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
    /// Behind each static text but the empty one.
    pub(super) fixed: FastMap<Box<str>, StateId>,
    /// The state behind an empty segment, that is behind a trailing slash.
    pub(super) slash: Option<StateId>,
    pub(super) branches: Vec<Branch>,
    pub(super) rules: Vec<u32>,
}

impl State {
    /// The state behind a static segment.
    #[inline]
    pub(super) fn behind(&self, segment: &str) -> Option<StateId> {
        // An empty text is never looked up, since comparing two is dear: see `text::same`.
        if segment.is_empty() {
            self.slash
        } else {
            self.fixed.get(segment).copied()
        }
    }

    /// Every static segment, with the state behind it.
    pub(super) fn statics(&self) -> impl Iterator<Item = (&str, StateId)> {
        let slash = self.slash.map(|to| ("", to));
        slash
            .into_iter()
            .chain(self.fixed.iter().map(|(text, to)| (&**text, *to)))
    }
}
