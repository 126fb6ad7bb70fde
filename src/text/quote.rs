//! Percent-encoding for the two places a built URL has: path segments and the query. Works on UTF-8 bytes; knows no
//! rules.

const fn safe_table(extra: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'~');
        byte += 1;
    }
    let mut at = 0;
    while at < extra.len() {
        table[extra[at] as usize] = true;
        at += 1;
    }
    table
}

// https://url.spec.whatwg.org/#url-path-segment-string
static PATH_SAFE: [bool; 256] = safe_table(b"!$&'()*+,/:;=@");
// https://url.spec.whatwg.org/#percent-encoded-bytes
static QUERY_SAFE: [bool; 256] = safe_table(b"!$'()*,/:;?@");

/// Appends `text` as part of a path.
pub fn push_path_quoted(out: &mut String, text: &str) {
    if text.bytes().all(|byte| PATH_SAFE[byte as usize]) {
        out.push_str(text);
        return;
    }
    for byte in text.bytes() {
        push_byte(out, byte, &PATH_SAFE);
    }
}

/// Appends `bytes` as a key or value of a query; a space becomes a plus.
pub fn push_query_quoted(out: &mut String, bytes: &[u8]) {
    for byte in bytes {
        if *byte == b' ' {
            out.push('+');
        } else {
            push_byte(out, *byte, &QUERY_SAFE);
        }
    }
}

fn push_byte(out: &mut String, byte: u8, safe: &[bool; 256]) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    if safe[byte as usize] {
        out.push(char::from(byte));
    } else {
        out.push('%');
        out.push(char::from(HEX[usize::from(byte >> 4)]));
        out.push(char::from(HEX[usize::from(byte & 15)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes() {
        for (text, path, query) in [
            ("plain-1.2_~", "plain-1.2_~", "plain-1.2_~"),
            ("a b", "a%20b", "a+b"),
            ("a+b&c=d", "a+b&c=d", "a%2Bb%26c%3Dd"),
            ("x/y?z#", "x/y%3Fz%23", "x/y?z%23"),
            ("é%\n", "%C3%A9%25%0A", "%C3%A9%25%0A"),
        ] {
            let (mut as_path, mut as_query) = (String::new(), String::new());
            push_path_quoted(&mut as_path, text);
            push_query_quoted(&mut as_query, text.as_bytes());
            assert_eq!((as_path.as_str(), as_query.as_str()), (path, query));
        }
    }
}
