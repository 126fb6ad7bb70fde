//! What a placeholder accepts: the regular expressions of the built-in converters, known by their text and tested by
//! hand.
//!
//! A converter of the user's own that keeps one of these expressions is served as well, since the text is all that
//! decides. Turning the accepted text into a value is the binding's work.

/// Repetition limits beyond this are left to Python's engine.
const REPEAT_LIMIT: usize = 4096;

const UUID_REGEX: &str = "[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}";

/// The language of one placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// `[^/]{min,max}`: characters other than a slash, counted as code points.
    Text { min: usize, max: Option<usize> },
    /// `\d+`, with an optional minus sign.
    Digits { signed: bool },
    /// `\d+\.\d+`, with an optional minus sign.
    Decimal { signed: bool },
    /// A UUID in its dashed form.
    Uuid,
    /// One of the listed words.
    OneOf(Box<[Box<str>]>),
    /// `[^/].*?`: anything that doesn't start with a slash and, after its first character, has no line feed.
    Path,
}

impl Shape {
    /// Reads a converter's regular expression; `None` if it is none of the built-in ones.
    pub fn parse(regex: &str) -> Option<Self> {
        match regex {
            "[^/]+" => Some(Self::Text { min: 1, max: None }),
            r"\d+" => Some(Self::Digits { signed: false }),
            r"-?\d+" => Some(Self::Digits { signed: true }),
            r"\d+\.\d+" => Some(Self::Decimal { signed: false }),
            r"-?\d+\.\d+" => Some(Self::Decimal { signed: true }),
            "[^/].*?" => Some(Self::Path),
            UUID_REGEX => Some(Self::Uuid),
            _ => parse_repeat(regex).or_else(|| parse_words(regex)),
        }
    }

    /// Whether the whole of `text` is accepted. `None`: a digit test on text that isn't ASCII, where `\d` is Unicode's
    /// business.
    #[inline]
    pub fn accepts(&self, text: &str) -> Option<bool> {
        let bytes = text.as_bytes();
        match self {
            Self::Text { min, max } => Some(memchr::memchr(b'/', bytes).is_none() && length_within(text, *min, *max)),
            Self::Digits { signed } => text.is_ascii().then(|| all_digits(unsigned(bytes, *signed))),
            Self::Decimal { signed } => text.is_ascii().then(|| is_decimal(unsigned(bytes, *signed))),
            Self::Uuid => Some(is_uuid(bytes)),
            Self::OneOf(words) => Some(words.iter().any(|word| **word == *text)),
            Self::Path => Some(is_path(text)),
        }
    }

    /// True if ASCII text is all that this shape can judge.
    pub fn counts_digits(&self) -> bool {
        matches!(self, Self::Digits { .. } | Self::Decimal { .. })
    }

    /// Appends the same language in the `regex` crate's dialect, for segments with several placeholders.
    pub fn push_regex(&self, out: &mut String) {
        match self {
            Self::Text { min, max: None } => out.push_str(&format!("[^/]{{{min},}}")),
            Self::Text { min, max: Some(max) } => out.push_str(&format!("[^/]{{{min},{max}}}")),
            Self::Digits { signed } => out.push_str(if *signed { "-?[0-9]+" } else { "[0-9]+" }),
            Self::Decimal { signed } => out.push_str(if *signed {
                r"-?[0-9]+\.[0-9]+"
            } else {
                r"[0-9]+\.[0-9]+"
            }),
            Self::Uuid => out.push_str(UUID_REGEX),
            Self::OneOf(words) => {
                let escaped: Vec<String> = words.iter().map(|word| regex::escape(word)).collect();
                out.push_str(&format!("(?:{})", escaped.join("|")));
            }
            Self::Path => out.push_str("[^/].*?"),
        }
    }
}

/// `[^/]{n}`, `[^/]{m,}`, `[^/]{m,n}`.
fn parse_repeat(regex: &str) -> Option<Shape> {
    let limits = regex.strip_prefix("[^/]{")?.strip_suffix('}')?;
    let number = |text: &str| -> Option<usize> {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        plain
            .then(|| text.parse().ok())
            .flatten()
            .filter(|value| *value <= REPEAT_LIMIT)
    };
    let (min, max) = match limits.split_once(',') {
        None => {
            let exact = number(limits)?;
            (exact, Some(exact))
        }
        Some((min, "")) => (number(min)?, None),
        Some((min, max)) => (number(min)?, Some(number(max)?)),
    };
    // An upside-down range is an error in Python's engine, which shall raise it.
    max.is_none_or(|max| min <= max).then_some(Shape::Text { min, max })
}

/// `(?:a|b|c)` of escaped words.
fn parse_words(regex: &str) -> Option<Shape> {
    let mut rest = regex.strip_prefix("(?:")?.strip_suffix(')')?;
    let mut words = Vec::new();
    let mut word = String::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('|') {
            words.push(std::mem::take(&mut word).into_boxed_str());
            rest = after;
        } else {
            rest = take_literal(rest, &mut word)?;
        }
    }
    words.push(word.into_boxed_str());
    Some(Shape::OneOf(words.into_boxed_slice()))
}

/// Moves one literal character of a Python regular expression from `pattern` to `out`; `None` if it is an operator.
pub(super) fn take_literal<'a>(pattern: &'a str, out: &mut String) -> Option<&'a str> {
    let mut chars = pattern.chars();
    match chars.next()? {
        '\\' => {
            let escaped = chars.next()?;
            // A backslash before a letter or digit is a class, an anchor or a group, never the character.
            (!escaped.is_alphanumeric() && escaped != '_').then(|| out.push(escaped))?;
        }
        '.' | '^' | '$' | '*' | '+' | '?' | '{' | '}' | '[' | ']' | '(' | ')' | '|' => return None,
        plain => out.push(plain),
    }
    Some(chars.as_str())
}

fn length_within(text: &str, min: usize, max: Option<usize>) -> bool {
    if max.is_none() && min <= 1 {
        return text.len() >= min;
    }
    let length = text.chars().count();
    length >= min && max.is_none_or(|max| length <= max)
}

fn unsigned(bytes: &[u8], signed: bool) -> &[u8] {
    match bytes {
        [b'-', rest @ ..] if signed => rest,
        _ => bytes,
    }
}

fn all_digits(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit)
}

fn is_decimal(bytes: &[u8]) -> bool {
    memchr::memchr(b'.', bytes).is_some_and(|dot| all_digits(&bytes[..dot]) && all_digits(&bytes[dot + 1..]))
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_path(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first != '/') && memchr::memchr(b'\n', chars.as_str().as_bytes()).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judges_text_as_the_expression_would() {
        let table: &[(&str, &str, Option<bool>)] = &[
            ("[^/]+", "a", Some(true)),
            ("[^/]+", "", Some(false)),
            ("[^/]+", "a/b", Some(false)),
            ("[^/]{1,}", "\n", Some(true)),
            ("[^/]{0,}", "", Some(true)),
            ("[^/]{2}", "éü", Some(true)),
            ("[^/]{2}", "abc", Some(false)),
            ("[^/]{2,3}", "a", Some(false)),
            ("[^/]{2,3}", "abc", Some(true)),
            (r"\d+", "007", Some(true)),
            (r"\d+", "-7", Some(false)),
            (r"\d+", "", Some(false)),
            (r"\d+", "٣", None),
            (r"-?\d+", "-7", Some(true)),
            (r"-?\d+", "-", Some(false)),
            (r"\d+\.\d+", "1.5", Some(true)),
            (r"\d+\.\d+", "1.", Some(false)),
            (r"\d+\.\d+", "1.2.3", Some(false)),
            (r"-?\d+\.\d+", "-0.5", Some(true)),
            ("[^/].*?", "a/b//c/", Some(true)),
            ("[^/].*?", "/a", Some(false)),
            ("[^/].*?", "", Some(false)),
            ("[^/].*?", "\na", Some(true)),
            ("[^/].*?", "a\n", Some(false)),
            (UUID_REGEX, "a8098c1a-f86e-11da-bd1a-00112444be1e", Some(true)),
            (UUID_REGEX, "a8098c1a-f86e-11da-bd1a-00112444be1g", Some(false)),
            (r"(?:help|foo\,\|bar)", "foo,|bar", Some(true)),
            ("(?:help|about)", "hel", Some(false)),
            ("(?:)", "", Some(true)),
        ];
        for (regex, text, wanted) in table {
            let shape = Shape::parse(regex).unwrap_or_else(|| panic!("{regex} is known"));
            assert_eq!(shape.accepts(text), *wanted, "{regex} on {text:?}");
        }
    }

    #[test]
    fn leaves_other_expressions_alone() {
        for regex in [
            "[a-z]+",
            r"\w+",
            "[^/]{-1,}",
            "[^/]{3,2}",
            "[^/]{99999}",
            "(?:a|b+)",
            "(?:a)(?:b)",
            r"(?:\d)",
            "",
        ] {
            assert_eq!(Shape::parse(regex), None, "{regex}");
        }
    }
}
