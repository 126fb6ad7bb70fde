//! Text as it may stand in an HTML page: the five characters that mean something there, replaced as `MarkupSafe` does.

use std::borrow::Cow;

/// The escaped text; borrowed when there is nothing to escape.
pub fn escaped(text: &str) -> Cow<'_, str> {
    if first_special(text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = Vec::with_capacity(text.len() + 16);
    push_escaped(text.as_bytes(), &mut out);
    Cow::Owned(String::from_utf8(out).expect("invariant: only ASCII was replaced, by ASCII"))
}

/// Appends text to `out`, escaped. UTF-8, or what else is ASCII where it is ASCII.
pub fn push_escaped(text: &[u8], out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some((at, entity)) = first_special(rest) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(entity.as_bytes());
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

fn first_special(text: &[u8]) -> Option<(usize, &'static str)> {
    let mut bytes = text.iter().enumerate();
    bytes.find_map(|(at, byte)| entity(*byte).map(|entity| (at, entity)))
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
