//! One function of the generated source.

use std::collections::HashMap;

use super::lowering::Lowering;
use super::pool::ConstantPool;
use super::statements;
use crate::templates::program::{Function, FunctionKind, Var};
use crate::templates::refusal::Refusal;
use crate::templates::scopes;
use crate::templates::syntax::Definition;

/// Lowers a function; `around` is the one it is written in.
pub fn lower(
    function: &Definition,
    kind: FunctionKind,
    around: Option<&HashMap<String, Var>>,
    pool: &mut ConstantPool,
) -> Result<Function, Refusal> {
    let names = scopes::names_of(function);
    let mut lowering = Lowering::new(function, kind, &names, pool);
    lowering.number_variables(&names, around);
    let params = lowering.params(function)?;
    let body = statements::block(&mut lowering, &function.body)?;
    Ok(lowering.finish(function, &names, params, body))
}

impl Lowering<'_> {
    /// An inner function, which may use the variables of this one.
    pub fn define(&mut self, function: &Definition, kind: FunctionKind) -> Result<usize, Refusal> {
        let lowered = lower(function, kind, Some(&self.variables), self.pool)?;
        Ok(self.pool.add_function(lowered))
    }
}
