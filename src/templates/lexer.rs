//! Tokens of Python source, as far as Jinja2's generator writes it: names, numbers, texts on one line, operators, and the
//! indentation of blocks.

use super::refusal::Refusal;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'s> {
    Name(&'s str),
    Number(&'s str),
    /// A text: whether it is a formatted one, and what stands between the quotes.
    Text(bool, &'s str),
    Op(&'static str),
    Newline,
    Indent,
    Dedent,
    End,
}

/// A token and the line it begins on, counted from 1.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'s> {
    pub token: Token<'s>,
    pub line: u32,
}

/// Longer operators first.
const OPERATORS: [&str; 30] = [
    "**", "//", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "+", "-", "*", "/", "%", "<",
    ">", "@", "!", "~", "&", "|", "^", ";",
];
/// As deep as CPython's own tokenizer goes.
const DEEPEST: usize = 100;

/// All tokens of a source.
pub fn tokens(source: &str) -> Result<Vec<Placed<'_>>, Refusal> {
    let mut lexer = Lexer {
        source,
        at: 0,
        line: 1,
        brackets: 0,
        indents: vec![0],
        found: Vec::with_capacity(source.len() / 4),
    };
    while lexer.at < source.len() {
        lexer.line_start()?;
    }
    lexer.push(Token::Newline);
    for _ in 1..lexer.indents.len() {
        lexer.push(Token::Dedent);
    }
    lexer.push(Token::End);
    Ok(lexer.found)
}

struct Lexer<'s> {
    source: &'s str,
    at: usize,
    line: u32,
    brackets: usize,
    indents: Vec<usize>,
    found: Vec<Placed<'s>>,
}

impl<'s> Lexer<'s> {
    fn push(&mut self, token: Token<'s>) {
        self.found.push(Placed { token, line: self.line });
    }

    fn refuse<T>(&self, what: &str) -> Result<T, Refusal> {
        Err(Refusal::new(self.line, what))
    }

    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    /// One logical line: the change of indentation, then its tokens.
    fn line_start(&mut self) -> Result<(), Refusal> {
        let spaces = self.skip_spaces();
        if self.peek() == Some(b'\n') {
            self.at += 1;
            self.line += 1;
            return Ok(());
        }
        let mut innermost = self.indents.last().copied().unwrap_or(0);
        if spaces > innermost {
            if self.indents.len() > DEEPEST {
                return self.refuse("too many levels of indentation");
            }
            self.indents.push(spaces);
            self.push(Token::Indent);
        }
        while spaces < innermost {
            self.indents.pop();
            self.push(Token::Dedent);
            innermost = self.indents.last().copied().unwrap_or(0);
        }
        if self.indents.last() != Some(&spaces) {
            return self.refuse("uneven indentation");
        }
        self.logical_line()
    }

    fn skip_spaces(&mut self) -> usize {
        let start = self.at;
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        self.at - start
    }

    fn logical_line(&mut self) -> Result<(), Refusal> {
        loop {
            self.skip_spaces();
            match self.peek() {
                None => return Ok(()),
                Some(b'\n') => {
                    let ends = self.brackets == 0;
                    if ends {
                        self.push(Token::Newline);
                    }
                    self.at += 1;
                    self.line += 1;
                    if ends {
                        return Ok(());
                    }
                }
                Some(byte) => self.token(byte)?,
            }
        }
    }

    fn token(&mut self, first: u8) -> Result<(), Refusal> {
        let rest = &self.source[self.at..];
        if first == b'\'' || first == b'"' {
            return self.text(false, 0);
        }
        if first == b'f' && matches!(rest.as_bytes().get(1), Some(b'\'' | b'"')) {
            return self.text(true, 1);
        }
        if first.is_ascii_digit() {
            let length = number_length(rest);
            self.push(Token::Number(&rest[..length]));
            self.at += length;
            return Ok(());
        }
        if first == b'_' || first.is_ascii_alphabetic() || first >= 0x80 {
            let length = rest
                .find(|c: char| !(c == '_' || c.is_alphanumeric()))
                .unwrap_or(rest.len());
            if length == 0 || !rest[..length].chars().all(is_normal) {
                return self.refuse("an unusual character");
            }
            self.push(Token::Name(&rest[..length]));
            self.at += length;
            return Ok(());
        }
        let Some(operator) = OPERATORS.iter().find(|operator| rest.starts_with(**operator)) else {
            return self.refuse("an unusual character");
        };
        match *operator {
            "(" | "[" | "{" => self.brackets += 1,
            ")" | "]" | "}" => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        self.push(Token::Op(operator));
        self.at += operator.len();
        Ok(())
    }

    /// A text in one pair of quotes, on one line, as `repr` writes it.
    fn text(&mut self, formatted: bool, prefix: usize) -> Result<(), Refusal> {
        let start = self.at + prefix + 1;
        let bytes = self.source.as_bytes();
        let quote = bytes[start - 1];
        let mut at = start;
        loop {
            match bytes.get(at) {
                None | Some(b'\n') => return self.refuse("a text without an end"),
                Some(b'\\') => at += 2,
                Some(byte) if *byte == quote => break,
                Some(_) => at += 1,
            }
        }
        // Three quotes in a row would be another kind of text.
        if at == start && bytes.get(at + 1) == Some(&quote) {
            return self.refuse("a text in triple quotes");
        }
        self.push(Token::Text(formatted, &self.source[start..at]));
        self.at = at + 1;
        Ok(())
    }
}

/// Whether a letter stays what it is when Python brings a name into its normal form (NFKC): those of the usual alphabets.
/// Names with others are left to Python.
fn is_normal(letter: char) -> bool {
    matches!(letter,
        '\0'..='\x7f' | '\u{c0}'..='\u{131}' | '\u{134}'..='\u{13e}' | '\u{141}'..='\u{148}' | '\u{14a}'..='\u{17e}'
        | '\u{391}'..='\u{3ce}' | '\u{400}'..='\u{45f}' | '\u{3041}'..='\u{3096}' | '\u{30a1}'..='\u{30fa}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// The length of a number: digits, a fraction, an exponent, `j` of an imaginary one.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let signed = matches!(byte, b'+' | b'-') && matches!(bytes[at - 1], b'e' | b'E');
        if !(byte.is_ascii_alphanumeric() || *byte == b'.' || signed) {
            break;
        }
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(source: &str) -> Vec<Token<'_>> {
        tokens(source).unwrap().into_iter().map(|placed| placed.token).collect()
    }

    #[test]
    fn finds_blocks_and_lines() {
        assert_eq!(
            kinds("if a:\n    f(1,\n2)\nb = 'x\\'y'\n"),
            [
                Token::Name("if"),
                Token::Name("a"),
                Token::Op(":"),
                Token::Newline,
                Token::Indent,
                Token::Name("f"),
                Token::Op("("),
                Token::Number("1"),
                Token::Op(","),
                Token::Number("2"),
                Token::Op(")"),
                Token::Newline,
                Token::Dedent,
                Token::Name("b"),
                Token::Op("="),
                Token::Text(false, "x\\'y"),
                Token::Newline,
                Token::Newline,
                Token::End,
            ]
        );
    }

    #[test]
    fn refuses_what_is_not_written_by_the_generator() {
        for source in ["'open\n", "'''x'''", "a ? b", "if a:\n    b\n  c\n"] {
            assert!(tokens(source).is_err(), "{source}");
        }
    }
}
