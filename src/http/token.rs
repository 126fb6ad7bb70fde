//! Tokens, of which HTTP makes names (RFC 9110 5.6.2).

/// The length of the token that `text` begins with (RFC 9110 5.6.2), and whether it has an underscore.
#[inline]
pub fn token(text: &[u8]) -> (usize, bool) {
    const PLAIN: u8 = 1;
    const UNDERSCORE: u8 = 2;
    const KINDS: [u8; 256] = {
        let mut kinds = [0; 256];
        let mut byte = 0;
        while byte < 128 {
            #[expect(clippy::cast_possible_truncation, reason = "an ASCII byte")]
            let letter = byte as u8;
            kinds[byte] = match letter {
                b'_' => UNDERSCORE,
                b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^' | b'`' | b'|' | b'~' => PLAIN,
                _ if letter.is_ascii_alphanumeric() => PLAIN,
                _ => 0,
            };
            byte += 1;
        }
        kinds
    };
    let mut kinds = 0;
    let end = text.iter().position(|&byte| {
        let kind = KINDS[usize::from(byte)];
        kinds |= kind;
        kind == 0
    });
    (end.unwrap_or(text.len()), kinds & UNDERSCORE != 0)
}
