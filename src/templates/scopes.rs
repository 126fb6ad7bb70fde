//! Variables of a function as Python decides them: what is assigned in it is its own, what an inner function uses of it
//! lies in a cell.

use std::collections::BTreeSet;

use super::syntax::{Definition, Expression, Statement, StatementKind};
use super::walk::{each_block, each_name, each_value};

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
            StatementKind::Assign(targets, _) => {
                for target in targets {
                    self.target(target);
                }
            }
            StatementKind::For(target, ..) => self.target(target),
            StatementKind::Define(inner) => {
                self.assign(&inner.name);
                let names = names_of(inner);
                self.inside.extend(names.free);
                self.uses_context |= names.uses_context;
            }
            _ => {}
        }
        each_value(kind, &mut |value| self.expr(value));
        each_block(kind, &mut |block| self.block(block));
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
