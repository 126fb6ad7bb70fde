//! Walks Python objects and writes JSON text, with the type rules of CPython's own encoder.
//!
//! Order of the rules: exact builtin types first (fast), then their subclasses by content, then `default`. Where the
//! encoder with and without `indent` disagree about a subclass, or a rule would need Python's comparison, the writer
//! stops with [`Halt::Unserved`]. What doesn't recurse is not inlined: 500 levels must fit a thread's small stack.

use std::cell::Cell;
use std::cmp::Ordering;
use std::ops::Range;

use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple};
use pyo3::{PyTypeInfo, intern};

use super::defaults::{self, Replacement};
use crate::engine::ffi;
use crate::json::{escape, number};

/// How many lists and dicts may be open at once.
const MAX_DEPTH: usize = 500;

/// How the text looks: the arguments of `json.dumps` that the default provider uses.
#[derive(Clone, Copy)]
pub struct DumpOptions<'a, 'py> {
    pub ensure_ascii: bool,
    pub sort_keys: bool,
    /// `separators=(",", ":")`.
    pub compact: bool,
    /// Blanks per level; `None` writes everything on one line.
    pub indent: Option<usize>,
    /// Called for objects that JSON doesn't know; `None` means flask's own rules.
    pub default: Option<&'a Bound<'py, PyAny>>,
}

impl DumpOptions<'_, '_> {
    /// What a response outside debug mode and a session cookie are written with.
    pub const COMPACT: Self = Self {
        ensure_ascii: true,
        sort_keys: true,
        compact: true,
        indent: None,
        default: None,
    };
}

/// Why there is no (complete) text or value.
pub enum Halt {
    /// A case that is Python's.
    Unserved,
    /// Something called on the way raised.
    Raised(PyErr),
}

impl From<PyErr> for Halt {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

pub type Written = Result<(), Halt>;

/// Leaves it to Python unless this holds.
fn served_if(holds: bool) -> Written {
    if holds { Ok(()) } else { Err(Halt::Unserved) }
}

/// How the members of a list or dict are written: [`JsonWriter::value`], or the session's tagging form of it.
pub type Member<'a, 'py> = fn(&mut JsonWriter<'a, 'py>, &Bound<'py, PyAny>) -> Written;

type Pair<'py> = (Bound<'py, PyAny>, Bound<'py, PyAny>);

pub struct JsonWriter<'a, 'py> {
    py: Python<'py>,
    options: &'a DumpOptions<'a, 'py>,
    out: Vec<u8>,
    /// Brackets that are open: what a line is indented by.
    level: usize,
    /// Calls that are open: the brackets, and the objects that `default` replaced.
    depth: usize,
    /// The pairs of all dicts that are being written, the innermost dict's last. Copied out of the dict first, because
    /// `default` may change it.
    entries: Vec<Pair<'py>>,
}

impl<'a, 'py> JsonWriter<'a, 'py> {
    #[must_use]
    pub fn new(py: Python<'py>, options: &'a DumpOptions<'a, 'py>) -> Self {
        Self {
            py,
            options,
            out: Vec::with_capacity(256),
            level: 0,
            depth: 0,
            entries: Vec::with_capacity(16),
        }
    }

    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Text that is JSON already.
    pub fn raw(&mut self, json: &[u8]) {
        self.out.extend_from_slice(json);
    }

    pub fn text(&mut self, text: &str) {
        if self.options.ensure_ascii {
            escape::write_ascii(text, &mut self.out);
        } else {
            escape::write_unicode(text, &mut self.out);
        }
    }

    pub fn value(&mut self, obj: &Bound<'py, PyAny>) -> Written {
        if let Ok(text) = obj.cast_exact::<PyString>() {
            self.text(text.to_str()?);
        } else if let Ok(number) = obj.cast_exact::<PyInt>() {
            self.integer(number)?;
        } else if let Ok(dict) = obj.cast_exact::<PyDict>() {
            self.dict(dict, Self::value)?;
        } else if let Ok(list) = obj.cast_exact::<PyList>() {
            self.items(list.iter(), Self::value)?;
        } else if obj.is_none() {
            self.raw(b"null");
        } else if let Ok(truth) = obj.cast_exact::<PyBool>() {
            self.raw(if truth.is_true() { b"true" } else { b"false" });
        } else if let Ok(number) = obj.cast_exact::<PyFloat>() {
            number::write_float(number.value(), &mut self.out);
        } else if let Ok(tuple) = obj.cast_exact::<PyTuple>() {
            self.items(tuple.iter(), Self::value)?;
        } else {
            self.subclass_or_other(obj)?;
        }
        Ok(())
    }

    /// Subclasses of the builtin types count by what they hold, whatever methods they override; only a dict's
    /// `items()` is called, and the iterator of a list or tuple.
    #[inline(never)]
    fn subclass_or_other(&mut self, obj: &Bound<'py, PyAny>) -> Written {
        if let Ok(text) = obj.cast::<PyString>() {
            self.text(text.to_str()?);
        } else if let Ok(number) = obj.cast::<PyInt>() {
            self.integer(number)?;
        } else if let Ok(number) = obj.cast::<PyFloat>() {
            number::write_float(number.value(), &mut self.out);
        } else if let Ok(list) = obj.cast::<PyList>() {
            self.only_on_one_line()?;
            served_if(ffi::has_iterator_of(obj, &PyList::type_object(obj.py())))?;
            self.items(list.iter(), Self::value)?;
        } else if let Ok(tuple) = obj.cast::<PyTuple>() {
            self.only_on_one_line()?;
            served_if(ffi::has_iterator_of(obj, &PyTuple::type_object(obj.py())))?;
            self.items(tuple.iter(), Self::value)?;
        } else if let Ok(dict) = obj.cast::<PyDict>() {
            self.only_on_one_line()?;
            self.dict(dict, Self::value)?;
        } else {
            self.other(obj)?;
        }
        Ok(())
    }

    /// With `indent`, Python's encoder iterates subclasses through their own methods.
    fn only_on_one_line(&self) -> Written {
        served_if(self.options.indent.is_none())
    }

    #[inline(never)]
    fn other(&mut self, obj: &Bound<'py, PyAny>) -> Written {
        let replacement = match self.options.default {
            Some(default) => Replacement::Object(default.call1((obj,))?),
            None => defaults::replacement(obj)?,
        };
        self.enter()?;
        match replacement {
            Replacement::Text(text) => self.text(&text),
            Replacement::Object(object) => self.value(&object)?,
        }
        self.depth -= 1;
        Ok(())
    }

    #[inline(never)]
    fn integer(&mut self, number: &Bound<'py, PyInt>) -> Written {
        if let Ok(small) = number.extract::<i64>() {
            number::write_int(small, &mut self.out);
            return Ok(());
        }
        // `int.__repr__`, not the subclass's: that is what the encoder uses, and it knows the limit on digits.
        let repr = self
            .py
            .get_type::<PyInt>()
            .call_method1(intern!(self.py, "__repr__"), (number,))?;
        self.out
            .extend_from_slice(repr.cast::<PyString>().map_err(PyErr::from)?.to_str()?.as_bytes());
        Ok(())
    }

    /// A JSON array of the items.
    pub fn items(&mut self, items: impl Iterator<Item = Bound<'py, PyAny>>, member: Member<'a, 'py>) -> Written {
        self.open(b'[')?;
        let mut any = false;
        for item in items {
            self.separate(any);
            any = true;
            member(self, &item)?;
        }
        self.close(any, b']');
        Ok(())
    }

    /// A JSON object of the dict's pairs, sorted if the options say so.
    pub fn dict(&mut self, dict: &Bound<'py, PyDict>, member: Member<'a, 'py>) -> Written {
        if dict.is_empty() {
            self.raw(b"{}");
            return Ok(());
        }
        let pairs = self.take_pairs(dict)?;
        if self.options.sort_keys && pairs.len() > 1 {
            sort(&mut self.entries[pairs.clone()])?;
        }
        self.open(b'{')?;
        for at in pairs.clone() {
            self.separate(at > pairs.start);
            let (key, value) = self.entries[at].clone();
            self.key(&key)?;
            self.raw(if self.options.compact { b":" } else { b": " });
            member(self, &value)?;
        }
        self.entries.truncate(pairs.start);
        self.close(!pairs.is_empty(), b'}');
        Ok(())
    }

    #[inline(never)]
    fn take_pairs(&mut self, dict: &Bound<'py, PyDict>) -> Result<Range<usize>, Halt> {
        let start = self.entries.len();
        if dict.is_exact_instance_of::<PyDict>() {
            self.entries.extend(dict.iter());
        } else {
            for pair in dict.call_method0(intern!(self.py, "items"))?.try_iter()? {
                let pair = pair?.cast_into_exact::<PyTuple>().map_err(|_| Halt::Unserved)?;
                self.entries.push(pair.extract()?);
            }
        }
        Ok(start..self.entries.len())
    }

    #[inline(never)]
    fn key(&mut self, key: &Bound<'py, PyAny>) -> Written {
        if let Ok(text) = key.cast::<PyString>() {
            self.text(text.to_str()?);
            return Ok(());
        }
        self.out.push(b'"');
        if let Ok(number) = key.cast::<PyFloat>() {
            number::write_float(number.value(), &mut self.out);
        } else if key.is_none() {
            self.raw(b"null");
        } else if let Ok(truth) = key.cast::<PyBool>() {
            self.raw(if truth.is_true() { b"true" } else { b"false" });
        } else if let Ok(number) = key.cast::<PyInt>() {
            self.integer(number)?;
        } else {
            return Err(Halt::Unserved);
        }
        self.out.push(b'"');
        Ok(())
    }

    /// Counts a level. A structure that contains itself ends here too, and Python then says that it is circular.
    fn enter(&mut self) -> Written {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            Err(Halt::Unserved)
        } else {
            Ok(())
        }
    }

    fn open(&mut self, bracket: u8) -> Written {
        self.enter()?;
        self.level += 1;
        self.out.push(bracket);
        Ok(())
    }

    /// What goes before a member.
    fn separate(&mut self, after_another: bool) {
        match (after_another, self.options.indent) {
            (true, None) if !self.options.compact => self.raw(b", "),
            (true, _) => self.raw(b","),
            (false, _) => {}
        }
        self.line_break();
    }

    fn close(&mut self, any: bool, bracket: u8) {
        self.depth -= 1;
        self.level -= 1;
        if any {
            self.line_break();
        }
        self.out.push(bracket);
    }

    fn line_break(&mut self) {
        if let Some(width) = self.options.indent {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + width * self.level, b' ');
        }
    }
}

/// Sorts by key as Python sorts the pairs: text by code point (which is the order of its UTF-8), small integers by
/// size. Everything that needs Python's own comparison is unserved.
#[inline(never)]
fn sort(pairs: &mut [Pair<'_>]) -> Written {
    let equal = Cell::new(false);
    let noted = |order: Ordering| {
        equal.set(equal.get() || order.is_eq());
        order
    };
    if pairs.iter().all(|(key, _)| text_of(key).is_some()) {
        pairs.sort_by(|(left, _), (right, _)| noted(text_of(left).cmp(&text_of(right))));
    } else if pairs.iter().all(|(key, _)| small_int_of(key).is_some()) {
        pairs.sort_by(|(left, _), (right, _)| noted(small_int_of(left).cmp(&small_int_of(right))));
    } else {
        return Err(Halt::Unserved);
    }
    // Python would go on to compare the values. Only a dict subclass has equal keys.
    if equal.get() { Err(Halt::Unserved) } else { Ok(()) }
}

fn text_of<'k>(key: &'k Bound<'_, PyAny>) -> Option<&'k str> {
    key.cast_exact::<PyString>().ok()?.to_str().ok()
}

fn small_int_of(key: &Bound<'_, PyAny>) -> Option<i64> {
    key.cast_exact::<PyInt>().ok()?.extract().ok()
}
