//! Why a source is no program.

/// What was not understood, and in which line; 0 where a statement has still to say which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub line: u32,
    pub what: String,
}

impl Refusal {
    pub fn new(line: u32, what: impl Into<String>) -> Self {
        Self {
            line,
            what: what.into(),
        }
    }
}
