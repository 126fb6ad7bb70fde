//! Ways through the syntax tree: the parts of a statement, and of an expression.

use super::syntax::{Expression, FormattedPiece, Statement, StatementKind};

/// Calls `visit` with the expressions whose values a statement wants itself: not its targets, and not what is in its blocks.
pub fn each_value<'s>(kind: &'s StatementKind, visit: &mut dyn FnMut(&'s Expression)) {
    match kind {
        StatementKind::Assign(_, value)
        | StatementKind::Evaluate(value)
        | StatementKind::Yield(value)
        | StatementKind::YieldFrom(value)
        | StatementKind::Return(value)
        | StatementKind::Raise(value)
        | StatementKind::For(_, value, _) => visit(value),
        StatementKind::If(branches, _) => {
            for (test, _) in branches {
                visit(test);
            }
        }
        StatementKind::Try(guarded) => {
            if let Some((class, _)) = &guarded.handler {
                visit(class);
            }
        }
        StatementKind::Define(_)
        | StatementKind::Import(..)
        | StatementKind::Pass
        | StatementKind::Break
        | StatementKind::Continue => {}
    }
}

/// Calls `visit` with the blocks of a statement; a function's own is none of them.
pub fn each_block<'s>(kind: &'s StatementKind, visit: &mut dyn FnMut(&'s [Statement])) {
    match kind {
        StatementKind::For(_, _, body) => visit(body),
        StatementKind::If(branches, otherwise) => {
            for (_, body) in branches {
                visit(body);
            }
            visit(otherwise);
        }
        StatementKind::Try(guarded) => {
            visit(&guarded.body);
            if let Some((_, body)) = &guarded.handler {
                visit(body);
            }
            visit(&guarded.otherwise);
            visit(&guarded.finally);
        }
        _ => {}
    }
}

/// Calls `visit` with every name that an expression uses.
pub fn each_name<'e>(expr: &'e Expression, visit: &mut dyn FnMut(&'e str)) {
    if let Expression::Name(name) = expr {
        visit(name);
    }
    each_part(expr, &mut |part| each_name(part, visit));
}

/// Calls `visit` with the expressions that an expression consists of.
pub fn each_part<'e>(expr: &'e Expression, visit: &mut dyn FnMut(&'e Expression)) {
    match expr {
        Expression::Literal(_) | Expression::Name(_) => {}
        Expression::Attribute(inner, _)
        | Expression::Not(inner)
        | Expression::Negative(inner)
        | Expression::Positive(inner) => visit(inner),
        Expression::Subscript(left, right) => {
            visit(left);
            visit(right);
        }
        Expression::Binary(_, both) | Expression::And(both) | Expression::Or(both) => {
            visit(&both.0);
            visit(&both.1);
        }
        Expression::Slice(parts) => parts.iter().flatten().for_each(visit),
        Expression::Call(call) => {
            visit(&call.callee);
            call.args.iter().for_each(|argument| visit(&argument.value));
            call.keywords.iter().for_each(|(_, value)| visit(value));
            call.star.iter().chain(&call.double_star).for_each(visit);
        }
        Expression::Compare(first, others) => {
            visit(first);
            for (_, other) in others {
                visit(other);
            }
        }
        Expression::Conditional(parts) => {
            visit(&parts.test);
            visit(&parts.then);
            visit(&parts.otherwise);
        }
        Expression::Tuple(items) | Expression::List(items) | Expression::Set(items) => items.iter().for_each(visit),
        Expression::Dict(entries) => {
            for (key, value) in entries {
                visit(key);
                visit(value);
            }
        }
        Expression::Format(pieces) => {
            for piece in pieces {
                if let FormattedPiece::Repr(value) = piece {
                    visit(value);
                }
            }
        }
    }
}
