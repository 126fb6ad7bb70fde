//! What of a function's loops needs no Python object: a `loop` that is only looked at, and the dicts of variables set in
//! loops when none is set.

use std::collections::{HashMap, HashSet};

use super::pool::number_of;
use crate::templates::program::LoopAttr;
use crate::templates::scopes::{FunctionNames, each_name, each_part};
use crate::templates::shapes;
use crate::templates::syntax::{Definition, Expression, Statement, StatementKind};

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
                StatementKind::Assign(targets, value) => {
                    self.expr(value);
                    for target in targets {
                        // `l_1_loop = missing` before and after a loop.
                        if !matches!(target, Expression::Name(_)) || !shapes::is_name(value, "missing") {
                            self.expr(target);
                        }
                    }
                }
                StatementKind::For(target, items, body) => {
                    self.loop_over(target, items);
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
                    self.block(&guarded.otherwise);
                    self.block(&guarded.finally);
                    if let Some((class, body)) = &guarded.handler {
                        self.expr(class);
                        self.block(body);
                    }
                }
                StatementKind::Evaluate(value)
                | StatementKind::Yield(value)
                | StatementKind::YieldFrom(value)
                | StatementKind::Return(value)
                | StatementKind::Raise(value) => self.expr(value),
                StatementKind::Define(_)
                | StatementKind::Import(..)
                | StatementKind::Pass
                | StatementKind::Break
                | StatementKind::Continue => {}
            }
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
        match &statement.kind {
            StatementKind::For(_, _, body) => for_each_statement(body, visit),
            StatementKind::If(branches, otherwise) => {
                for (_, body) in branches {
                    for_each_statement(body, visit);
                }
                for_each_statement(otherwise, visit);
            }
            StatementKind::Try(guarded) => {
                for_each_statement(&guarded.body, visit);
                if let Some((_, body)) = &guarded.handler {
                    for_each_statement(body, visit);
                }
                for_each_statement(&guarded.otherwise, visit);
                for_each_statement(&guarded.finally, visit);
            }
            _ => {}
        }
    }
}
