//! Expressions: names become variables, module-level names or ambient ones; the generator's usual calls get steps of their
//! own.

use super::loops::{cycled, is_own_keyword};
use super::lowering::Lowering;
use crate::templates::program::{Call, Escaping, Expr, FormatPiece, Literal, LoopAttr, TemplateCall, Var};
use crate::templates::refusal::Refusal;
use crate::templates::shapes;
use crate::templates::syntax;

type Lowered = Result<Expr, Refusal>;

/// Lowers an expression.
pub fn expression(lowering: &mut Lowering<'_>, expr: &syntax::Expression) -> Lowered {
    if let Some(shaped) = shaped(lowering, expr)? {
        return Ok(shaped);
    }
    let boxed = |lowering: &mut Lowering<'_>, expr: &syntax::Expression| expression(lowering, expr).map(Box::new);
    Ok(match expr {
        syntax::Expression::Literal(literal) => Expr::Literal(lowering.pool.literal(literal)),
        syntax::Expression::Name(name) => return named(lowering, name),
        syntax::Expression::Attribute(of, name) => {
            let of = boxed(lowering, of)?;
            Expr::Attribute(of, lowering.pool.name(name))
        }
        syntax::Expression::Subscript(of, _) if is_warned_about(of) => return lowering.refuse("an item of a constant"),
        syntax::Expression::Call(call) if is_warned_about(&call.callee) => {
            return lowering.refuse("a call of a constant");
        }
        syntax::Expression::Subscript(of, index) => {
            Expr::Subscript(Box::new((expression(lowering, of)?, expression(lowering, index)?)))
        }
        syntax::Expression::Slice(parts) => {
            let mut lowered = [None, None, None];
            for (lowered, part) in lowered.iter_mut().zip(parts.iter()) {
                *lowered = part.as_ref().map(|part| expression(lowering, part)).transpose()?;
            }
            Expr::Slice(Box::new(lowered))
        }
        syntax::Expression::Call(call) => Expr::Call(Box::new(plain_call(lowering, call)?)),
        syntax::Expression::Not(inner) => Expr::Not(boxed(lowering, inner)?),
        syntax::Expression::Negative(inner) => Expr::Negative(boxed(lowering, inner)?),
        syntax::Expression::Positive(inner) => Expr::Positive(boxed(lowering, inner)?),
        syntax::Expression::Binary(op, both) => Expr::Binary(*op, pair(lowering, both)?),
        syntax::Expression::And(both) => Expr::And(pair(lowering, both)?),
        syntax::Expression::Or(both) => Expr::Or(pair(lowering, both)?),
        syntax::Expression::Compare(first, others) => {
            let first = boxed(lowering, first)?;
            let others = others.iter().map(|(op, other)| Ok((*op, expression(lowering, other)?)));
            Expr::Compare(first, others.collect::<Result<_, Refusal>>()?)
        }
        syntax::Expression::Conditional(parts) => Expr::Conditional(Box::new([
            expression(lowering, &parts.test)?,
            expression(lowering, &parts.then)?,
            expression(lowering, &parts.otherwise)?,
        ])),
        syntax::Expression::Tuple(items) => return tuple(lowering, items),
        syntax::Expression::List(items) => Expr::List(all(lowering, items)?),
        syntax::Expression::Set(items) => Expr::Set(all(lowering, items)?),
        syntax::Expression::Dict(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| Ok((expression(lowering, key)?, expression(lowering, value)?)));
            Expr::Dict(entries.collect::<Result<_, Refusal>>()?)
        }
        syntax::Expression::Format(pieces) => Expr::Format(format_pieces(lowering, pieces)?),
    })
}

/// Whether CPython's compiler warns when an item of this is looked up, or when it is called. It may, but need not: the
/// texts and lists that it is silent about are rare as well.
fn is_warned_about(base: &syntax::Expression) -> bool {
    matches!(
        base,
        syntax::Expression::Literal(_)
            | syntax::Expression::Tuple(_)
            | syntax::Expression::List(_)
            | syntax::Expression::Dict(_)
            | syntax::Expression::Set(_)
            | syntax::Expression::Format(_)
    )
}

/// Lowers several expressions.
pub fn all(lowering: &mut Lowering<'_>, items: &[syntax::Expression]) -> Result<Vec<Expr>, Refusal> {
    items.iter().map(|item| expression(lowering, item)).collect()
}

fn pair(
    lowering: &mut Lowering<'_>,
    both: &(syntax::Expression, syntax::Expression),
) -> Result<Box<(Expr, Expr)>, Refusal> {
    Ok(Box::new((
        expression(lowering, &both.0)?,
        expression(lowering, &both.1)?,
    )))
}

/// An expression with a step of its own.
fn shaped(lowering: &mut Lowering<'_>, expr: &syntax::Expression) -> Result<Option<Expr>, Refusal> {
    if let Some((variable, name)) = shapes::checked(expr)
        && let Some(var) = lowering.variable(variable)
    {
        return Ok(Some(Expr::Checked(var, lowering.pool.name(name))));
    }
    if let Some(name) = shapes::resolved(expr) {
        return Ok(Some(Expr::Resolve(lowering.pool.name(name))));
    }
    if let Some((value, name)) = shapes::template_attr(expr) {
        if let syntax::Expression::Name(variable) = value
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
fn buffer_text(lowering: &Lowering<'_>, expr: &syntax::Expression) -> Option<u32> {
    match shapes::call_of(expr, "concat")? {
        syntax::Expression::Name(name) => lowering.buffers.get(name).copied(),
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
fn tuple(lowering: &mut Lowering<'_>, items: &[syntax::Expression]) -> Lowered {
    match constant_tuple(items) {
        Some(constant) => Ok(Expr::Literal(lowering.pool.literal(&constant))),
        None => Ok(Expr::Tuple(all(lowering, items)?)),
    }
}

fn constant_tuple(items: &[syntax::Expression]) -> Option<Literal> {
    let constants = items.iter().map(|item| match item {
        syntax::Expression::Literal(literal) => Some(literal.clone()),
        syntax::Expression::Tuple(items) => constant_tuple(items),
        _ => None,
    });
    constants.collect::<Option<Vec<_>>>().map(Literal::Tuple)
}

fn plain_call(lowering: &mut Lowering<'_>, call: &syntax::CallExpression) -> Result<Call, Refusal> {
    let callee = expression(lowering, &call.callee)?;
    arguments(lowering, callee, call)
}

/// `context.call(callable, ...)`, with the dicts of variables set in loops and blocks apart from the author's keywords.
fn template_call(lowering: &mut Lowering<'_>, call: &syntax::CallExpression) -> Lowered {
    if let Some(state) = cycled(&call.args[0].value).and_then(|name| lowering.loop_states.get(name).copied()) {
        let items = call.args[1..]
            .iter()
            .map(|argument| expression(lowering, &argument.value));
        return Ok(Expr::LoopCycle(state, items.collect::<Result<_, Refusal>>()?));
    }
    let callee = expression(lowering, &call.args[0].value)?;
    let (call, own) = without_own_keywords(call);
    let call = arguments(lowering, callee, &call)?;
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

type Keywords = Vec<(String, syntax::Expression)>;

/// The call of a callable inside of `context.call(callable, ...)`, and the keywords that the generator has added.
///
/// Where a keyword of the author's is a word of Python's (`class`), the generator writes all of them as a dict with two stars.
fn without_own_keywords(call: &syntax::CallExpression) -> (syntax::CallExpression, Keywords) {
    let mut bare = call.clone();
    bare.args.remove(0);
    let mut own = Vec::new();
    match &mut bare.double_star {
        Some(syntax::Expression::Dict(entries)) => {
            let is_given = |name: &str| bare.keywords.iter().any(|(given, _)| given == name);
            // A name given twice is an error, which merging them raises.
            if let Some(keywords) = keywords_of(entries)
                && !keywords.iter().any(|(name, _)| is_given(name))
            {
                bare.keywords.extend(keywords);
                bare.double_star = None;
            }
        }
        Some(syntax::Expression::Call(merged))
            if shapes::is_name(&merged.callee, "dict") && merged.keywords.is_empty() =>
        {
            if let [only] = merged.args.as_mut_slice()
                && let syntax::Expression::Dict(entries) = &mut only.value
                && let Some(keywords) = keywords_of(entries)
            {
                own.extend(keywords.into_iter().filter(|(name, _)| is_own_keyword(name)));
                entries.retain(|(name, _)| !shapes::text(name).is_some_and(is_own_keyword));
            }
        }
        _ => {}
    }
    let (added, keywords): (Vec<_>, Vec<_>) = bare.keywords.into_iter().partition(|(name, _)| is_own_keyword(name));
    own.extend(added);
    bare.keywords = keywords;
    (bare, own)
}

/// The entries of a dict as keyword arguments; None when their names aren't constants, or one comes twice.
fn keywords_of(entries: &[(syntax::Expression, syntax::Expression)]) -> Option<Keywords> {
    let mut keywords = Keywords::with_capacity(entries.len());
    for (name, value) in entries {
        let name = shapes::text(name)?;
        if keywords.iter().any(|(known, _)| known == name) {
            return None;
        }
        keywords.push((name.to_owned(), value.clone()));
    }
    Some(keywords)
}

fn own_variable(lowering: &Lowering<'_>, name: &str, value: &syntax::Expression) -> Result<Var, Refusal> {
    let var = if shapes::is_name(value, name) {
        lowering.variable(name)
    } else {
        None
    };
    var.map_or_else(|| lowering.refuse(format!("an unusual use of {name}")), Ok)
}

fn arguments(lowering: &mut Lowering<'_>, callee: Expr, call: &syntax::CallExpression) -> Result<Call, Refusal> {
    let args = call.args.iter().map(|argument| expression(lowering, &argument.value));
    let args = args.collect::<Result<_, Refusal>>()?;
    let star = call.star.as_ref().map(|star| expression(lowering, star)).transpose()?;
    let keywords = call.keywords.iter().map(|(name, value)| {
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

fn format_pieces(lowering: &mut Lowering<'_>, pieces: &[syntax::FormattedPiece]) -> Result<Vec<FormatPiece>, Refusal> {
    let lowered = pieces.iter().map(|piece| match piece {
        syntax::FormattedPiece::Text(text) => Ok(FormatPiece::Text(text.clone())),
        syntax::FormattedPiece::Repr(value) => expression(lowering, value).map(FormatPiece::Repr),
    });
    lowered.collect()
}
