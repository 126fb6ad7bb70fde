//! Expressions of Python source, by precedence.

use super::lexer::{Placed, Token, tokens};
use super::program::{BinaryOp, CompareOp};
use super::refusal::Refusal;
use super::syntax::{CallExpression, ConditionalExpression, Expression, PositionalArgument};

/// How deep expressions and blocks may nest: a limit for our stack, below what CPython's own parser allows.
const DEEPEST: usize = 90;

/// Reads tokens in their order; statements are read in the file of that name.
pub struct Parser<'s> {
    tokens: Vec<Placed<'s>>,
    at: usize,
    depth: usize,
}

impl<'s> Parser<'s> {
    pub fn new(source: &'s str) -> Result<Self, Refusal> {
        Ok(Self {
            tokens: tokens(source)?,
            at: 0,
            depth: 0,
        })
    }

    /// Reads a part of a text, which may nest half as deep.
    pub fn inside(source: &'s str) -> Result<Self, Refusal> {
        Ok(Self {
            depth: DEEPEST / 2,
            ..Self::new(source)?
        })
    }

    /// The token to be read next.
    pub fn peek(&self) -> Token<'s> {
        self.tokens.get(self.at).map_or(Token::End, |placed| placed.token)
    }

    fn peek_after(&self) -> Token<'s> {
        self.tokens.get(self.at + 1).map_or(Token::End, |placed| placed.token)
    }

    pub fn line(&self) -> u32 {
        self.tokens
            .get(self.at)
            .or(self.tokens.last())
            .map_or(1, |placed| placed.line)
    }

    pub fn next(&mut self) -> Token<'s> {
        let token = self.peek();
        self.at += 1;
        token
    }

    pub fn refuse<T>(&self, what: impl Into<String>) -> Result<T, Refusal> {
        Err(Refusal::new(self.line(), what))
    }

    /// Whether an operator comes next; it is read then.
    pub fn takes(&mut self, operator: &str) -> bool {
        matches!(self.peek(), Token::Op(found) if found == operator) && {
            self.at += 1;
            true
        }
    }

    /// Whether a keyword comes next; it is read then.
    pub fn takes_word(&mut self, word: &str) -> bool {
        let found = self.peek() == Token::Name(word);
        self.at += usize::from(found);
        found
    }

    pub fn takes_token(&mut self, token: Token<'_>) -> bool {
        let found = self.peek() == token;
        self.at += usize::from(found);
        found
    }

    pub fn expect(&mut self, operator: &str) -> Result<(), Refusal> {
        if self.takes(operator) {
            return Ok(());
        }
        self.refuse(format!("no {operator:?} where it was expected"))
    }

    pub fn name(&mut self) -> Result<String, Refusal> {
        match self.next() {
            Token::Name(name) if !is_keyword(name) => Ok(name.to_owned()),
            _ => self.refuse("no name where one was expected"),
        }
    }

    /// Reads something one level deeper.
    pub fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Refusal>) -> Result<T, Refusal> {
        if self.depth == DEEPEST {
            return self.refuse("nested too deeply");
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        found
    }

    /// An expression, or several with commas between, which are a tuple.
    pub fn expression_list(&mut self) -> Result<Expression, Refusal> {
        let first = self.expression()?;
        if self.peek() != Token::Op(",") {
            return Ok(first);
        }
        let mut items = vec![first];
        while self.takes(",") {
            if matches!(self.peek(), Token::Op("=" | ")" | ":") | Token::Newline) || self.peek() == Token::Name("in") {
                break;
            }
            items.push(self.expression()?);
        }
        Ok(Expression::Tuple(items))
    }

    pub fn expression(&mut self) -> Result<Expression, Refusal> {
        self.nested(|parser| {
            let then = parser.disjunction()?;
            if !parser.takes_word("if") {
                return Ok(then);
            }
            let test = parser.disjunction()?;
            if !parser.takes_word("else") {
                return parser.refuse("no else of a conditional expression");
            }
            let otherwise = parser.expression()?;
            Ok(Expression::Conditional(Box::new(ConditionalExpression {
                test,
                then,
                otherwise,
            })))
        })
    }

    fn disjunction(&mut self) -> Result<Expression, Refusal> {
        let mut left = self.conjunction()?;
        while self.takes_word("or") {
            left = Expression::Or(Box::new((left, self.conjunction()?)));
        }
        Ok(left)
    }

    fn conjunction(&mut self) -> Result<Expression, Refusal> {
        let mut left = self.negation()?;
        while self.takes_word("and") {
            left = Expression::And(Box::new((left, self.negation()?)));
        }
        Ok(left)
    }

    fn negation(&mut self) -> Result<Expression, Refusal> {
        if self.takes_word("not") {
            return Ok(Expression::Not(Box::new(self.nested(Self::negation)?)));
        }
        self.comparison()
    }

    fn comparison(&mut self) -> Result<Expression, Refusal> {
        let first = self.arithmetic(0)?;
        let mut others = Vec::new();
        while let Some(operator) = self.comparison_operator() {
            others.push((operator, self.arithmetic(0)?));
        }
        if others.is_empty() {
            return Ok(first);
        }
        Ok(Expression::Compare(Box::new(first), others))
    }

    fn comparison_operator(&mut self) -> Option<CompareOp> {
        let (operator, length) = match (self.peek(), self.peek_after()) {
            (Token::Op("=="), _) => (CompareOp::Equal, 1),
            (Token::Op("!="), _) => (CompareOp::NotEqual, 1),
            (Token::Op("<"), _) => (CompareOp::Less, 1),
            (Token::Op("<="), _) => (CompareOp::LessEqual, 1),
            (Token::Op(">"), _) => (CompareOp::Greater, 1),
            (Token::Op(">="), _) => (CompareOp::GreaterEqual, 1),
            (Token::Name("in"), _) => (CompareOp::In, 1),
            (Token::Name("not"), Token::Name("in")) => (CompareOp::NotIn, 2),
            (Token::Name("is"), Token::Name("not")) => (CompareOp::IsNot, 2),
            (Token::Name("is"), _) => (CompareOp::Is, 1),
            _ => return None,
        };
        self.at += length;
        Some(operator)
    }

    /// Sums (level 0) and products (level 1).
    fn arithmetic(&mut self, level: usize) -> Result<Expression, Refusal> {
        let operand = |parser: &mut Self| {
            if level == 0 {
                parser.arithmetic(1)
            } else {
                parser.signed()
            }
        };
        let mut left = operand(self)?;
        loop {
            let operator = match (level, self.peek()) {
                (0, Token::Op("+")) => BinaryOp::Add,
                (0, Token::Op("-")) => BinaryOp::Subtract,
                (1, Token::Op("*")) => BinaryOp::Multiply,
                (1, Token::Op("/")) => BinaryOp::Divide,
                (1, Token::Op("//")) => BinaryOp::FloorDivide,
                (1, Token::Op("%")) => BinaryOp::Remainder,
                _ => return Ok(left),
            };
            self.at += 1;
            left = Expression::Binary(operator, Box::new((left, operand(self)?)));
        }
    }

    fn signed(&mut self) -> Result<Expression, Refusal> {
        if self.takes("-") {
            return Ok(Expression::Negative(Box::new(self.nested(Self::signed)?)));
        }
        if self.takes("+") {
            return Ok(Expression::Positive(Box::new(self.nested(Self::signed)?)));
        }
        let base = self.primary()?;
        if !self.takes("**") {
            return Ok(base);
        }
        let exponent = self.nested(Self::signed)?;
        Ok(Expression::Binary(BinaryOp::Power, Box::new((base, exponent))))
    }

    fn primary(&mut self) -> Result<Expression, Refusal> {
        let mut found = self.atom()?;
        loop {
            if self.takes(".") {
                found = Expression::Attribute(Box::new(found), self.name()?);
            } else if self.takes("(") {
                found = Expression::Call(Box::new(self.call(found)?));
            } else if self.takes("[") {
                let index = self.subscript()?;
                self.expect("]")?;
                found = Expression::Subscript(Box::new(found), Box::new(index));
            } else {
                return Ok(found);
            }
        }
    }

    fn subscript(&mut self) -> Result<Expression, Refusal> {
        let mut parts = [None, None, None];
        let mut colons = 0;
        loop {
            if self.takes(":") {
                colons += 1;
                if colons == parts.len() {
                    return self.refuse("a slice with too many colons");
                }
            } else if self.peek() == Token::Op("]") {
                break;
            } else {
                parts[colons] = Some(self.expression_list()?);
            }
        }
        match (colons, parts) {
            (0, [Some(index), ..]) => Ok(index),
            (0, _) => self.refuse("an empty subscript"),
            (_, parts) => Ok(Expression::Slice(Box::new(parts))),
        }
    }

    /// The arguments of a call whose bracket was read.
    fn call(&mut self, callee: Expression) -> Result<CallExpression, Refusal> {
        let mut call = CallExpression {
            callee,
            args: Vec::new(),
            keywords: Vec::new(),
            star: None,
            double_star: None,
        };
        while !self.takes(")") {
            let line = self.line();
            if self.takes("*") {
                let value = self.expression()?;
                if call.star.replace(value).is_some() {
                    return self.refuse("two starred arguments");
                }
            } else if self.takes("**") {
                let value = self.expression()?;
                if call.double_star.replace(value).is_some() {
                    return self.refuse("two doubly starred arguments");
                }
            } else if let (Token::Name(name), Token::Op("=")) = (self.peek(), self.peek_after()) {
                self.at += 2;
                if call.keywords.iter().any(|(known, _)| known == name) {
                    return self.refuse("a keyword argument given twice");
                }
                call.keywords.push((name.to_owned(), self.expression()?));
            } else if call.keywords.is_empty() && call.star.is_none() && call.double_star.is_none() {
                call.args.push(PositionalArgument {
                    value: self.expression()?,
                    line,
                });
            } else {
                return self.refuse("an argument after those with names");
            }
            if !self.takes(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(call)
    }
}

/// Whether a word is one of Python's own.
pub fn is_keyword(name: &str) -> bool {
    const KEYWORDS: [&str; 35] = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
        "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
        "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
    ];
    KEYWORDS.contains(&name)
}
