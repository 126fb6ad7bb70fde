//! From a rule's pieces to what Werkzeug's `Rule._parse_rule` leaves on the rule: its parts, trace, converters and
//! argument names, as Werkzeug's own objects. It must not know maps or how parts are matched.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PySet, PyString, PyTuple};

use super::werkzeug_types::Names;
use crate::routing::{Piece, Placeholder, push_pattern_escaped};

/// Takes the pieces of a rule's domain, then those of its path, and collects what they make.
pub(super) struct PartMaker<'a, 'py> {
    pub rule: &'a Bound<'py, PyAny>,
    pub names: &'a Names,
    pub arguments: Bound<'py, PySet>,
    pub parts: Bound<'py, PyList>,
    pub trace: Bound<'py, PyList>,
    pub converters: Bound<'py, PyDict>,
}

/// A part that is being put together.
struct Draft<'py> {
    /// Plain text while `is_static`, then a regular expression.
    content: String,
    is_static: bool,
    takes_rest: bool,
    text_weights: Bound<'py, PyList>,
    argument_weights: Bound<'py, PyList>,
}

impl<'py> Draft<'py> {
    fn new(py: Python<'py>) -> Self {
        Self {
            content: String::new(),
            is_static: true,
            takes_rest: false,
            text_weights: PyList::empty(py),
            argument_weights: PyList::empty(py),
        }
    }

    fn push_text(&mut self, text: &str) -> PyResult<()> {
        if self.is_static {
            self.content.push_str(text);
        } else {
            push_pattern_escaped(&mut self.content, text);
        }
        let letters = text.chars().count().cast_signed();
        self.text_weights.append((self.text_weights.len(), -letters))
    }

    fn push_converter(&mut self, converter: &Bound<'py, PyAny>) -> PyResult<()> {
        let py = converter.py();
        if self.is_static {
            let text = std::mem::take(&mut self.content);
            push_pattern_escaped(&mut self.content, &text);
            self.is_static = false;
        }
        self.takes_rest |= !converter.getattr(intern!(py, "part_isolating"))?.is_truthy()?;
        let regex = converter.getattr(intern!(py, "regex"))?.str()?;
        let number = self.argument_weights.len();
        self.content
            .push_str(&format!("(?P<__werkzeug_{number}>{})", regex.to_str()?));
        self.argument_weights.append(converter.getattr(intern!(py, "weight"))?)
    }

    fn weight(&self, names: &Names) -> PyResult<Bound<'py, PyAny>> {
        let texts = self.text_weights.len().cast_signed();
        let arguments = self.argument_weights.len().cast_signed();
        let weight = (-texts, &self.text_weights, -arguments, &self.argument_weights);
        names.weighting.bind(self.text_weights.py()).call1(weight)
    }
}

impl<'py> PartMaker<'_, 'py> {
    /// The parts of a domain or a path. What a converter or its look-up raises is raised.
    pub(super) fn add(&mut self, pieces: &[Piece<'_>]) -> PyResult<()> {
        let py = self.rule.py();
        let mut draft = Draft::new(py);
        for piece in pieces {
            match piece {
                Piece::Text(text) => {
                    self.trace.append((false, *text))?;
                    draft.push_text(text)?;
                }
                Piece::Placeholder(placeholder) => {
                    let converter = self.converter(placeholder)?;
                    draft.push_converter(&converter)?;
                    self.trace.append((true, placeholder.name))?;
                }
                Piece::Slash => {
                    self.trace.append((false, intern!(py, "/")))?;
                    if draft.takes_rest {
                        draft.content.push('/');
                    } else {
                        let done = std::mem::replace(&mut draft, Draft::new(py));
                        self.finish(done, false)?;
                    }
                }
            }
        }
        let suffixed = draft.takes_rest && draft.content.ends_with('/');
        if suffixed {
            draft.content.pop();
            draft.content.push_str("(?<!/)(/?)");
        }
        let weight = self.finish(draft, suffixed)?;
        if suffixed {
            // Where the slash leads that the part itself may do without.
            self.push_part("", [false, true, false], weight)?;
        }
        Ok(())
    }

    fn converter(&self, placeholder: &Placeholder<'_>) -> PyResult<Bound<'py, PyAny>> {
        let py = self.rule.py();
        let kind = PyString::new(py, placeholder.converter.unwrap_or("default"));
        let name = PyString::new(py, placeholder.name);
        let (positional, keywords) = match placeholder.arguments {
            None => (PyTuple::empty(py), PyDict::new(py)),
            Some(text) => self.names.parse_converter_args.bind(py).call1((text,))?.extract()?,
        };
        let converter = self
            .rule
            .call_method1(intern!(py, "get_converter"), (&name, kind, positional, keywords))?;
        self.converters.set_item(&name, &converter)?;
        self.arguments.add(&name)?;
        Ok(converter)
    }

    fn finish(&self, mut draft: Draft<'py>, suffixed: bool) -> PyResult<Bound<'py, PyAny>> {
        if !draft.is_static {
            draft.content.push_str(r"\Z");
        }
        let weight = draft.weight(self.names)?;
        let kind = [draft.takes_rest, draft.is_static, suffixed];
        self.push_part(&draft.content, kind, weight.clone())?;
        Ok(weight)
    }

    /// `kind`: whether it takes all that is left, is static, has a suffix.
    fn push_part(&self, content: &str, kind: [bool; 3], weight: Bound<'py, PyAny>) -> PyResult<()> {
        let [takes_rest, is_static, suffixed] = kind;
        let given = (content, takes_rest, is_static, suffixed, weight);
        self.parts
            .append(self.names.rule_part.bind(self.rule.py()).call1(given)?)
    }
}
