//! The text of a rule: slashes, plain text and placeholders, in Werkzeug's grammar. It knows no converters, so it
//! doesn't know what a placeholder takes.

use std::borrow::Cow;

/// One piece of a rule, in the order of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'r> {
    Slash,
    Text(&'r str),
    Placeholder(Placeholder<'r>),
}

/// `<name>`, `<converter:name>` or `<converter(arguments):name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder<'r> {
    pub converter: Option<&'r str>,
    pub arguments: Option<&'r str>,
    pub name: &'r str,
}

/// Takes a rule apart. `None`: it is malformed.
pub fn pieces(rule: &str) -> Option<Vec<Piece<'_>>> {
    let mut found = Vec::new();
    let mut rest = rule;
    while let Some(first) = rest.bytes().next() {
        rest = match first {
            b'/' => {
                found.push(Piece::Slash);
                &rest[1..]
            }
            b'<' => {
                let (placeholder, after) = placeholder(&rest[1..])?;
                found.push(Piece::Placeholder(placeholder));
                after
            }
            _ => {
                let (text, after) = rest.split_at(rest.find(['/', '<']).unwrap_or(rest.len()));
                found.push(Piece::Text(text));
                after
            }
        };
    }
    Some(found)
}

/// Reads what follows a `<`, up to its `>`.
fn placeholder(text: &str) -> Option<(Placeholder<'_>, &str)> {
    let (first, after) = identifier(text)?;
    if let Some(inner) = after.strip_prefix('(') {
        // The arguments end at the first bracket that a name follows; a line break is no part of them.
        let line = &inner[..inner.find('\n').unwrap_or(inner.len())];
        return line.match_indices("):").find_map(|(at, end)| {
            let (name, after) = closed_name(&inner[at + end.len()..])?;
            let arguments = Some(&inner[..at]);
            let converter = Some(first);
            Some((
                Placeholder {
                    converter,
                    arguments,
                    name,
                },
                after,
            ))
        });
    }
    let (converter, (name, after)) = match after.strip_prefix(':') {
        Some(inner) => (Some(first), closed_name(inner)?),
        None => (None, closed_name(text)?),
    };
    let arguments = None;
    Some((
        Placeholder {
            converter,
            arguments,
            name,
        },
        after,
    ))
}

fn closed_name(text: &str) -> Option<(&str, &str)> {
    let (name, after) = identifier(text)?;
    Some((name, after.strip_prefix('>')?))
}

fn identifier(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .unwrap_or(text.len());
    let starts_well = !text.starts_with(|letter: char| letter.is_ascii_digit());
    (end > 0 && starts_well).then(|| text.split_at(end))
}

/// The text with each run of slashes made one.
pub fn with_merged_slashes(rule: &str) -> Cow<'_, str> {
    if !rule.contains("//") {
        return Cow::Borrowed(rule);
    }
    let mut merged = String::with_capacity(rule.len());
    for letter in rule.chars() {
        if letter != '/' || !merged.ends_with('/') {
            merged.push(letter);
        }
    }
    Cow::Owned(merged)
}

/// Appends `text` as a regular expression of Python that matches it and nothing else, as `re.escape` writes it.
pub fn push_pattern_escaped(out: &mut String, text: &str) {
    for letter in text.chars() {
        if matches!(letter, '\t'..='\r' | ' ' | '#' | '$' | '&' | '('..='+' | '-' | '.' | '?' | '['..='^' | '{'..='~') {
            out.push('\\');
        }
        out.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `converter(arguments):name` with a dot for what is absent, texts in quotes.
    fn shown(rule: &str) -> String {
        let Some(pieces) = pieces(rule) else {
            return "malformed".to_owned();
        };
        let shown = pieces.iter().map(|piece| match piece {
            Piece::Slash => "/".to_owned(),
            Piece::Text(text) => format!("{text:?}"),
            Piece::Placeholder(of) => format!(
                "{}({}):{}",
                of.converter.unwrap_or("."),
                of.arguments.unwrap_or("."),
                of.name
            ),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn rules_are_taken_apart() {
        for (rule, expected) in [
            ("", ""),
            ("/", "/"),
            ("/a//b.é/", r#"/ "a" / / "b.é" /"#),
            ("/<a>", "/ .(.):a"),
            ("/<int:a>-<b_2>", r#"/ int(.):a "-" .(.):b_2"#),
            ("<int(min=3, max=4):a>", "int(min=3, max=4):a"),
            ("<any():a>", "any():a"),
            ("<any('x):y', z):a>/", "any('x):y', z):a /"),
            ("<any(x):y>):a>", r#"any(x):y "):a>""#),
            ("<re('[^/<>]+'):a>", "re('[^/<>]+'):a"),
            ("a>b", r#""a>b""#),
            ("<a", "malformed"),
            ("<>", "malformed"),
            ("<1a>", "malformed"),
            ("<int:>", "malformed"),
            ("<int():1>", "malformed"),
            ("<int(\n):a>", "malformed"),
            ("<a b>", "malformed"),
            ("<é>", "malformed"),
            ("/<<a>>", "malformed"),
        ] {
            assert_eq!(shown(rule), expected, "{rule}");
        }
    }

    #[test]
    fn slashes_are_merged() {
        for (rule, expected) in [("/a/b/", "/a/b/"), ("//a///b//", "/a/b/"), ("", "")] {
            assert_eq!(with_merged_slashes(rule), expected);
        }
    }

    #[test]
    fn patterns_are_escaped() {
        let special: String = (1..128_u8).map(char::from).chain("é".chars()).collect();
        let mut escaped = String::new();
        push_pattern_escaped(&mut escaped, &special);
        let with_backslash: Vec<&str> = escaped.split('\\').collect();
        // `re.escape` puts a backslash before each of "\t\n\v\f\r #$&()*+-.?[\\]^{|}~", and before nothing else.
        assert_eq!(with_backslash.len(), "\t\n\u{b}\u{c}\r #$&()*+-.?[\\]^{|}~".len() + 2);
        for letter in "\t\n\u{b}\u{c}\r #$&()*+-.?[]^{|}~".chars() {
            assert!(escaped.contains(&format!("\\{letter}")), "{letter:?}");
        }
    }
}
