//! One dynamic segment of a rule: fixed text around one or several placeholders, compiled from the pattern text that
//! the rule's own parser made. Knows nothing of rules, states or Python; a pattern it doesn't know is
//! [`Test::Foreign`].

use regex::Regex;

use super::converter::{Shape, take_literal};

const GROUP_START: &str = "(?P<__werkzeug_";
const END: &str = r"\Z";
/// What follows the pattern of a slash-eating placeholder when its rule ends with a slash.
const OPTIONAL_SLASH_END: &str = r"(?<!/)(/?)\Z";

/// How a segment met its test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    No,
    Whole,
    /// Fits, and the text ended with the slash that a suffixed segment may have.
    WithSlash,
}

/// The test of one segment.
#[derive(Debug)]
pub enum Test {
    /// One placeholder between two fixed texts: there is only one way to cut it.
    Sole {
        prefix: Box<str>,
        shape: Shape,
        suffix: Box<str>,
    },
    /// Several placeholders, each a group of one anchored expression.
    Several { regex: Regex, ascii_only: bool },
    /// A pattern for Python's `re` alone.
    Foreign,
}

enum SegmentPart {
    Literal(String),
    Group(Shape),
}

impl Test {
    /// Compiles a segment's pattern text; `suffixed` says that it ends in an optional slash.
    pub fn compile(content: &str, suffixed: bool) -> Self {
        let end = if suffixed { OPTIONAL_SLASH_END } else { END };
        let Some(pieces) = content.strip_suffix(end).and_then(parse_pieces) else {
            return Self::Foreign;
        };
        let groups = pieces
            .iter()
            .filter(|piece| matches!(piece, SegmentPart::Group(_)))
            .count();
        match groups {
            0 => Self::Foreign,
            1 => sole(pieces),
            _ => several(&pieces),
        }
    }

    /// What the placeholder accepts, if the segment is one placeholder and nothing else.
    pub(super) fn lone(&self) -> Option<&Shape> {
        match self {
            Self::Sole { prefix, shape, suffix } if prefix.is_empty() && suffix.is_empty() => Some(shape),
            _ => None,
        }
    }

    /// Tests `target` and appends the captured texts, in order. `None`: Python has to decide (nothing was appended).
    #[inline]
    pub fn fit<'p>(&self, target: &'p str, suffixed: bool, values: &mut Vec<&'p str>) -> Option<Fit> {
        if matches!(self, Self::Foreign) {
            return None;
        }
        let (body, fit) = if suffixed {
            cut_slash(target)
        } else {
            (target, Fit::Whole)
        };
        if fit == Fit::No {
            return Some(Fit::No);
        }
        let fits = match self {
            Self::Sole { prefix, shape, suffix } => {
                let Some(inner) = between(body, prefix, suffix) else {
                    return Some(Fit::No);
                };
                shape.accepts(inner)? && {
                    values.push(inner);
                    true
                }
            }
            Self::Several { ascii_only, .. } if *ascii_only && !body.is_ascii() => return None,
            Self::Several { regex, .. } => capture(regex, body, values),
            Self::Foreign => return None,
        };
        Some(if fits { fit } else { Fit::No })
    }
}

/// What stands between two fixed texts. Empty ones are not compared: see `text::same`.
#[inline]
fn between<'p>(body: &'p str, prefix: &str, suffix: &str) -> Option<&'p str> {
    let rest = if prefix.is_empty() {
        body
    } else {
        body.strip_prefix(prefix)?
    };
    if suffix.is_empty() {
        Some(rest)
    } else {
        rest.strip_suffix(suffix)
    }
}

/// Takes off the one slash that `(?<!/)(/?)\Z` may eat. Two slashes at the end never fit.
fn cut_slash(target: &str) -> (&str, Fit) {
    match target.strip_suffix('/') {
        Some(body) if body.ends_with('/') => (body, Fit::No),
        Some(body) => (body, Fit::WithSlash),
        None => (target, Fit::Whole),
    }
}

fn capture<'p>(regex: &Regex, body: &'p str, values: &mut Vec<&'p str>) -> bool {
    let Some(captures) = regex.captures(body) else {
        return false;
    };
    values.extend(
        captures
            .iter()
            .skip(1)
            .map(|group| group.map_or("", |found| found.as_str())),
    );
    true
}

fn sole(pieces: Vec<SegmentPart>) -> Test {
    let (mut prefix, mut suffix, mut shape) = (String::new(), String::new(), None);
    for piece in pieces {
        match piece {
            SegmentPart::Group(found) => shape = Some(found),
            SegmentPart::Literal(text) if shape.is_none() => prefix = text,
            SegmentPart::Literal(text) => suffix = text,
        }
    }
    shape.map_or(Test::Foreign, |shape| Test::Sole {
        prefix: prefix.into(),
        shape,
        suffix: suffix.into(),
    })
}

fn several(pieces: &[SegmentPart]) -> Test {
    let mut pattern = String::from(r"\A");
    let mut ascii_only = false;
    for piece in pieces {
        match piece {
            SegmentPart::Literal(text) => pattern.push_str(&regex::escape(text)),
            SegmentPart::Group(shape) => {
                ascii_only |= shape.counts_digits();
                pattern.push('(');
                shape.push_regex(&mut pattern);
                pattern.push(')');
            }
        }
    }
    pattern.push_str(r"\z");
    // Too large an expression is no error: Python's engine takes it.
    Regex::new(&pattern).map_or(Test::Foreign, |regex| Test::Several { regex, ascii_only })
}

/// Splits a pattern into literals and numbered groups; `None` if anything in it is unknown.
fn parse_pieces(mut pattern: &str) -> Option<Vec<SegmentPart>> {
    let (mut pieces, mut literal, mut groups) = (Vec::new(), String::new(), 0_usize);
    while !pattern.is_empty() {
        let Some(after) = pattern.strip_prefix(GROUP_START) else {
            pattern = take_literal(pattern, &mut literal)?;
            continue;
        };
        let (number, after) = after.split_once('>')?;
        if number.parse() != Ok(groups) {
            return None;
        }
        groups += 1;
        if !literal.is_empty() {
            pieces.push(SegmentPart::Literal(std::mem::take(&mut literal)));
        }
        let end = group_end(after)?;
        pieces.push(SegmentPart::Group(Shape::parse(&after[..end])?));
        pattern = &after[end + 1..];
    }
    if !literal.is_empty() {
        pieces.push(SegmentPart::Literal(literal));
    }
    Some(pieces)
}

/// Where the parenthesis that closes the current group stands.
fn group_end(pattern: &str) -> Option<usize> {
    let (mut depth, mut in_class, mut escaped) = (0_usize, false, false);
    for (at, byte) in pattern.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b']' => in_class = false,
            _ if in_class => {}
            b'[' => in_class = true,
            b'(' => depth += 1,
            b')' if depth == 0 => return Some(at),
            b')' => depth -= 1,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<'p>(content: &str, suffixed: bool, target: &'p str) -> (Option<Fit>, Vec<&'p str>) {
        let mut values = Vec::new();
        let fit = Test::compile(content, suffixed).fit(target, suffixed, &mut values);
        (fit, values)
    }

    const TEXT: &str = r"(?P<__werkzeug_0>[^/]{1,})\Z";
    const NUMBERED: &str = r"v(?P<__werkzeug_0>\d+)\.json\Z";
    const TEXT_AND_NUMBER: &str = r"(?P<__werkzeug_0>[^/]{1,})\-(?P<__werkzeug_1>\d+)\Z";
    const WORD_AND_TEXT: &str = r"(?P<__werkzeug_0>(?:a|ab))(?P<__werkzeug_1>[^/]{1,})\Z";
    const EDIT: &str = r"(?P<__werkzeug_0>[^/].*?)/edit\Z";
    const TWO_PATHS: &str = r"(?P<__werkzeug_0>[^/].*?)/(?P<__werkzeug_1>[^/].*?)\Z";
    const BRANCH: &str = r"(?P<__werkzeug_0>[^/].*?)(?<!/)(/?)\Z";

    #[test]
    fn cuts_at_the_placeholders() {
        let fits: [(&str, &str, &[&str]); 6] = [
            (TEXT, "ada", &["ada"]),
            (NUMBERED, "v12.json", &["12"]),
            (TEXT_AND_NUMBER, "a-b-7", &["a-b", "7"]),
            (WORD_AND_TEXT, "abc", &["a", "bc"]),
            (EDIT, "a/b/edit", &["a/b"]),
            (TWO_PATHS, "a/b/c", &["a", "b/c"]),
        ];
        for (content, target, values) in fits {
            assert_eq!(
                run(content, false, target),
                (Some(Fit::Whole), values.to_vec()),
                "{content} on {target:?}"
            );
        }
        for (content, target) in [
            (NUMBERED, "v.json"),
            (r"ab(?P<__werkzeug_0>[^/]{0,})b\Z", "ab"),
            (EDIT, "/edit"),
        ] {
            assert_eq!(
                run(content, false, target),
                (Some(Fit::No), vec![]),
                "{content} on {target:?}"
            );
        }
    }

    #[test]
    fn eats_one_slash_at_most() {
        assert_eq!(run(BRANCH, true, "a/b/"), (Some(Fit::WithSlash), vec!["a/b"]));
        assert_eq!(run(BRANCH, true, "a/b"), (Some(Fit::Whole), vec!["a/b"]));
        assert_eq!(run(BRANCH, true, "a//"), (Some(Fit::No), vec![]));
    }

    #[test]
    fn leaves_the_rest_to_python() {
        let odd_class = r"(?P<__werkzeug_0>\d+)(?P<__werkzeug_1>[)]+)\Z";
        for (content, target) in [
            (TEXT_AND_NUMBER, "a-٣"),
            (r"(?P<__werkzeug_0>[a-z]+)\Z", "abc"),
            (odd_class, "1)"),
            (BRANCH, "a"),
        ] {
            assert_eq!(run(content, false, target), (None, vec![]), "{content} on {target:?}");
        }
    }
}
