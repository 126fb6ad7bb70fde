//! Segments that only Python's `re` can judge: an odd expression of a custom converter, or digits outside ASCII.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use super::werkzeug_types::names;
use crate::routing::{Fit, Foreign};

const GROUP_PREFIX: &str = "__werkzeug_";

/// One segment's pattern text, compiled by Python when it is first needed.
pub(super) struct Pattern {
    content: Box<str>,
    suffixed: bool,
    compiled: PyOnceLock<CompiledPattern>,
}

struct CompiledPattern {
    /// `pattern.match`.
    matcher: Py<PyAny>,
    /// Indexes of the placeholders' groups, in the order of their numbers.
    groups: Vec<usize>,
    /// Index of the last group of all, the optional slash of a suffixed segment.
    last: usize,
}

/// Why a match was given up.
pub(super) enum RegexStop {
    Raised(PyErr),
    /// Let Werkzeug decide.
    Unsure,
}

impl From<PyErr> for RegexStop {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

/// The tests of a snapshot, with Python attached.
pub(super) struct Patterns<'a, 'py> {
    pub py: Python<'py>,
    pub list: &'a [Pattern],
}

/// Without Python every foreign test is unknown.
pub(super) struct Detached;

impl Foreign for Detached {
    type Error = ();
    fn fit<'p>(&self, _: u32, _: &'p str, _: &mut Vec<&'p str>) -> Result<Fit, ()> {
        Err(())
    }
}

impl Foreign for Patterns<'_, '_> {
    type Error = RegexStop;
    fn fit<'p>(&self, test: u32, target: &'p str, values: &mut Vec<&'p str>) -> Result<Fit, RegexStop> {
        self.list[test as usize].fit(self.py, target, values)
    }
}

impl Pattern {
    pub(super) fn new(content: &str, suffixed: bool) -> Self {
        Self {
            content: content.into(),
            suffixed,
            compiled: PyOnceLock::new(),
        }
    }

    fn fit<'p>(&self, py: Python<'_>, target: &'p str, values: &mut Vec<&'p str>) -> Result<Fit, RegexStop> {
        let compiled = self.compiled.get_or_try_init(py, || compile(py, &self.content))?;
        let found = compiled.matcher.bind(py).call1((target,))?;
        if found.is_none() {
            return Ok(Fit::No);
        }
        let span = |group: usize| -> Result<&'p str, RegexStop> {
            let ends: (isize, isize) = found.call_method1(intern!(py, "span"), (group,))?.extract()?;
            // A group that took no part is `None` to the converter, which a slice can't say.
            slice(target, ends).ok_or(RegexStop::Unsure)
        };
        let with_slash = self.suffixed && span(compiled.last)? == "/";
        for group in &compiled.groups {
            values.push(span(*group)?);
        }
        Ok(if with_slash { Fit::WithSlash } else { Fit::Whole })
    }
}

fn compile(py: Python<'_>, content: &str) -> PyResult<CompiledPattern> {
    let pattern = names(py)?.re_compile.bind(py).call1((content,))?;
    let mut numbered: Vec<(usize, usize)> = Vec::new();
    // `groupindex` is a mapping proxy.
    let index = PyDict::new(py);
    index.update(pattern.getattr("groupindex")?.cast()?)?;
    for (name, group) in index {
        let name: String = name.extract()?;
        if let Some(number) = name.strip_prefix(GROUP_PREFIX) {
            numbered.push((number.parse().map_err(|_| crate_bug(&name))?, group.extract()?));
        }
    }
    numbered.sort_unstable();
    Ok(CompiledPattern {
        matcher: pattern.getattr("match")?.unbind(),
        groups: numbered.into_iter().map(|(_, group)| group).collect(),
        last: pattern.getattr("groups")?.extract()?,
    })
}

fn crate_bug(name: &str) -> PyErr {
    pyo3::exceptions::PyValueError::new_err(format!(
        "converter group {name:?} has no number; rename it in the converter's regex"
    ))
}

/// Python counts code points, slices count bytes.
fn slice(target: &str, (start, end): (isize, isize)) -> Option<&str> {
    let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
    if target.is_ascii() {
        return target.get(start..end);
    }
    let byte = |position: usize| {
        target
            .char_indices()
            .map(|(at, _)| at)
            .chain([target.len()])
            .nth(position)
    };
    target.get(byte(start)?..byte(end)?)
}
