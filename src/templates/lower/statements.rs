//! Statements: what is yielded or put into a buffer becomes output, and the generator's usual statements get steps of their
//! own.

use super::expressions::expression;
use super::lowering::Lowering;
use crate::templates::program::{
    AssignTarget, Dependency, Escaping, For, FunctionKind, Literal, Sink, Stmt, StmtKind, Try,
};
use crate::templates::refusal::Refusal;
use crate::templates::scopes::AMBIENT;
use crate::templates::shapes::{self, Appended};
use crate::templates::statements::is_generator_mark;
use crate::templates::syntax;

/// Lowers the statements of a block.
pub fn block(lowering: &mut Lowering<'_>, statements: &[syntax::Statement]) -> Result<Vec<Stmt>, Refusal> {
    let mut out = Vec::with_capacity(statements.len());
    let mut rest = statements;
    while let [first, after @ ..] = rest {
        let passed = shapes::passed_on(first, after.first());
        rest = if passed.is_some() { &after[1..] } else { after };
        let lowered = match passed {
            Some((source, event)) => pass_on(lowering, source, event, first.line, &mut out),
            None => statement(lowering, first, &mut out),
        };
        lowered.map_err(|mut refusal| {
            if refusal.line == 0 {
                refusal.line = first.line;
            }
            refusal
        })?;
    }
    Ok(out)
}

fn statement(lowering: &mut Lowering<'_>, from: &syntax::Statement, out: &mut Vec<Stmt>) -> Result<(), Refusal> {
    let kind = match &from.kind {
        syntax::StatementKind::Pass => return Ok(()),
        mark if is_generator_mark(mark) => return Ok(()),
        syntax::StatementKind::Assign(targets, value) => match assignment(lowering, targets, value)? {
            Some(kind) => kind,
            None => return Ok(()),
        },
        syntax::StatementKind::Evaluate(value) => return evaluated(lowering, value, from.line, out),
        syntax::StatementKind::Yield(value) => yielded(lowering, value)?,
        syntax::StatementKind::YieldFrom(value) if lowering.kind == FunctionKind::Render => {
            drained(lowering, None, value)?
        }
        syntax::StatementKind::YieldFrom(_) => return lowering.refuse("a yield in an inner function"),
        syntax::StatementKind::Return(value) => StmtKind::Return(expression(lowering, value)?),
        syntax::StatementKind::Raise(value) => StmtKind::Raise(expression(lowering, value)?),
        syntax::StatementKind::If(branches, otherwise) => {
            let branches = branches
                .iter()
                .map(|(test, body)| Ok((expression(lowering, test)?, block(lowering, body)?)));
            let branches = branches.collect::<Result<_, Refusal>>()?;
            StmtKind::If(branches, block(lowering, otherwise)?)
        }
        syntax::StatementKind::For(over, items, body) => {
            StmtKind::For(Box::new(loop_over(lowering, over, items, body)?))
        }
        syntax::StatementKind::Try(guarded) => guarded_block(lowering, guarded)?,
        syntax::StatementKind::Define(function) => inner_function(lowering, function)?,
        syntax::StatementKind::Break if lowering.loops_around > 0 => StmtKind::Break,
        syntax::StatementKind::Continue if lowering.loops_around > 0 => StmtKind::Continue,
        syntax::StatementKind::Break | syntax::StatementKind::Continue => return lowering.refuse("outside of a loop"),
        syntax::StatementKind::Import(..) => return lowering.refuse("an import in a function"),
    };
    out.push(Stmt { line: from.line, kind });
    Ok(())
}

/// An assignment; None for one that a program does without.
fn assignment(
    lowering: &mut Lowering<'_>,
    targets: &[syntax::Expression],
    value: &syntax::Expression,
) -> Result<Option<StmtKind>, Refusal> {
    if lowering.kind == FunctionKind::Render && shapes::is_preamble(targets, value) {
        return Ok(None);
    }
    if let ([syntax::Expression::Name(name)], syntax::Expression::List(items)) = (targets, value)
        && items.is_empty()
        && is_temporary(name)
    {
        return Ok(Some(StmtKind::StartBuffer(lowering.buffer(name))));
    }
    if let ([syntax::Expression::Name(name)], syntax::Expression::Dict(entries)) = (targets, value)
        && entries.is_empty()
        && lowering.always_empty.contains(name)
    {
        return Ok(None);
    }
    let value = expression(lowering, value)?;
    let targets = targets.iter().map(|over| target(lowering, over));
    let targets: Box<[AssignTarget]> = targets.collect::<Result<_, Refusal>>()?;
    Ok(Some(StmtKind::Assign(targets, value)))
}

/// Whether a name is one of the generator's temporary ones: `t_1`.
fn is_temporary(name: &str) -> bool {
    name.strip_prefix("t_")
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

fn target(lowering: &mut Lowering<'_>, over: &syntax::Expression) -> Result<AssignTarget, Refusal> {
    Ok(match over {
        syntax::Expression::Name(name) if lowering.loop_states.contains_key(name) => AssignTarget::Nowhere,
        syntax::Expression::Name(name) => match lowering.variable(name) {
            Some(var) if !AMBIENT.contains(&name.as_str()) => AssignTarget::Var(var),
            _ => return lowering.refuse(format!("an unusual assignment to {name}")),
        },
        syntax::Expression::Attribute(of, name) => {
            let of = expression(lowering, of)?;
            AssignTarget::Attribute(of, lowering.pool.name(name))
        }
        syntax::Expression::Subscript(of, index) => {
            AssignTarget::Subscript(expression(lowering, of)?, expression(lowering, index)?)
        }
        syntax::Expression::Tuple(items) => {
            let items = items.iter().map(|item| target(lowering, item));
            AssignTarget::Tuple(items.collect::<Result<_, Refusal>>()?)
        }
        _ => return lowering.refuse("an unusual target"),
    })
}

/// An expression for its effects: what goes into a buffer is output.
fn evaluated(
    lowering: &mut Lowering<'_>,
    value: &syntax::Expression,
    line: u32,
    out: &mut Vec<Stmt>,
) -> Result<(), Refusal> {
    let buffer = shapes::method_owner(value).and_then(|name| Some((name, *lowering.buffers.get(name)?)));
    let Some((name, number)) = buffer else {
        let kind = StmtKind::Evaluate(expression(lowering, value)?);
        out.push(Stmt { line, kind });
        return Ok(());
    };
    match shapes::appended(value, name) {
        Some(Appended::One(piece)) => {
            let kind = output(lowering, Some(number), &piece.value)?;
            out.push(Stmt { line: piece.line, kind });
        }
        Some(Appended::Several(pieces, first_line)) => {
            // The generator writes each piece on a line of its own.
            for (line, piece) in (first_line + 1..).zip(pieces) {
                let kind = output(lowering, Some(number), piece)?;
                out.push(Stmt { line, kind });
            }
        }
        None => return lowering.refuse("an unusual use of a buffer"),
    }
    Ok(())
}

fn yielded(lowering: &mut Lowering<'_>, value: &syntax::Expression) -> Result<StmtKind, Refusal> {
    match lowering.kind {
        FunctionKind::Render => output(lowering, None, value),
        FunctionKind::Items => Ok(StmtKind::Return(expression(lowering, value)?)),
        FunctionKind::Plain => lowering.refuse("a yield in an inner function"),
    }
}

/// A piece of text for a sink.
fn output(lowering: &mut Lowering<'_>, sink: Sink, piece: &syntax::Expression) -> Result<StmtKind, Refusal> {
    if let syntax::Expression::Literal(Literal::Text(text)) = piece {
        return Ok(StmtKind::Data(sink, text.as_str().into()));
    }
    for (function, escaping) in [("escape", Escaping::Html), ("str", Escaping::Text)] {
        if let Some(value) = shapes::call_of(piece, function) {
            return Ok(StmtKind::Print(sink, expression(lowering, value)?, escaping));
        }
    }
    Ok(StmtKind::Emit(sink, expression(lowering, piece)?))
}

/// Everything that something yields, passed on to a sink.
fn drained(lowering: &mut Lowering<'_>, sink: Sink, source: &syntax::Expression) -> Result<StmtKind, Refusal> {
    if let Some((function, context)) = shapes::render_call(source) {
        let both = (expression(lowering, function)?, expression(lowering, context)?);
        return Ok(StmtKind::Render(sink, Box::new(both)));
    }
    Ok(StmtKind::Drain(sink, expression(lowering, source)?))
}

/// `gen = ...` and the loop that passes on its events.
fn pass_on(
    lowering: &mut Lowering<'_>,
    source: &syntax::Expression,
    event: &syntax::StatementKind,
    line: u32,
    out: &mut Vec<Stmt>,
) -> Result<(), Refusal> {
    let sink = match event {
        syntax::StatementKind::Yield(value) if shapes::is_name(value, "event") => None,
        syntax::StatementKind::Evaluate(value) => {
            let name = shapes::method_owner(value).unwrap_or_default();
            match (lowering.buffers.get(name), shapes::appended(value, name)) {
                (Some(number), Some(Appended::One(piece))) if shapes::is_name(&piece.value, "event") => Some(*number),
                _ => return lowering.refuse("an unusual use of a generator"),
            }
        }
        _ => return lowering.refuse("an unusual use of a generator"),
    };
    if shapes::render_call(source).is_none() {
        return lowering.refuse("an unusual generator");
    }
    let kind = drained(lowering, sink, source)?;
    out.push(Stmt { line, kind });
    Ok(())
}

fn loop_over(
    lowering: &mut Lowering<'_>,
    over: &syntax::Expression,
    items: &syntax::Expression,
    body: &[syntax::Statement],
) -> Result<For, Refusal> {
    let plain = shapes::loop_with_state(over, items)
        .and_then(|(over, state, items)| Some((over, *lowering.loop_states.get(state)?, items)));
    let (over, state, items) = match plain {
        Some((over, state, items)) => (over, Some(state), items),
        None => (over, None, items),
    };
    let items = expression(lowering, items)?;
    Ok(For {
        target: target(lowering, over)?,
        items,
        state,
        body: inside(lowering, 1, |lowering| block(lowering, body))?,
    })
}

fn guarded_block(lowering: &mut Lowering<'_>, guarded: &syntax::TryStatement) -> Result<StmtKind, Refusal> {
    if let Some(found) = shapes::dependency(guarded) {
        let Some(var) = lowering.variable(found.variable) else {
            return lowering.refuse("an unusual filter or test");
        };
        return Ok(StmtKind::Dependency(Box::new(Dependency {
            var,
            table: lowering.pool.name(found.table),
            name: lowering.pool.name(found.name),
            missing: found.missing.to_owned(),
        })));
    }
    let handler = match &guarded.handler {
        Some((class, body)) => Some((expression(lowering, class)?, block(lowering, body)?)),
        None => None,
    };
    inside(lowering, 0, |lowering| {
        Ok(StmtKind::Try(Box::new(Try {
            body: block(lowering, &guarded.body)?,
            handler,
            otherwise: block(lowering, &guarded.otherwise)?,
            finally: block(lowering, &guarded.finally)?,
        })))
    })
}

/// Lowers what is inside of a block, as many of which as CPython's compiler allows.
fn inside<T>(
    lowering: &mut Lowering<'_>,
    loops: usize,
    lower: impl FnOnce(&mut Lowering<'_>) -> Result<T, Refusal>,
) -> Result<T, Refusal> {
    const MOST: usize = 19;
    if lowering.blocks_around == MOST {
        return lowering.refuse("too many blocks inside of each other");
    }
    lowering.blocks_around += 1;
    lowering.loops_around += loops;
    let lowered = lower(lowering);
    lowering.blocks_around -= 1;
    lowering.loops_around -= loops;
    lowered
}

/// A function in a function: a macro, the body of a recursive loop, or the condition of a loop.
fn inner_function(lowering: &mut Lowering<'_>, function: &syntax::Definition) -> Result<StmtKind, Refusal> {
    let Some(var) = lowering.variable(&function.name) else {
        return lowering.refuse("an unusual function");
    };
    let kind = if is_condition(function) {
        FunctionKind::Items
    } else {
        FunctionKind::Plain
    };
    let number = lowering.define(function, kind)?;
    Ok(StmtKind::Define(var, number))
}

/// Whether a function yields the items of an iterable that pass a condition: its last statement is the loop over them.
fn is_condition(function: &syntax::Definition) -> bool {
    let [(param, None)] = function.params.as_slice() else {
        return false;
    };
    let Some(syntax::Statement {
        kind: syntax::StatementKind::For(_, items, body),
        ..
    }) = function.body.last()
    else {
        return false;
    };
    let [
        syntax::Statement {
            kind: syntax::StatementKind::If(branches, otherwise),
            ..
        },
    ] = body.as_slice()
    else {
        return false;
    };
    let [(_, passed)] = branches.as_slice() else {
        return false;
    };
    param == "fiter"
        && shapes::is_name(items, "fiter")
        && otherwise.is_empty()
        && matches!(
            passed.as_slice(),
            [syntax::Statement {
                kind: syntax::StatementKind::Yield(_),
                ..
            }]
        )
}
