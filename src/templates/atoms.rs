//! What expressions begin with: names, constants, and what stands in brackets.

use super::expressions::{Parser, is_keyword};
use super::lexer::Token;
use super::literal;
use super::program::Literal;
use super::refusal::Refusal;
use super::syntax::{Expression, FormattedPiece};

impl Parser<'_> {
    pub fn atom(&mut self) -> Result<Expression, Refusal> {
        let line = self.line();
        let refused = |what: &str| Err(Refusal::new(line, what));
        match self.next() {
            Token::Name("None") => Ok(Expression::Literal(Literal::None)),
            Token::Name("True") => Ok(Expression::Literal(Literal::Bool(true))),
            Token::Name("False") => Ok(Expression::Literal(Literal::Bool(false))),
            Token::Name(name) if is_keyword(name) => refused("a keyword where a value was expected"),
            Token::Name(name) => Ok(Expression::Name(name.to_owned())),
            Token::Number(number) => match literal::number(number) {
                Some(number) => Ok(Expression::Literal(number)),
                None => refused("an unusual number"),
            },
            Token::Text(false, quoted) => match literal::text(quoted) {
                Some(text) => Ok(Expression::Literal(Literal::Text(text))),
                None => refused("a text with lone surrogates or unusual escapes"),
            },
            Token::Text(true, quoted) => formatted(quoted, line),
            Token::Op("(") => self.parenthesized(),
            Token::Op("[") => Ok(Expression::List(self.items("]")?)),
            Token::Op("{") => self.braces(),
            _ => refused("an unusual expression"),
        }
    }

    /// What stands in round brackets, of which the first was read: one expression, or a tuple.
    fn parenthesized(&mut self) -> Result<Expression, Refusal> {
        if self.takes(")") {
            return Ok(Expression::Tuple(Vec::new()));
        }
        let first = self.expression()?;
        if self.takes(")") {
            return Ok(first);
        }
        self.expect(",")?;
        let mut items = vec![first];
        items.extend(self.items(")")?);
        Ok(Expression::Tuple(items))
    }

    fn items(&mut self, close: &str) -> Result<Vec<Expression>, Refusal> {
        let mut items = Vec::new();
        while !self.takes(close) {
            items.push(self.expression()?);
            if !self.takes(",") {
                self.expect(close)?;
                break;
            }
        }
        Ok(items)
    }

    /// A dict or a set, whose first bracket was read.
    fn braces(&mut self) -> Result<Expression, Refusal> {
        let mut entries = Vec::new();
        while !self.takes("}") {
            let key = self.expression()?;
            if entries.is_empty() && self.peek() != Token::Op(":") {
                let mut items = vec![key];
                if self.takes(",") {
                    items.extend(self.items("}")?);
                } else {
                    self.expect("}")?;
                }
                return Ok(Expression::Set(items));
            }
            self.expect(":")?;
            entries.push((key, self.expression()?));
            if !self.takes(",") {
                self.expect("}")?;
                break;
            }
        }
        Ok(Expression::Dict(entries))
    }
}

/// A formatted text with `{name!r}` in it, the only form the generator writes.
fn formatted(quoted: &str, line: u32) -> Result<Expression, Refusal> {
    let refused = || Refusal::new(line, "an unusual formatted text");
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = quoted;
    while let Some(at) = rest.find(['{', '}']) {
        plain.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            plain.push_str(brace);
            rest = after;
            continue;
        }
        let (inner, after) = rest.split_once("!r}").filter(|_| brace == "{").ok_or_else(refused)?;
        pieces.push(FormattedPiece::Text(literal::text(&plain).ok_or_else(refused)?));
        plain.clear();
        let mut parser = Parser::inside(inner)?;
        pieces.push(FormattedPiece::Repr(parser.expression()?));
        rest = after;
    }
    plain.push_str(rest);
    pieces.push(FormattedPiece::Text(literal::text(&plain).ok_or_else(refused)?));
    Ok(Expression::Format(pieces))
}
