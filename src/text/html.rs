//! Text as it may stand in an HTML page: the five characters that mean something there, replaced as `MarkupSafe` does.

use std::borrow::Cow;

/// The escaped text; borrowed when there is nothing to escape.
pub fn escaped(text: &str) -> Cow<'_, str> {
    let mut rest = text;
    let mut out = String::new();
    while let Some((at, entity)) = first_special(rest) {
        if out.is_empty() {
            out.reserve(text.len() + 16);
        }
        out.push_str(&rest[..at]);
        out.push_str(entity);
        rest = &rest[at + 1..];
    }
    if rest.len() == text.len() {
        return Cow::Borrowed(text);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Appends text to `out`, escaped. UTF-8, or what else is ASCII where it is ASCII.
pub fn push_escaped(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| entity(*byte).is_some()) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(entity(rest[at]).unwrap_or_default().as_bytes());
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
}

/// What stands for a character that means something in HTML.
#[inline]
fn entity(byte: u8) -> Option<&'static str> {
    Some(match byte {
        b'&' => "&amp;",
        b'<' => "&lt;",
        b'>' => "&gt;",
        b'"' => "&#34;",
        b'\'' => "&#39;",
        _ => return None,
    })
}

fn first_special(text: &str) -> Option<(usize, &'static str)> {
    text.bytes()
        .enumerate()
        .find_map(|(at, byte)| entity(byte).map(|entity| (at, entity)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_harmless_text_alone() {
        for text in ["", "Zoë — 漢字 #1;"] {
            assert!(matches!(escaped(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn replaces_each_special_character() {
        assert_eq!(
            escaped(r#"<a href="x">ö & 'y'</a>"#),
            "&lt;a href=&#34;x&#34;&gt;ö &amp; &#39;y&#39;&lt;/a&gt;"
        );
        let mut appended = b"<p>".to_vec();
        push_escaped("ö & 'y'".as_bytes(), &mut appended);
        assert_eq!(appended, "<p>ö &amp; &#39;y&#39;".as_bytes());
        assert_eq!(escaped("&"), "&amp;");
        assert_eq!(escaped("a&&"), "a&amp;&amp;");
    }
}
