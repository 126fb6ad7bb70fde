//! Numbers and texts as `repr` writes them.

use super::program::Literal;

/// The number a token stands for; None for a form that `repr` never gives.
pub fn number(token: &str) -> Option<Literal> {
    if token.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Literal::Int(token.to_owned()));
    }
    if let Some(imaginary) = token.strip_suffix('j') {
        return imaginary.parse().ok().map(Literal::Imaginary);
    }
    let plain = token
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'+' | b'-'));
    if plain {
        token.parse().ok().map(Literal::Float)
    } else {
        None
    }
}

/// The text between quotes with its escapes replaced; None when it has lone surrogates, which Rust's texts can't have.
pub fn text(quoted: &str) -> Option<String> {
    let mut out = String::with_capacity(quoted.len());
    let mut rest = quoted;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = rest[at + 1..].chars().next()?;
        rest = &rest[at + 1 + escape.len_utf8()..];
        let digits = match escape {
            'n' => Err('\n'),
            'r' => Err('\r'),
            't' => Err('\t'),
            '\\' | '\'' | '"' => Err(escape),
            'x' => Ok(2),
            'u' => Ok(4),
            'U' => Ok(8),
            _ => return None,
        };
        match digits {
            Err(replaced) => out.push(replaced),
            Ok(count) => {
                let code = u32::from_str_radix(rest.get(..count)?, 16).ok()?;
                out.push(char::from_u32(code)?);
                rest = &rest[count..];
            }
        }
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numbers() {
        assert_eq!(number("12"), Some(Literal::Int("12".to_owned())));
        assert_eq!(number("1e+16"), Some(Literal::Float(1e16)));
        assert_eq!(number("2.5j"), Some(Literal::Imaginary(2.5)));
        assert_eq!(number("0x1f"), None);
    }

    #[test]
    fn replaces_escapes() {
        assert_eq!(text(r"a\n\x41\u00e9\U0001f600\'\\").as_deref(), Some("a\nAé😀'\\"));
        assert_eq!(text(r"\ud800"), None);
        assert_eq!(text(r"\q"), None);
        assert_eq!(text(r"\x4"), None);
    }
}
