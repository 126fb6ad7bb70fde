//! The shapes in which Jinja2's generator writes what has a step of its own in a program: each function says whether an
//! expression or a statement has one, and gives its parts.

use super::program::{CompareOp, Literal};
use super::syntax::{CallExpression, Expression, PositionalArgument, Statement, StatementKind, TryStatement};

pub fn is_name(expr: &Expression, wanted: &str) -> bool {
    matches!(expr, Expression::Name(name) if name == wanted)
}

/// The text of a constant.
pub fn text(expr: &Expression) -> Option<&str> {
    match expr {
        Expression::Literal(Literal::Text(text)) => Some(text),
        _ => None,
    }
}

/// A call with nothing but positional arguments.
fn plain_call(expr: &Expression) -> Option<(&Expression, &[PositionalArgument])> {
    match expr {
        Expression::Call(call) if call.keywords.is_empty() && call.star.is_none() && call.double_star.is_none() => {
            Some((&call.callee, &call.args))
        }
        _ => None,
    }
}

/// `function(argument)`.
pub fn call_of<'e>(expr: &'e Expression, function: &str) -> Option<&'e Expression> {
    match plain_call(expr)? {
        (callee, [only]) if is_name(callee, function) => Some(&only.value),
        _ => None,
    }
}

/// `object.method(...)`: the method's name and the arguments.
fn method_call<'e>(expr: &'e Expression, object: &str) -> Option<(&'e str, &'e [PositionalArgument])> {
    let (callee, args) = plain_call(expr)?;
    match callee {
        Expression::Attribute(of, method) if is_name(of, object) => Some((method, args)),
        _ => None,
    }
}

/// `(undefined(name='x') if l_0_x is missing else l_0_x)`: the variable and the name.
pub fn checked(expr: &Expression) -> Option<(&str, &str)> {
    let Expression::Conditional(parts) = expr else {
        return None;
    };
    let Expression::Name(variable) = &parts.otherwise else {
        return None;
    };
    let Expression::Compare(tested, others) = &parts.test else {
        return None;
    };
    let [(CompareOp::Is, mark)] = others.as_slice() else {
        return None;
    };
    let Expression::Call(call) = &parts.then else {
        return None;
    };
    let [(keyword, value)] = call.keywords.as_slice() else {
        return None;
    };
    let fits = is_name(tested, variable)
        && is_name(mark, "missing")
        && is_name(&call.callee, "undefined")
        && call.args.is_empty()
        && call.star.is_none()
        && call.double_star.is_none()
        && keyword == "name";
    if fits { Some((variable, text(value)?)) } else { None }
}

/// `resolve('x')`.
pub fn resolved(expr: &Expression) -> Option<&str> {
    text(call_of(expr, "resolve")?)
}

/// `environment.getattr(value, 'name')`.
pub fn template_attr(expr: &Expression) -> Option<(&Expression, &str)> {
    match method_call(expr, "environment")? {
        ("getattr", [value, name]) => Some((&value.value, text(&name.value)?)),
        _ => None,
    }
}

/// `environment.getitem(value, index)`.
pub fn template_item(expr: &Expression) -> Option<(&Expression, &Expression)> {
    match method_call(expr, "environment")? {
        ("getitem", [value, index]) => Some((&value.value, &index.value)),
        _ => None,
    }
}

/// `context.call(callable, ...)`.
pub fn template_call(expr: &Expression) -> Option<&CallExpression> {
    match expr {
        Expression::Call(call) if !call.args.is_empty() => match &call.callee {
            Expression::Attribute(of, method) if method == "call" && is_name(of, "context") => Some(call),
            _ => None,
        },
        _ => None,
    }
}

/// `t_1.append(x)` or `t_1.extend((x, y))`: the buffer and what goes into it.
pub enum Appended<'e> {
    One(&'e PositionalArgument),
    Several(&'e [Expression], u32),
}

/// What a statement puts into a list that has this name.
pub fn appended<'e>(expr: &'e Expression, buffer: &str) -> Option<Appended<'e>> {
    match method_call(expr, buffer)? {
        ("append", [piece]) => Some(Appended::One(piece)),
        ("extend", [pieces]) => match &pieces.value {
            Expression::Tuple(items) => Some(Appended::Several(items, pieces.line)),
            _ => None,
        },
        _ => None,
    }
}

/// The name of the object whose method is called, if that is a name.
pub fn method_owner(expr: &Expression) -> Option<&str> {
    match plain_call(expr)?.0 {
        Expression::Attribute(of, _) => match of.as_ref() {
            Expression::Name(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// A call of a render function: `template.root_render_func(context)`, `context.blocks['x'][0](context)`.
pub fn render_call(expr: &Expression) -> Option<(&Expression, &Expression)> {
    let (callee, [context]) = plain_call(expr)? else {
        return None;
    };
    let renders = match callee {
        Expression::Attribute(_, name) => name == "root_render_func",
        Expression::Subscript(stack, _) => match stack.as_ref() {
            Expression::Subscript(blocks, _) => {
                matches!(blocks.as_ref(), Expression::Attribute(of, name) if name == "blocks" && is_name(of, "context"))
            }
            _ => false,
        },
        _ => false,
    };
    renders.then_some((callee, &context.value))
}

/// `gen = ...` followed by the loop that passes on what it yields: the call, and the statement that passes an event on.
pub fn passed_on<'e>(
    first: &'e Statement,
    second: Option<&'e Statement>,
) -> Option<(&'e Expression, &'e StatementKind)> {
    let StatementKind::Assign(targets, source) = &first.kind else {
        return None;
    };
    let StatementKind::Try(guarded) = &second?.kind else {
        return None;
    };
    let [target] = targets.as_slice() else { return None };
    if !is_name(target, "gen") || guarded.handler.is_some() || !guarded.otherwise.is_empty() {
        return None;
    }
    let [
        Statement {
            kind: StatementKind::For(event, items, body),
            ..
        },
    ] = guarded.body.as_slice()
    else {
        return None;
    };
    let [
        Statement {
            kind: StatementKind::Evaluate(close),
            ..
        },
    ] = guarded.finally.as_slice()
    else {
        return None;
    };
    let [pass] = body.as_slice() else { return None };
    let fits =
        is_name(event, "event") && is_name(items, "gen") && matches!(method_call(close, "gen"), Some(("close", [])));
    fits.then_some((source, &pass.kind))
}

/// `try: t_1 = environment.filters['x']`, with a function in its place when there is none.
pub struct FoundDependency<'e> {
    pub variable: &'e str,
    pub table: &'e str,
    pub name: &'e str,
    pub missing: &'e str,
}

pub fn dependency(guarded: &TryStatement) -> Option<FoundDependency<'_>> {
    let [
        Statement {
            kind: StatementKind::Assign(targets, Expression::Subscript(table, name)),
            ..
        },
    ] = guarded.body.as_slice()
    else {
        return None;
    };
    let ([Expression::Name(variable)], Expression::Attribute(of, table)) = (targets.as_slice(), table.as_ref()) else {
        return None;
    };
    let (class, handler) = guarded.handler.as_ref()?;
    let [
        Statement {
            kind: StatementKind::Define(function),
            ..
        },
    ] = handler.as_slice()
    else {
        return None;
    };
    let [
        Statement {
            kind: StatementKind::Raise(error),
            ..
        },
    ] = function.body.as_slice()
    else {
        return None;
    };
    let fits = is_name(of, "environment")
        && (table == "filters" || table == "tests")
        && is_name(class, "KeyError")
        && function.name == *variable
        && function.params.is_empty()
        && function.star.is_some()
        && guarded.otherwise.is_empty()
        && guarded.finally.is_empty();
    fits.then_some(FoundDependency {
        variable,
        table,
        name: text(name)?,
        missing: text(call_of(error, "TemplateRuntimeError")?)?,
    })
}

/// `LoopContext(items, undefined)` over `target, loop`: the target, the loop's variable, the items.
pub fn loop_with_state<'e>(
    target: &'e Expression,
    items: &'e Expression,
) -> Option<(&'e Expression, &'e str, &'e Expression)> {
    let Expression::Tuple(parts) = target else { return None };
    let [item, Expression::Name(state)] = parts.as_slice() else {
        return None;
    };
    let (callee, [iterated, undefined]) = plain_call(items)? else {
        return None;
    };
    let fits = is_name(callee, "LoopContext") && is_name(&undefined.value, "undefined");
    fits.then_some((item, state, &iterated.value))
}

/// The first lines of every function that yields text: they give the ambient names their values.
pub fn is_preamble(targets: &[Expression], value: &Expression) -> bool {
    let [Expression::Name(name)] = targets else {
        return false;
    };
    match value {
        Expression::Attribute(of, attribute) => match name.as_str() {
            "resolve" => is_name(of, "context") && attribute == "resolve_or_missing",
            "undefined" | "concat" => is_name(of, "environment") && attribute == name,
            _ => false,
        },
        Expression::Name(class) => name == "cond_expr_undefined" && class == "Undefined",
        _ => false,
    }
}
