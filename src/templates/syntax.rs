//! The syntax tree of generated Python source, before it becomes a program.

use super::program::{BinaryOp, CompareOp, Literal};

#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    Literal(Literal),
    Name(String),
    Attribute(Box<Expression>, String),
    Subscript(Box<Expression>, Box<Expression>),
    Slice(Box<[Option<Expression>; 3]>),
    Call(Box<CallExpression>),
    Not(Box<Expression>),
    Negative(Box<Expression>),
    Positive(Box<Expression>),
    Binary(BinaryOp, Box<(Expression, Expression)>),
    And(Box<(Expression, Expression)>),
    Or(Box<(Expression, Expression)>),
    Compare(Box<Expression>, Vec<(CompareOp, Expression)>),
    Conditional(Box<ConditionalExpression>),
    Tuple(Vec<Expression>),
    List(Vec<Expression>),
    Set(Vec<Expression>),
    Dict(Vec<(Expression, Expression)>),
    Format(Vec<FormattedPiece>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct ConditionalExpression {
    pub test: Expression,
    pub then: Expression,
    pub otherwise: Expression,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CallExpression {
    pub callee: Expression,
    pub args: Vec<PositionalArgument>,
    pub keywords: Vec<(String, Expression)>,
    pub star: Option<Expression>,
    pub double_star: Option<Expression>,
}

/// A positional argument and the line it begins on: the generator writes the pieces of an output on lines of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct PositionalArgument {
    pub value: Expression,
    pub line: u32,
}

/// A piece of a formatted text: as it is, or the `repr` of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum FormattedPiece {
    Text(String),
    Repr(Expression),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    pub line: u32,
    pub kind: StatementKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StatementKind {
    Import(String, Vec<(String, String)>),
    Assign(Vec<Expression>, Expression),
    Evaluate(Expression),
    Yield(Expression),
    YieldFrom(Expression),
    Return(Expression),
    Raise(Expression),
    If(Vec<(Expression, Vec<Statement>)>, Vec<Statement>),
    For(Expression, Expression, Vec<Statement>),
    Try(Box<TryStatement>),
    Define(Box<Definition>),
    Pass,
    Break,
    Continue,
}

#[derive(Debug, Clone, PartialEq)]
pub struct TryStatement {
    pub body: Vec<Statement>,
    /// The class of errors that is caught, and what is done then.
    pub handler: Option<(Expression, Vec<Statement>)>,
    pub otherwise: Vec<Statement>,
    pub finally: Vec<Statement>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    pub name: String,
    pub params: Vec<(String, Option<Expression>)>,
    /// The name of the parameter with a star.
    pub star: Option<String>,
    pub body: Vec<Statement>,
}
