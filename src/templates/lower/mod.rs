//! From the syntax tree to a program: variables get numbers, and the generator's shapes their steps.

mod expressions;
mod function;
mod loops;
mod lowering;
mod module;
mod pool;
mod statements;

pub use module::compile;
