//! The module that Jinja2 generates: imports, the functions of the template and its blocks, three variables.

use super::function;
use super::pool::ConstantPool;
use crate::templates::program::{FunctionKind, Global, Literal, Program};
use crate::templates::refusal::Refusal;
use crate::templates::shapes::is_name;
use crate::templates::statements;
use crate::templates::syntax::{Definition, Expression, Statement, StatementKind};

/// What the module's variables say.
#[derive(Default)]
struct Module<'s> {
    name: Option<Literal>,
    debug_info: Option<String>,
    blocks: Option<Vec<(String, usize)>>,
    functions: Vec<(&'s Definition, u32)>,
}

/// The program of a generated source.
///
/// # Errors
/// What of the source is not as Jinja2's generator writes it.
pub fn compile(source: &str) -> Result<Program, Refusal> {
    let statements = statements::parse(source)?;
    let mut pool = ConstantPool::default();
    let mut module = Module::default();
    for statement in &statements {
        read(statement, &mut module, &mut pool)?;
    }
    for (number, (function, line)) in module.functions.iter().enumerate() {
        let lowered = function::lower(function, FunctionKind::Render, None, &mut pool)
            .map_err(|refusal| located(refusal, *line))?;
        pool.functions[number] = Some(lowered);
    }
    let root = module
        .functions
        .iter()
        .position(|(function, _)| function.name == "root");
    let (Some(root), Some(template_name), Some(blocks), Some(debug_info)) =
        (root, module.name, module.blocks, module.debug_info)
    else {
        return Err(Refusal::new(1, "a module without root, name, blocks or debug_info"));
    };
    Ok(Program {
        functions: pool.functions.into_iter().flatten().collect(),
        root,
        blocks,
        names: pool.names,
        literals: pool.literals,
        globals: pool.globals,
        template_name,
        debug_info,
    })
}

fn located(mut refusal: Refusal, line: u32) -> Refusal {
    if refusal.line == 0 {
        refusal.line = line;
    }
    refusal
}

fn read<'s>(statement: &'s Statement, module: &mut Module<'s>, pool: &mut ConstantPool) -> Result<(), Refusal> {
    let refused = |what: &str| Err(Refusal::new(statement.line, what));
    match &statement.kind {
        StatementKind::Import(from, names) => {
            for (name, alias) in names {
                let global = Global::Imported {
                    module: from.clone(),
                    name: name.clone(),
                };
                pool.declare_global(alias, global);
            }
        }
        StatementKind::Define(function) => {
            if !is_render_function(function) {
                return refused("a function with unusual parameters");
            }
            pool.declare_global(&function.name, Global::Function(module.functions.len()));
            pool.functions.push(None);
            module.functions.push((function, statement.line));
        }
        StatementKind::Assign(targets, value) => {
            let [Expression::Name(target)] = targets.as_slice() else {
                return refused("an unusual assignment in the module");
            };
            match (target.as_str(), value) {
                ("name", Expression::Literal(name)) => module.name = Some(name.clone()),
                ("debug_info", Expression::Literal(Literal::Text(lines))) => module.debug_info = Some(lines.clone()),
                ("blocks", Expression::Dict(entries)) => module.blocks = Some(blocks(entries, module, statement.line)?),
                _ => return refused("an unusual variable of the module"),
            }
        }
        _ => return refused("an unusual statement in the module"),
    }
    Ok(())
}

/// Whether the parameters are those of all render functions: `(context, missing=missing, environment=environment)`.
fn is_render_function(function: &Definition) -> bool {
    let [
        (first, None),
        (second, Some(second_default)),
        (third, Some(third_default)),
    ] = function.params.as_slice()
    else {
        return false;
    };
    function.star.is_none()
        && first == "context"
        && second == "missing"
        && is_name(second_default, "missing")
        && third == "environment"
        && is_name(third_default, "environment")
}

fn blocks(
    entries: &[(Expression, Expression)],
    module: &Module<'_>,
    line: u32,
) -> Result<Vec<(String, usize)>, Refusal> {
    let found = entries.iter().map(|(name, function)| {
        let (Expression::Literal(Literal::Text(name)), Expression::Name(function)) = (name, function) else {
            return None;
        };
        let number = module.functions.iter().position(|(known, _)| known.name == *function)?;
        Some((name.clone(), number))
    });
    found
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| Refusal::new(line, "unusual blocks"))
}
