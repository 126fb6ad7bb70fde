//! What of a function's loops needs no Python object: a `loop` that is only looked at, and the dicts of variables set in
//! loops when none is set.

use std::collections::{HashMap, HashSet};

use super::pool::number_of;
use crate::templates::program::LoopAttr;
use crate::templates::scopes::FunctionNames;
use crate::templates::shapes;
use crate::templates::syntax::{Definition, Expression, Statement, StatementKind};
use crate::templates::walk::{each_block, each_name, each_part, each_value};

/// The loop variables that are only looked at, in ways that need no object, each with a number.
pub fn states_of(function: &Definition, names: &FunctionNames) -> HashMap<String, u32> {
    let mut uses = Uses::default();
    uses.block(&function.body);
    let Uses { looped, refused } = uses;
    let plain = looped
        .into_iter()
        .filter(|name| !refused.contains(name) && !names.wanted_inside.contains(*name));
    plain
        .enumerate()
        .map(|(number, name)| (name.to_owned(), number_of(number)))
        .collect()
}

#[derive(Default)]
struct Uses<'s> {
    looped: Vec<&'s str>,
    /// Names used in a way that needs the object.
    refused: HashSet<&'s str>,
}

impl<'s> Uses<'s> {
    fn block(&mut self, block: &'s [Statement]) {
        for statement in block {
            match &statement.kind {
                StatementKind::For(target, items, _) => self.loop_over(target, items),
                StatementKind::Assign(targets, value) => {
                    self.expr(value);
                    for target in targets {
                        // `l_1_loop = missing` before and after a loop.
                        if !matches!(target, Expression::Name(_)) || !shapes::is_name(value, "missing") {
                            self.expr(target);
                        }
                    }
                }
                other => each_value(other, &mut |value| self.expr(value)),
            }
            each_block(&statement.kind, &mut |block| self.block(block));
        }
    }

    fn loop_over(&mut self, target: &'s Expression, items: &'s Expression) {
        let (target, items) = match shapes::loop_with_state(target, items) {
            Some((target, state, items)) if !self.looped.contains(&state) => {
                self.looped.push(state);
                (target, items)
            }
            Some((target, _, items)) => (target, items),
            None => (target, items),
        };
        self.expr(target);
        self.expr(items);
    }

    fn expr(&mut self, expr: &'s Expression) {
        if let Some((Expression::Name(_), attribute)) = shapes::template_attr(expr)
            && LoopAttr::named(attribute).is_some()
        {
            return;
        }
        if let Some(call) = shapes::template_call(expr)
            && cycled(&call.args[0].value).is_some()
            && call.args.len() > 1
            && call.star.is_none()
            && call.double_star.is_none()
            && call.keywords.iter().all(|(name, _)| is_own_keyword(name))
        {
            call.args[1..].iter().for_each(|argument| self.expr(&argument.value));
            return;
        }
        if let Expression::Name(name) = expr {
            self.refused.insert(name);
        }
        each_part(expr, &mut |part| self.expr(part));
    }
}

/// The variable in `environment.getattr(l_1_loop, 'cycle')`.
pub fn cycled(callee: &Expression) -> Option<&str> {
    match shapes::template_attr(callee)? {
        (Expression::Name(name), "cycle") => Some(name),
        _ => None,
    }
}

/// Whether a keyword argument is one that the generator adds to each call.
pub fn is_own_keyword(name: &str) -> bool {
    name == "_loop_vars" || name == "_block_vars"
}

/// Which of the dicts of variables set in loops and blocks stay empty: they are made, and passed with calls, at most.
pub fn always_empty(function: &Definition, names: &FunctionNames) -> HashSet<String> {
    let mut filled = HashSet::new();
    for_each_statement(&function.body, &mut |kind| match kind {
        StatementKind::Assign(targets, _) => {
            for target in targets {
                if let Expression::Subscript(object, _) = target {
                    each_name(object, &mut |name| {
                        filled.insert(name);
                    });
                }
            }
        }
        StatementKind::Evaluate(value) => {
            if let Some(owner) = shapes::method_owner(value) {
                filled.insert(owner);
            }
        }
        _ => {}
    });
    ["_loop_vars", "_block_vars"]
        .into_iter()
        .filter(|name| !filled.contains(name) && !names.wanted_inside.contains(*name))
        .filter(|name| names.assigned.iter().any(|assigned| assigned == name))
        .map(str::to_owned)
        .collect()
}

fn for_each_statement<'s>(block: &'s [Statement], visit: &mut dyn FnMut(&'s StatementKind)) {
    for statement in block {
        visit(&statement.kind);
        each_block(&statement.kind, &mut |block| for_each_statement(block, visit));
    }
}
