//! The `Vary` response header: adding a name to the list that is there.
//!
//! It must not know why an answer varies.

use super::token::token;

/// A list with the name in it.
#[derive(Debug, PartialEq, Eq)]
pub enum Listed {
    /// It was there, in whatever case.
    Already,
    /// The list as it is written with the name at its end.
    Now(String),
}

/// A header's value with `name` in its list; None for a value that is more than plain tokens between commas.
#[must_use]
pub fn with_name(value: &str, name: &str) -> Option<Listed> {
    let mut longer = String::with_capacity(value.len() + name.len() + 2);
    let mut is_there = false;
    for item in value.split(',') {
        let item = item.trim_matches([' ', '\t']);
        if item.is_empty() || token(item.as_bytes()).0 != item.len() {
            return None;
        }
        is_there |= item.eq_ignore_ascii_case(name);
        longer.push_str(item);
        longer.push_str(", ");
    }
    if is_there {
        return Some(Listed::Already);
    }
    longer.push_str(name);
    Some(Listed::Now(longer))
}

#[cfg(test)]
mod tests {
    use super::{Listed, with_name};

    #[test]
    fn names_are_added_once() {
        let table = [
            ("Origin", Some(Listed::Now("Origin, Cookie".into()))),
            ("a,b\t,  c", Some(Listed::Now("a, b, c, Cookie".into()))),
            ("*", Some(Listed::Now("*, Cookie".into()))),
            ("Accept, cookIE", Some(Listed::Already)),
            ("", None),
            ("a,,b", None),
            ("\"a\"", None),
            ("a b", None),
            ("é", None),
        ];
        for (value, expected) in table {
            assert_eq!(with_name(value, "Cookie"), expected, "{value:?}");
        }
    }
}
