//! What is known of a function while its statements are lowered: its variables, loops and buffers.

use std::collections::{HashMap, HashSet};

use super::loops;
use super::pool::{ConstantPool, number_of};
use crate::templates::program::{Function, FunctionKind, Param, Stmt, Var};
use crate::templates::refusal::Refusal;
use crate::templates::scopes::FunctionNames;
use crate::templates::syntax::{Definition, Expression};

/// A function while it is lowered.
pub struct Lowering<'p> {
    pub pool: &'p mut ConstantPool,
    pub kind: FunctionKind,
    pub variables: HashMap<String, Var>,
    /// Loop variables that need no object, and the numbers of their states.
    pub loop_states: HashMap<String, u32>,
    /// `_loop_vars` and `_block_vars`, where nothing is ever put into them.
    pub always_empty: HashSet<String>,
    pub buffers: HashMap<String, u32>,
    /// How many loops and guarded blocks are around the statement that is lowered.
    pub blocks_around: usize,
    pub loops_around: usize,
    own_cells: usize,
    captured: Vec<u32>,
    locals: usize,
}

impl<'p> Lowering<'p> {
    pub fn new(function: &Definition, kind: FunctionKind, names: &FunctionNames, pool: &'p mut ConstantPool) -> Self {
        Self {
            pool,
            kind,
            variables: HashMap::new(),
            loop_states: loops::states_of(function, names),
            always_empty: loops::always_empty(function, names),
            buffers: HashMap::new(),
            blocks_around: 0,
            loops_around: 0,
            own_cells: 0,
            captured: Vec::new(),
            locals: 0,
        }
    }

    pub fn number_variables(&mut self, names: &FunctionNames, around: Option<&HashMap<String, Var>>) {
        self.own_cells = names.wanted_inside.len();
        for (number, name) in names.wanted_inside.iter().enumerate() {
            self.variables.insert(name.clone(), Var::Cell(number_of(number)));
        }
        for name in &names.assigned {
            let is_variable = !self.loop_states.contains_key(name) && !self.always_empty.contains(name);
            if is_variable && !self.variables.contains_key(name) {
                self.variables.insert(name.clone(), Var::Local(number_of(self.locals)));
                self.locals += 1;
            }
        }
        for name in &names.free {
            if let Some(Var::Cell(outside)) = around.and_then(|around| around.get(name)) {
                let number = number_of(self.own_cells + self.captured.len());
                self.variables.insert(name.clone(), Var::Cell(number));
                self.captured.push(*outside);
            }
        }
    }

    pub fn params(&mut self, function: &Definition) -> Result<Vec<Param>, Refusal> {
        if self.kind == FunctionKind::Render {
            return Ok(Vec::new());
        }
        if function.star.is_some() {
            return self.refuse("a starred parameter");
        }
        let mut params = Vec::with_capacity(function.params.len());
        for (name, default) in &function.params {
            if function.params.iter().filter(|(other, _)| other == name).count() > 1 {
                return self.refuse("two parameters of one name");
            }
            let Some(var) = self.variable(name) else {
                return self.refuse("an unusual parameter");
            };
            let default = match default {
                None => None,
                Some(Expression::Literal(value)) => Some(self.pool.literal(value)),
                Some(_) => return self.refuse("an unusual default of a parameter"),
            };
            let name = self.pool.name(name);
            params.push(Param { var, name, default });
        }
        Ok(params)
    }

    pub fn finish(
        mut self,
        function: &Definition,
        names: &FunctionNames,
        params: Vec<Param>,
        body: Vec<Stmt>,
    ) -> Function {
        let mut local_names = vec![0; self.locals];
        let mut cell_names = vec![0; self.own_cells + self.captured.len()];
        let variables = std::mem::take(&mut self.variables);
        for (name, var) in &variables {
            let name = self.pool.name(name);
            match var {
                Var::Local(number) => local_names[*number as usize] = name,
                Var::Cell(number) => cell_names[*number as usize] = name,
            }
        }
        let mut loop_names = vec![0; self.loop_states.len()];
        for (name, number) in &self.loop_states {
            loop_names[*number as usize] = self.pool.name(name);
        }
        Function {
            name: function.name.clone(),
            kind: self.kind,
            has_context: self.kind == FunctionKind::Render || names.uses_context,
            params,
            locals: self.locals,
            local_names,
            cell_names,
            own_cells: self.own_cells,
            captured: self.captured,
            loop_names,
            buffers: self.buffers.len(),
            body,
        }
    }

    /// The variable of that name; None when it is a name of the module.
    pub fn variable(&self, name: &str) -> Option<Var> {
        self.variables.get(name).copied()
    }

    /// A buffer of that name, a new one when it is not known yet.
    pub fn buffer(&mut self, name: &str) -> u32 {
        let next = number_of(self.buffers.len());
        *self.buffers.entry(name.to_owned()).or_insert(next)
    }

    /// A refusal without a line: the statement that it belongs to adds its own.
    #[expect(clippy::unused_self, reason = "reads as the parser's")]
    pub fn refuse<T>(&self, what: impl Into<String>) -> Result<T, Refusal> {
        Err(Refusal::new(0, what))
    }
}
