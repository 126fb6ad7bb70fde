//! Variables of a function as Python decides them: what is assigned in it is its own, what an inner function uses of it
//! lies in a cell.

use std::collections::BTreeSet;

use super::syntax::{Definition, Expression, FormattedPiece, Statement, StatementKind};

/// Names with a meaning of their own in every function. They are given once at its beginning, so that an inner function
/// has the same.
pub const AMBIENT: [&str; 7] = [
    "context",
    "environment",
    "missing",
    "resolve",
    "undefined",
    "concat",
    "cond_expr_undefined",
];

/// The names of one function.
#[derive(Debug, Default)]
pub struct FunctionNames {
    /// Assigned in it, in order of appearance.
    pub assigned: Vec<String>,
    /// Used by its inner functions, and not theirs.
    pub wanted_inside: BTreeSet<String>,
    /// Used in it or inside, and not its own.
    pub free: BTreeSet<String>,
    /// Whether it or a function inside uses the context.
    pub uses_context: bool,
}

/// The names of a function.
pub fn names_of(function: &Definition) -> FunctionNames {
    let mut collected = Collected::default();
    for (param, _) in &function.params {
        collected.assign(param);
    }
    if let Some(star) = &function.star {
        collected.assign(star);
    }
    collected.block(&function.body);
    let Collected {
        assigned,
        used,
        inside,
        uses_context,
    } = collected;
    let own: BTreeSet<_> = assigned.iter().cloned().collect();
    let free = used
        .union(&inside)
        .filter(|name| !own.contains(*name))
        .cloned()
        .collect();
    FunctionNames {
        wanted_inside: inside.intersection(&own).cloned().collect(),
        assigned,
        free,
        uses_context,
    }
}

#[derive(Default)]
struct Collected {
    assigned: Vec<String>,
    used: BTreeSet<String>,
    inside: BTreeSet<String>,
    uses_context: bool,
}

impl Collected {
    fn assign(&mut self, name: &str) {
        if !AMBIENT.contains(&name) && !self.assigned.iter().any(|known| known == name) {
            self.assigned.push(name.to_owned());
        }
    }

    fn target(&mut self, target: &Expression) {
        match target {
            Expression::Name(name) => self.assign(name),
            Expression::Tuple(items) => items.iter().for_each(|item| self.target(item)),
            other => self.expr(other),
        }
    }

    fn block(&mut self, block: &[Statement]) {
        for statement in block {
            self.statement(&statement.kind);
        }
    }

    fn statement(&mut self, kind: &StatementKind) {
        match kind {
            StatementKind::Assign(targets, value) => {
                self.expr(value);
                for target in targets {
                    self.target(target);
                }
            }
            StatementKind::For(target, items, body) => {
                self.expr(items);
                self.target(target);
                self.block(body);
            }
            StatementKind::If(branches, otherwise) => {
                for (test, body) in branches {
                    self.expr(test);
                    self.block(body);
                }
                self.block(otherwise);
            }
            StatementKind::Try(guarded) => {
                self.block(&guarded.body);
                if let Some((class, body)) = &guarded.handler {
                    self.expr(class);
                    self.block(body);
                }
                self.block(&guarded.otherwise);
                self.block(&guarded.finally);
            }
            StatementKind::Define(inner) => {
                self.assign(&inner.name);
                let names = names_of(inner);
                self.inside.extend(names.free);
                self.uses_context |= names.uses_context;
            }
            StatementKind::Evaluate(value)
            | StatementKind::Yield(value)
            | StatementKind::YieldFrom(value)
            | StatementKind::Return(value)
            | StatementKind::Raise(value) => self.expr(value),
            StatementKind::Import(..) | StatementKind::Pass | StatementKind::Break | StatementKind::Continue => {}
        }
    }

    fn expr(&mut self, expr: &Expression) {
        each_name(expr, &mut |name| {
            if AMBIENT.contains(&name) {
                self.uses_context |= name == "context";
            } else {
                self.used.insert(name.to_owned());
            }
        });
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
