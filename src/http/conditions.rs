//! Conditional and range headers of a request, evaluated: send all of the resource, a part of it, or 304.
//!
//! Only their usual forms are evaluated; anything else is [`Verdict::Unsure`], which the caller leaves to Werkzeug. Knows
//! nothing of files.

use crate::text::dates::{DateFields, parse_imf_date};

/// The headers that decide, as they were sent.
#[derive(Debug, Default, Clone, Copy)]
pub struct Conditions<'a> {
    pub range: Option<&'a str>,
    pub if_range: Option<&'a str>,
    pub if_match: Option<&'a str>,
    pub if_none_match: Option<&'a str>,
    pub if_modified_since: Option<&'a str>,
}

/// What the resource is.
#[derive(Debug, Clone, Copy)]
pub struct Resource<'a> {
    /// Its strong tag, without quotes.
    pub tag: &'a str,
    pub modified: DateFields,
    /// Bytes.
    pub size: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Whole,
    /// Bytes `start..end`.
    Part {
        start: u64,
        end: u64,
    },
    NotModified,
    /// A form that is not read here, or a request that can't be met.
    Unsure,
}

impl Conditions<'_> {
    /// Judges a GET or HEAD request.
    #[must_use]
    pub fn judge(&self, resource: &Resource<'_>) -> Verdict {
        if self.if_match.is_some_and(|text| !text.is_empty()) {
            return Verdict::Unsure;
        }
        // Nothing has no parts: the range of an empty resource is ignored.
        if let Some(range) = self.range
            && resource.size > 0
        {
            return if self.if_range.is_none() {
                part_of(range, resource.size)
            } else {
                Verdict::Unsure
            };
        }
        let unchanged = match (self.if_none_match, self.if_modified_since) {
            // Tags are the better judge: with them, the date does not count (RFC 9110 section 13.1.3).
            (Some(tags), _) if !tags.is_empty() => names_tag(tags, resource.tag),
            (_, Some(date)) => parse_imf_date(date).map(|date| resource.modified <= date),
            _ => Some(false),
        };
        match unchanged {
            Some(true) => Verdict::NotModified,
            Some(false) => Verdict::Whole,
            None => Verdict::Unsure,
        }
    }
}

/// One range of bytes that the resource has.
fn part_of(range: &str, size: u64) -> Verdict {
    let bounds = range.strip_prefix("bytes=").and_then(|spec| spec.split_once('-'));
    let part = match bounds {
        Some(("", last)) => plain_number(last)
            .filter(|&count| count > 0)
            .and_then(|count| Some((size.checked_sub(count)?, size))),
        Some((first, "")) => plain_number(first).map(|start| (start, size)),
        Some((first, last)) => plain_number(first)
            .zip(plain_number(last))
            .filter(|(start, last)| start <= last)
            .map(|(start, last)| (start, size.min(last + 1))),
        None => None,
    };
    match part {
        Some((start, end)) if start < size => Verdict::Part { start, end },
        _ => Verdict::Unsure,
    }
}

fn plain_number(digits: &str) -> Option<u64> {
    let plain = (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

/// Whether a list of quoted tags, weak ones among them, has this one. `None` for a list that is written otherwise.
fn names_tag(list: &str, tag: &str) -> Option<bool> {
    let blanks = [' ', '\t'];
    let (mut rest, mut found) = (list, false);
    loop {
        let item = rest.trim_start_matches(blanks);
        let item = item
            .strip_prefix("W/")
            .or_else(|| item.strip_prefix("w/"))
            .unwrap_or(item);
        let (named, after) = item.strip_prefix('"')?.split_once('"')?;
        found |= named == tag;
        let after = after.trim_start_matches(blanks);
        if after.is_empty() {
            return Some(found);
        }
        rest = after.strip_prefix(',')?;
    }
}

#[cfg(test)]
mod tests {
    use super::{Conditions, Resource, Verdict};
    use crate::text::dates::DateFields;

    fn resource(size: u64) -> Resource<'static> {
        Resource {
            tag: "t-1",
            modified: DateFields::from_seconds(784_111_777).unwrap(),
            size,
        }
    }

    #[test]
    fn ranges() {
        let part = |start, end| Verdict::Part { start, end };
        let table = [
            ("bytes=0-0", part(0, 1)),
            ("bytes=2-5", part(2, 6)),
            ("bytes=2-", part(2, 10)),
            ("bytes=2-99", part(2, 10)),
            ("bytes=-3", part(7, 10)),
            ("bytes=-10", part(0, 10)),
            ("bytes=-11", Verdict::Unsure),
            ("bytes=-0", Verdict::Unsure),
            ("bytes=10-", Verdict::Unsure),
            ("bytes=5-4", Verdict::Unsure),
            ("bytes=0-1,3-4", Verdict::Unsure),
            ("bytes= 0-1", Verdict::Unsure),
            ("bytes=+1-2", Verdict::Unsure),
            ("bytes=-", Verdict::Unsure),
            ("Bytes=0-1", Verdict::Unsure),
            ("lines=0-1", Verdict::Unsure),
            ("bytes=0-9999999999999999999", Verdict::Unsure),
            ("", Verdict::Unsure),
        ];
        for (range, verdict) in table {
            let asked = Conditions {
                range: Some(range),
                if_none_match: Some("\"t-1\""),
                ..Conditions::default()
            };
            assert_eq!(asked.judge(&resource(10)), verdict, "{range}");
            assert_eq!(asked.judge(&resource(0)), Verdict::NotModified, "{range} of nothing");
            let dated = Conditions {
                if_range: Some("\"t-1\""),
                ..asked
            };
            assert_eq!(dated.judge(&resource(10)), Verdict::Unsure);
        }
    }

    #[test]
    fn tags() {
        let table = [
            ("\"t-1\"", Verdict::NotModified),
            ("W/\"t-1\"", Verdict::NotModified),
            ("\"a\", w/\"b\" ,\t\"t-1\" ", Verdict::NotModified),
            ("\"a,b\"", Verdict::Whole),
            ("\"\"", Verdict::Whole),
            ("t-1", Verdict::Unsure),
            ("*", Verdict::Unsure),
            ("\"a\" \"t-1\"", Verdict::Unsure),
            ("\"a\",", Verdict::Unsure),
            ("\"a", Verdict::Unsure),
            ("", Verdict::Whole),
        ];
        for (tags, verdict) in table {
            let asked = Conditions {
                if_none_match: Some(tags),
                ..Conditions::default()
            };
            assert_eq!(asked.judge(&resource(10)), verdict, "{tags}");
            let both = Conditions {
                if_match: Some("\"t-1\""),
                ..asked
            };
            assert_eq!(both.judge(&resource(10)), Verdict::Unsure);
        }
    }

    #[test]
    fn dates() {
        let table = [
            ("Sun, 06 Nov 1994 08:49:37 GMT", Verdict::NotModified),
            ("Sun, 06 Nov 1994 08:49:38 GMT", Verdict::NotModified),
            ("Sun, 06 Nov 1994 08:49:36 GMT", Verdict::Whole),
            ("Sat, 31 Dec 1988 23:59:59 GMT", Verdict::Whole),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Verdict::Unsure),
            ("", Verdict::Unsure),
        ];
        for (date, verdict) in table {
            let asked = Conditions {
                if_modified_since: Some(date),
                ..Conditions::default()
            };
            assert_eq!(asked.judge(&resource(10)), verdict, "{date}");
            let tagged = Conditions {
                if_none_match: Some("\"other\""),
                ..asked
            };
            assert_eq!(tagged.judge(&resource(10)), Verdict::Whole, "the tag decides");
        }
    }
}
