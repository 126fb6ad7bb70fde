//! The lists of a program while it is being made: each name, constant and module-level name once.

use std::collections::HashMap;

use crate::templates::program::{Function, Global, Literal};

/// Names of the module that a generated function may use besides its imports and functions: Python's own.
const BUILT_INS: [&str; 13] = [
    "Ellipsis",
    "KeyError",
    "NotImplemented",
    "bool",
    "complex",
    "dict",
    "frozenset",
    "getattr",
    "isinstance",
    "len",
    "range",
    "set",
    "str",
];

#[derive(Default)]
pub struct ConstantPool {
    pub names: Vec<String>,
    name_numbers: HashMap<String, u32>,
    pub literals: Vec<Literal>,
    pub globals: Vec<Global>,
    global_numbers: HashMap<String, u32>,
    /// None: a function of the module whose turn has not come.
    pub functions: Vec<Option<Function>>,
}

impl ConstantPool {
    pub fn name(&mut self, name: &str) -> u32 {
        if let Some(number) = self.name_numbers.get(name) {
            return *number;
        }
        let number = number_of(self.names.len());
        self.names.push(name.to_owned());
        self.name_numbers.insert(name.to_owned(), number);
        number
    }

    pub fn literal(&mut self, literal: &Literal) -> u32 {
        let known = self.literals.iter().position(|known| is_same(known, literal));
        let number = known.unwrap_or_else(|| {
            self.literals.push(literal.clone());
            self.literals.len() - 1
        });
        number_of(number)
    }

    pub fn declare_global(&mut self, name: &str, global: Global) {
        let number = number_of(self.globals.len());
        self.globals.push(global);
        self.global_numbers.insert(name.to_owned(), number);
    }

    /// The number of a module-level name; None for one that the source has no right to use.
    pub fn global(&mut self, name: &str) -> Option<u32> {
        if let Some(number) = self.global_numbers.get(name) {
            return Some(*number);
        }
        if !BUILT_INS.contains(&name) {
            return None;
        }
        self.declare_global(name, Global::BuiltIn(name.to_owned()));
        self.global_numbers.get(name).copied()
    }

    pub fn add_function(&mut self, function: Function) -> usize {
        self.functions.push(Some(function));
        self.functions.len() - 1
    }
}

/// Whether two constants may be one object: Python's `==` says so of `0.0` and `-0.0`, of `1` and `1.0`, but they print
/// differently.
fn is_same(left: &Literal, right: &Literal) -> bool {
    match (left, right) {
        (Literal::Float(left), Literal::Float(right)) | (Literal::Imaginary(left), Literal::Imaginary(right)) => {
            left.to_bits() == right.to_bits()
        }
        (Literal::Tuple(left), Literal::Tuple(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| is_same(left, right))
        }
        _ => left == right,
    }
}

/// A place in a list as the number that a program has for it.
pub fn number_of(place: usize) -> u32 {
    u32::try_from(place).expect("invariant: a source of less than 4 GiB")
}
