//! Finding the boundary line between parts.
//!
//! A boundary is `--` and the agreed text after a line break, then either `--` (the last one) or optional blanks and a
//! line break. CR, LF and CRLF all count as line breaks: clients send all three. Works on the bytes at hand and says
//! when it needs more of them; holds no state.

use memchr::memchr2;
use memchr::memmem::Finder;

/// Blanks allowed between a boundary and its line break. RFC 2046 sets no limit; without one a body of blanks would be
/// buffered until the line break.
const MAX_PADDING: usize = 1024;

/// What the bytes after `--boundary` make of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// Another part follows; the line ends after this many bytes.
    NextPart(usize),
    /// The last boundary; it ends after this many bytes.
    Closing(usize),
    /// No boundary after all.
    Ordinary,
    /// Undecided: more bytes are needed.
    Unknown,
}

/// What a search for the end of a part's data found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DataEnd {
    /// The data ends at `data`, the boundary that follows it at `boundary`.
    Found {
        data: usize,
        boundary: usize,
        closing: bool,
    },
    /// The data goes on. Bytes before the index are data; a boundary may have begun there.
    Open(usize),
}

/// The agreed boundary, prepared for searching.
#[derive(Debug)]
pub(super) struct Boundary {
    finder: Finder<'static>,
}

impl Boundary {
    pub(super) fn new(text: &[u8]) -> Self {
        let needle = [b"--", text].concat();
        Self {
            finder: Finder::new(&needle).into_owned(),
        }
    }

    fn needle(&self) -> &[u8] {
        self.finder.needle()
    }

    /// Finds the first boundary, which may stand anywhere. `Err` gives the bytes that can be forgotten.
    pub(super) fn find_first(&self, bytes: &[u8]) -> Result<(usize, bool), usize> {
        let width = self.needle().len();
        let mut from = 0;
        while let Some(at) = self.find_from(bytes, from) {
            let end = at + width;
            match tail(&bytes[end..]) {
                Tail::NextPart(length) => return Ok((end + length, false)),
                Tail::Closing(length) => return Ok((end + length, true)),
                Tail::Unknown => return Err(at),
                Tail::Ordinary => from = at + 1,
            }
        }
        Err(bytes.len().saturating_sub(width - 1).max(from))
    }

    /// Finds the boundary that ends a part's data.
    pub(super) fn find_data_end(&self, bytes: &[u8]) -> DataEnd {
        let width = self.needle().len();
        let mut from = 0;
        while let Some(at) = self.find_from(bytes, from) {
            from = at + 1;
            let Some(data) = line_break_before(bytes, at) else {
                continue;
            };
            let end = at + width;
            match tail(&bytes[end..]) {
                Tail::NextPart(length) => {
                    return DataEnd::Found {
                        data,
                        boundary: end + length,
                        closing: false,
                    };
                }
                Tail::Closing(length) => {
                    return DataEnd::Found {
                        data,
                        boundary: end + length,
                        closing: true,
                    };
                }
                Tail::Unknown => return DataEnd::Open(data),
                Tail::Ordinary => {}
            }
        }
        DataEnd::Open(self.possible_start(bytes))
    }

    fn find_from(&self, bytes: &[u8], from: usize) -> Option<usize> {
        self.finder.find(bytes.get(from..)?).map(|at| from + at)
    }

    /// Where a line break begins that, with the bytes after it, may be the start of a boundary cut off by the end.
    fn possible_start(&self, bytes: &[u8]) -> usize {
        let mut from = bytes.len().saturating_sub(self.needle().len() + 1);
        // Never start between the halves of a CRLF.
        if from > 0 && bytes[from] == b'\n' && bytes[from - 1] == b'\r' {
            from -= 1;
        }
        while let Some(step) = memchr2(b'\r', b'\n', &bytes[from..]) {
            let at = from + step;
            let after = at + line_break_length(&bytes[at..]);
            if self.needle().starts_with(&bytes[after..]) {
                return at;
            }
            from = at + 1;
        }
        bytes.len()
    }
}

/// The length of the line break at the start of `bytes`, zero if there is none.
pub(super) fn line_break_length(bytes: &[u8]) -> usize {
    match bytes {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}

/// Where the line break that ends right before `at` begins.
fn line_break_before(bytes: &[u8], at: usize) -> Option<usize> {
    match &bytes[..at] {
        [.., b'\r', b'\n'] => Some(at - 2),
        [.., b'\r' | b'\n'] => Some(at - 1),
        _ => None,
    }
}

fn blanks(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take(MAX_PADDING + 1)
        .take_while(|byte| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c))
        .count()
}

fn tail(after: &[u8]) -> Tail {
    if let Some(rest) = after.strip_prefix(b"--") {
        let padding = blanks(rest);
        return Tail::Closing(2 + padding + line_break_length(&rest[padding..]));
    }
    let padding = blanks(after);
    if padding > MAX_PADDING {
        return Tail::Ordinary;
    }
    match &after[padding..] {
        // A CR at the very end may be half of a CRLF; a single dash may become two.
        [] | [b'\r'] => Tail::Unknown,
        [b'-'] if padding == 0 => Tail::Unknown,
        rest => match line_break_length(rest) {
            0 => Tail::Ordinary,
            length => Tail::NextPart(padding + length),
        },
    }
}

/// What a search for the end of a part's headers found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlankLine {
    /// The headers end at `headers`, the line break that opens the data begins at `data`.
    Found { headers: usize, data: usize },
    /// Nothing before the index; go on there.
    Unknown(usize),
}

/// Finds an empty line: the same line break twice.
pub(super) fn find_blank_line(bytes: &[u8], mut from: usize) -> BlankLine {
    while let Some(step) = bytes.get(from..).and_then(|rest| memchr2(b'\r', b'\n', rest)) {
        let at = from + step;
        match &bytes[at..] {
            [b'\r', b'\n', b'\r', b'\n', ..] => {
                return BlankLine::Found {
                    headers: at,
                    data: at + 2,
                };
            }
            // The second CR may open a CRLF, which belongs to the data's line break as a whole.
            [b'\r' | b'\n'] | [b'\r', b'\r' | b'\n'] | [b'\r', b'\n', b'\r'] => {
                return BlankLine::Unknown(at);
            }
            [b'\r', b'\r', _, ..] | [b'\n', b'\n', ..] => {
                return BlankLine::Found {
                    headers: at,
                    data: at + 1,
                };
            }
            _ => from = at + 1,
        }
    }
    BlankLine::Unknown(bytes.len())
}

/// Splits header text into lines at CR, LF or CRLF.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = memchr2(b'\r', b'\n', text) else {
            rest = None;
            return Some(text);
        };
        rest = Some(&text[end + line_break_length(&text[end..])..]);
        Some(&text[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::{BlankLine, Boundary, DataEnd, Tail, find_blank_line, tail};

    #[test]
    fn tails() {
        let table: [(&[u8], Tail); 14] = [
            (b"", Tail::Unknown),
            (b"-", Tail::Unknown),
            (b"\r", Tail::Unknown),
            (b" \t", Tail::Unknown),
            (b" \r", Tail::Unknown),
            (b"--", Tail::Closing(2)),
            (b"-- \r\nx", Tail::Closing(5)),
            (b"--x", Tail::Closing(2)),
            (b"\r\nx", Tail::NextPart(2)),
            (b"\rx", Tail::NextPart(1)),
            (b" \x0c\n\n", Tail::NextPart(3)),
            (b"x", Tail::Ordinary),
            (b" x", Tail::Ordinary),
            (b" -", Tail::Ordinary),
        ];
        for (after, expected) in table {
            assert_eq!(tail(after), expected, "{after:?}");
        }
        assert_eq!(tail(&[b' '; 2000]), Tail::Ordinary);
    }

    #[test]
    fn data_ends() {
        let boundary = Boundary::new(b"b");
        let found = |data, end, closing| DataEnd::Found {
            data,
            boundary: end,
            closing,
        };
        let table: [(&[u8], DataEnd); 13] = [
            (b"x\r\n--b--", found(1, 8, true)),
            (b"x\n--b\ny", found(1, 6, false)),
            (b"\r\r\n--b\r\n", found(1, 8, false)),
            (b"x--b--", DataEnd::Open(6)),
            (b"x\r\n--bb\n--b--", found(7, 13, true)),
            (b"x\r\n--b-", DataEnd::Open(1)),
            (b"x\r\n--b\r", DataEnd::Open(1)),
            (b"x\r\n--", DataEnd::Open(1)),
            (b"x\r\n-x", DataEnd::Open(5)),
            (b"x\r", DataEnd::Open(1)),
            (b"x\r\n", DataEnd::Open(1)),
            (b"\n\n\n", DataEnd::Open(2)),
            (b"", DataEnd::Open(0)),
        ];
        for (bytes, expected) in table {
            assert_eq!(boundary.find_data_end(bytes), expected, "{bytes:?}");
        }
    }

    type First = Result<(usize, bool), usize>;

    #[test]
    fn first_boundaries() {
        let boundary = Boundary::new(b"b");
        let table: [(&[u8], First); 7] = [
            (b"--b\r\n", Ok((5, false))),
            (b"junk--b--\n", Ok((10, true))),
            (b"----b\n", Ok((6, false))),
            (b"--bb\r\n--b\n", Ok((10, false))),
            (b"x--b", Err(1)),
            (b"xxxx", Err(2)),
            (b"", Err(0)),
        ];
        for (bytes, expected) in table {
            assert_eq!(boundary.find_first(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn blank_lines() {
        let found = |headers, data| BlankLine::Found { headers, data };
        let table: [(&[u8], BlankLine); 10] = [
            (b"a\r\n\r\nb", found(1, 3)),
            (b"a\n\nb", found(1, 2)),
            (b"a\r\rb", found(1, 2)),
            (b"a\r\r", BlankLine::Unknown(1)),
            (b"a\r\n\r", BlankLine::Unknown(1)),
            (b"a\r\nb\n\n", found(4, 5)),
            (b"a\n\r\n\rb", BlankLine::Unknown(6)),
            (b"\r\n\r\r\n", found(2, 3)),
            (b"abc", BlankLine::Unknown(3)),
            (b"", BlankLine::Unknown(0)),
        ];
        for (bytes, expected) in table {
            assert_eq!(find_blank_line(bytes, 0), expected, "{bytes:?}");
        }
    }
}
