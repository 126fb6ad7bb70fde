//! Statements of generated Python source.

use super::expressions::Parser;
use super::lexer::Token;
use super::program::Literal;
use super::refusal::Refusal;
use super::syntax::{Definition, Expression, Statement, StatementKind, TryStatement};

/// The statements of a whole source.
pub fn parse(source: &str) -> Result<Vec<Statement>, Refusal> {
    let mut parser = Parser::new(source)?;
    let mut found = Vec::new();
    loop {
        while parser.takes_token(Token::Newline) {}
        if parser.peek() == Token::End {
            return Ok(found);
        }
        found.push(statement(&mut parser)?);
    }
}

fn statement(parser: &mut Parser<'_>) -> Result<Statement, Refusal> {
    let line = parser.line();
    let kind = match parser.peek() {
        Token::Name("if") => {
            parser.next();
            conditional(parser)?
        }
        Token::Name("for") => {
            parser.next();
            loop_over(parser)?
        }
        Token::Name("try") => {
            parser.next();
            guarded(parser)?
        }
        Token::Name("def") => definition(parser)?,
        Token::Op("@") => {
            parser.next();
            if !parser.takes_word("internalcode") || !parser.takes_token(Token::Newline) {
                return parser.refuse("an unusual decorator");
            }
            definition(parser)?
        }
        _ => {
            let kind = simple(parser)?;
            if !parser.takes_token(Token::Newline) {
                return parser.refuse("more on a line than one statement");
            }
            kind
        }
    };
    Ok(Statement { line, kind })
}

fn simple(parser: &mut Parser<'_>) -> Result<StatementKind, Refusal> {
    if let Token::Name(word) = parser.peek() {
        let simple = match word {
            "pass" => Some(StatementKind::Pass),
            "break" => Some(StatementKind::Break),
            "continue" => Some(StatementKind::Continue),
            _ => None,
        };
        if let Some(kind) = simple {
            parser.next();
            return Ok(kind);
        }
    }
    if parser.takes_word("yield") {
        if parser.takes_word("from") {
            return Ok(StatementKind::YieldFrom(parser.expression()?));
        }
        return Ok(StatementKind::Yield(parser.expression_list()?));
    }
    if parser.takes_word("return") {
        return Ok(StatementKind::Return(parser.expression()?));
    }
    if parser.takes_word("raise") {
        return Ok(StatementKind::Raise(parser.expression()?));
    }
    if parser.takes_word("from") {
        return import(parser);
    }
    let mut targets = Vec::new();
    let mut value = parser.expression_list()?;
    while parser.takes("=") {
        targets.push(value);
        value = parser.expression_list()?;
    }
    if targets.is_empty() {
        return Ok(StatementKind::Evaluate(value));
    }
    if !targets.iter().all(is_target) {
        return parser.refuse("an unusual assignment");
    }
    Ok(StatementKind::Assign(targets, value))
}

fn is_target(target: &Expression) -> bool {
    match target {
        Expression::Name(_) | Expression::Attribute(..) | Expression::Subscript(..) => true,
        Expression::Tuple(items) => items.iter().all(is_target),
        _ => false,
    }
}

/// `from module import a, b as c`.
fn import(parser: &mut Parser<'_>) -> Result<StatementKind, Refusal> {
    let mut module = parser.name()?;
    while parser.takes(".") {
        module.push('.');
        module.push_str(&parser.name()?);
    }
    if !parser.takes_word("import") {
        return parser.refuse("an unusual import");
    }
    let mut names = Vec::new();
    loop {
        let name = parser.name()?;
        let alias = if parser.takes_word("as") {
            parser.name()?
        } else {
            name.clone()
        };
        names.push((name, alias));
        if !parser.takes(",") {
            return Ok(StatementKind::Import(module, names));
        }
    }
}

/// What follows a colon: a block of lines, or one statement on the same line.
fn block(parser: &mut Parser<'_>) -> Result<Vec<Statement>, Refusal> {
    parser.expect(":")?;
    parser.nested(|parser| {
        if !parser.takes_token(Token::Newline) {
            return Ok(vec![statement(parser)?]);
        }
        if !parser.takes_token(Token::Indent) {
            return parser.refuse("no block where one was expected");
        }
        let mut found = Vec::new();
        while !parser.takes_token(Token::Dedent) {
            if parser.peek() == Token::End {
                return parser.refuse("a block without an end");
            }
            found.push(statement(parser)?);
        }
        Ok(found)
    })
}

fn conditional(parser: &mut Parser<'_>) -> Result<StatementKind, Refusal> {
    let mut branches = Vec::new();
    loop {
        let test = parser.expression()?;
        branches.push((test, block(parser)?));
        if !parser.takes_word("elif") {
            break;
        }
    }
    let otherwise = if parser.takes_word("else") {
        block(parser)?
    } else {
        Vec::new()
    };
    Ok(StatementKind::If(branches, otherwise))
}

fn loop_over(parser: &mut Parser<'_>) -> Result<StatementKind, Refusal> {
    let target = loop_target(parser)?;
    if !parser.takes_word("in") {
        return parser.refuse("an unusual loop");
    }
    let items = parser.expression()?;
    Ok(StatementKind::For(target, items, block(parser)?))
}

/// Names, alone or in tuples. They can't be read as expressions, because `in` would belong to those.
fn loop_target(parser: &mut Parser<'_>) -> Result<Expression, Refusal> {
    let mut items = Vec::new();
    loop {
        items.push(if parser.takes("(") {
            let inner = parser.nested(loop_target)?;
            parser.expect(")")?;
            inner
        } else {
            let mut target = Expression::Name(parser.name()?);
            if parser.takes("[") {
                let index = parser.expression()?;
                parser.expect("]")?;
                target = Expression::Subscript(Box::new(target), Box::new(index));
            }
            target
        });
        if !parser.takes(",") {
            break;
        }
        if matches!(parser.peek(), Token::Op(")")) {
            return Ok(Expression::Tuple(items));
        }
    }
    Ok(if items.len() == 1 {
        items.remove(0)
    } else {
        Expression::Tuple(items)
    })
}

fn guarded(parser: &mut Parser<'_>) -> Result<StatementKind, Refusal> {
    let body = block(parser)?;
    let mut handler = None;
    if parser.takes_word("except") {
        let class = parser.expression()?;
        handler = Some((class, block(parser)?));
    }
    let otherwise = if parser.takes_word("else") {
        block(parser)?
    } else {
        Vec::new()
    };
    let finally = if parser.takes_word("finally") {
        block(parser)?
    } else {
        Vec::new()
    };
    Ok(StatementKind::Try(Box::new(TryStatement {
        body,
        handler,
        otherwise,
        finally,
    })))
}

fn definition(parser: &mut Parser<'_>) -> Result<StatementKind, Refusal> {
    if !parser.takes_word("def") {
        return parser.refuse("an unusual decorator");
    }
    let name = parser.name()?;
    parser.expect("(")?;
    let mut params = Vec::new();
    let mut star = None;
    while !parser.takes(")") {
        if parser.takes("*") {
            star = Some(parser.name()?);
        } else {
            let param = parser.name()?;
            let default = if parser.takes("=") {
                Some(parser.expression()?)
            } else {
                None
            };
            params.push((param, default));
        }
        if !parser.takes(",") {
            parser.expect(")")?;
            break;
        }
    }
    let body = block(parser)?;
    Ok(StatementKind::Define(Box::new(Definition {
        name,
        params,
        star,
        body,
    })))
}

/// Whether a branch is the one that only makes a function a generator: `if 0: yield None`.
pub fn is_generator_mark(kind: &StatementKind) -> bool {
    matches!(kind, StatementKind::If(branches, otherwise)
        if otherwise.is_empty() && branches.len() == 1 && branches[0].0 == Expression::Literal(Literal::Int("0".to_owned())))
}
