//! Expressions: names become variables, module-level names or ambient ones; the generator's usual calls get steps of their
//! own.

use super::function::Lowering;
use super::loops::{cycled, is_own_keyword};
use crate::templates::Refusal;
use crate::templates::program::{Call, Escaping, Expr, FormatPiece, Literal, LoopAttr, TemplateCall, Var};
use crate::templates::shapes;
use crate::templates::syntax;

type Lowered = Result<Expr, Refusal>;

/// Lowers an expression.
pub fn expression(lowering: &mut Lowering<'_>, expr: &syntax::Expr) -> Lowered {
    if let Some(shaped) = shaped(lowering, expr)? {
        return Ok(shaped);
    }
    let boxed = |lowering: &mut Lowering<'_>, expr: &syntax::Expr| expression(lowering, expr).map(Box::new);
    Ok(match expr {
        syntax::Expr::Literal(literal) => Expr::Literal(lowering.pool.literal(literal)),
        syntax::Expr::Name(name) => return named(lowering, name),
        syntax::Expr::Attribute(of, name) => {
            let of = boxed(lowering, of)?;
            Expr::Attribute(of, lowering.pool.name(name))
        }
        syntax::Expr::Subscript(of, _) if is_warned_about(of) => return lowering.refuse("an item of a constant"),
        syntax::Expr::Call(call) if is_warned_about(&call.callee) => return lowering.refuse("a call of a constant"),
        syntax::Expr::Subscript(of, index) => {
            Expr::Subscript(Box::new((expression(lowering, of)?, expression(lowering, index)?)))
        }
        syntax::Expr::Slice(parts) => {
            let mut lowered = [None, None, None];
            for (lowered, part) in lowered.iter_mut().zip(parts.iter()) {
                *lowered = part.as_ref().map(|part| expression(lowering, part)).transpose()?;
            }
            Expr::Slice(Box::new(lowered))
        }
        syntax::Expr::Call(call) => Expr::Call(Box::new(plain_call(lowering, call)?)),
        syntax::Expr::Not(inner) => Expr::Not(boxed(lowering, inner)?),
        syntax::Expr::Negative(inner) => Expr::Negative(boxed(lowering, inner)?),
        syntax::Expr::Positive(inner) => Expr::Positive(boxed(lowering, inner)?),
        syntax::Expr::Binary(op, both) => Expr::Binary(*op, pair(lowering, both)?),
        syntax::Expr::And(both) => Expr::And(pair(lowering, both)?),
        syntax::Expr::Or(both) => Expr::Or(pair(lowering, both)?),
        syntax::Expr::Compare(first, others) => {
            let first = boxed(lowering, first)?;
            let others = others.iter().map(|(op, other)| Ok((*op, expression(lowering, other)?)));
            Expr::Compare(first, others.collect::<Result<_, Refusal>>()?)
        }
        syntax::Expr::Conditional(parts) => Expr::Conditional(Box::new([
            expression(lowering, &parts.test)?,
            expression(lowering, &parts.then)?,
            expression(lowering, &parts.otherwise)?,
        ])),
        syntax::Expr::Tuple(items) => return tuple(lowering, items),
        syntax::Expr::List(items) => Expr::List(all(lowering, items)?),
        syntax::Expr::Set(items) => Expr::Set(all(lowering, items)?),
        syntax::Expr::Dict(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Ok((expression(lowering, key)?, expression(lowering, value)?)));
            Expr::Dict(entries.collect::<Result<_, Refusal>>()?)
        }
        syntax::Expr::Format(pieces) => Expr::Format(format_pieces(lowering, pieces)?),
    })
}

/// Whether CPython's compiler warns when an item of this is looked up, or when it is called. It may, but need not: the
/// texts and lists that it is silent about are rare as well.
fn is_warned_about(base: &syntax::Expr) -> bool {
    matches!(
        base,
        syntax::Expr::Literal(_)
            | syntax::Expr::Tuple(_)
            | syntax::Expr::List(_)
            | syntax::Expr::Dict(_)
            | syntax::Expr::Set(_)
            | syntax::Expr::Format(_)
    )
}

/// Lowers several expressions.
pub fn all(lowering: &mut Lowering<'_>, items: &[syntax::Expr]) -> Result<Vec<Expr>, Refusal> {
    items.iter().map(|item| expression(lowering, item)).collect()
}

fn pair(lowering: &mut Lowering<'_>, both: &(syntax::Expr, syntax::Expr)) -> Result<Box<(Expr, Expr)>, Refusal> {
    Ok(Box::new((
        expression(lowering, &both.0)?,
        expression(lowering, &both.1)?,
    )))
}

/// An expression with a step of its own.
fn shaped(lowering: &mut Lowering<'_>, expr: &syntax::Expr) -> Result<Option<Expr>, Refusal> {
    if let Some((variable, name)) = shapes::checked(expr)
        && let Some(var) = lowering.variable(variable)
    {
        return Ok(Some(Expr::Checked(var, lowering.pool.name(name))));
    }
    if let Some(name) = shapes::resolved(expr) {
        return Ok(Some(Expr::Resolve(lowering.pool.name(name))));
    }
    if let Some((value, name)) = shapes::template_attr(expr) {
        if let syntax::Expr::Name(variable) = value
            && let Some(state) = lowering.loop_states.get(variable)
        {
            let Some(attribute) = LoopAttr::named(name) else {
                return lowering.refuse("an unusual use of a loop");
            };
            return Ok(Some(Expr::LoopAttr(*state, attribute)));
        }
        let value = Box::new(expression(lowering, value)?);
        return Ok(Some(Expr::TemplateAttr(value, lowering.pool.name(name))));
    }
    if let Some((value, index)) = shapes::template_item(expr) {
        let both = (expression(lowering, value)?, expression(lowering, index)?);
        return Ok(Some(Expr::TemplateItem(Box::new(both))));
    }
    if let Some(call) = shapes::template_call(expr) {
        return template_call(lowering, call).map(Some);
    }
    if let Some(markup) = shapes::call_of(expr, "Markup")
        && let Some(buffer) = buffer_text(lowering, markup)
    {
        return Ok(Some(Expr::Buffered(buffer, Escaping::Html)));
    }
    Ok(buffer_text(lowering, expr).map(|buffer| Expr::Buffered(buffer, Escaping::Text)))
}

/// `concat(t_1)` of a buffer.
fn buffer_text(lowering: &Lowering<'_>, expr: &syntax::Expr) -> Option<u32> {
    match shapes::call_of(expr, "concat")? {
        syntax::Expr::Name(name) => lowering.buffers.get(name).copied(),
        _ => None,
    }
}

fn named(lowering: &mut Lowering<'_>, name: &str) -> Lowered {
    if let Some(var) = lowering.variable(name) {
        return Ok(Expr::Var(var));
    }
    if lowering.buffers.contains_key(name)
        || lowering.loop_states.contains_key(name)
        || lowering.always_empty.contains(name)
    {
        return lowering.refuse(format!("an unusual use of {name}"));
    }
    Ok(match name {
        "context" => Expr::Context,
        "environment" => Expr::Environment,
        "missing" => Expr::Missing,
        "undefined" => Expr::UndefinedClass,
        "cond_expr_undefined" => return named(lowering, "Undefined"),
        "resolve" | "concat" => return lowering.refuse(format!("an unusual use of {name}")),
        _ => match lowering.pool.global(name) {
            Some(number) => Expr::Global(number),
            None => return lowering.refuse(format!("an unknown name {name}")),
        },
    })
}

/// A tuple; of constants, it is one itself.
fn tuple(lowering: &mut Lowering<'_>, items: &[syntax::Expr]) -> Lowered {
    match constant_tuple(items) {
        Some(constant) => Ok(Expr::Literal(lowering.pool.literal(&constant))),
        None => Ok(Expr::Tuple(all(lowering, items)?)),
    }
}

fn constant_tuple(items: &[syntax::Expr]) -> Option<Literal> {
    let constants = items.iter().map(|item| match item {
        syntax::Expr::Literal(literal) => Some(literal.clone()),
        syntax::Expr::Tuple(items) => constant_tuple(items),
        _ => None,
    });
    constants.collect::<Option<Vec<_>>>().map(Literal::Tuple)
}

fn plain_call(lowering: &mut Lowering<'_>, call: &syntax::Call) -> Result<Call, Refusal> {
    let callee = expression(lowering, &call.callee)?;
    arguments(lowering, callee, &call.args, &call.keywords, call)
}

/// `context.call(callable, ...)`, with the dicts of variables set in loops and blocks apart from the author's keywords.
fn template_call(lowering: &mut Lowering<'_>, call: &syntax::Call) -> Lowered {
    if let Some(state) = cycled(&call.args[0].value).and_then(|name| lowering.loop_states.get(name).copied()) {
        let items = call.args[1..]
            .iter()
            .map(|argument| expression(lowering, &argument.value));
        return Ok(Expr::LoopCycle(state, items.collect::<Result<_, Refusal>>()?));
    }
    let callee = expression(lowering, &call.args[0].value)?;
    let (own, keywords): (Vec<_>, Vec<_>) = call
        .keywords
        .iter()
        .cloned()
        .partition(|(name, _)| is_own_keyword(name));
    let call = arguments(lowering, callee, &call.args[1..], &keywords, call)?;
    let mut made = TemplateCall {
        call,
        loop_vars: None,
        block_vars: None,
    };
    for (name, value) in own {
        if lowering.always_empty.contains(&name) {
            continue;
        }
        let var = own_variable(lowering, &name, &value)?;
        if name == "_loop_vars" {
            made.loop_vars = Some(var);
        } else {
            made.block_vars = Some(var);
        }
    }
    Ok(Expr::TemplateCall(Box::new(made)))
}

fn own_variable(lowering: &Lowering<'_>, name: &str, value: &syntax::Expr) -> Result<Var, Refusal> {
    let var = if shapes::is_name(value, name) {
        lowering.variable(name)
    } else {
        None
    };
    var.map_or_else(|| lowering.refuse(format!("an unusual use of {name}")), Ok)
}

fn arguments(
    lowering: &mut Lowering<'_>,
    callee: Expr,
    args: &[syntax::Argument],
    keywords: &[(String, syntax::Expr)],
    call: &syntax::Call,
) -> Result<Call, Refusal> {
    let args = args.iter().map(|argument| expression(lowering, &argument.value));
    let args = args.collect::<Result<_, Refusal>>()?;
    let star = call.star.as_ref().map(|star| expression(lowering, star)).transpose()?;
    let keywords = keywords.iter().map(|(name, value)| {
        let value = expression(lowering, value)?;
        Ok((lowering.pool.name(name), value))
    });
    let keywords = keywords.collect::<Result<_, Refusal>>()?;
    let double_star = call
        .double_star
        .as_ref()
        .map(|double_star| expression(lowering, double_star))
        .transpose()?;
    Ok(Call {
        callee,
        args,
        keywords,
        star,
        double_star,
    })
}

fn format_pieces(lowering: &mut Lowering<'_>, pieces: &[syntax::FormatPiece]) -> Result<Vec<FormatPiece>, Refusal> {
    let lowered = pieces.iter().map(|piece| match piece {
        syntax::FormatPiece::Text(text) => Ok(FormatPiece::Text(text.clone())),
        syntax::FormatPiece::Repr(value) => expression(lowering, value).map(FormatPiece::Repr),
    });
    lowered.collect()
}
