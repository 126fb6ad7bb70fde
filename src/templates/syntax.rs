//! The syntax tree of generated Python source, before it becomes a program.

use super::program::{BinaryOp, CompareOp, Literal};

#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Literal(Literal),
    Name(String),
    Attribute(Box<Expr>, String),
    Subscript(Box<Expr>, Box<Expr>),
    Slice(Box<[Option<Expr>; 3]>),
    Call(Box<Call>),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    Positive(Box<Expr>),
    Binary(BinaryOp, Box<(Expr, Expr)>),
    And(Box<(Expr, Expr)>),
    Or(Box<(Expr, Expr)>),
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    Conditional(Box<Conditional>),
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    Set(Vec<Expr>),
    Dict(Vec<(Expr, Expr)>),
    Format(Vec<FormatPiece>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Conditional {
    pub test: Expr,
    pub then: Expr,
    pub otherwise: Expr,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    pub callee: Expr,
    pub args: Vec<Argument>,
    pub keywords: Vec<(String, Expr)>,
    pub star: Option<Expr>,
    pub double_star: Option<Expr>,
}

/// A positional argument and the line it begins on: the generator writes the pieces of an output on lines of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    pub value: Expr,
    pub line: u32,
}

/// A piece of a formatted text: as it is, or the `repr` of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum FormatPiece {
    Text(String),
    Repr(Expr),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Stmt {
    pub line: u32,
    pub kind: StmtKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StmtKind {
    Import(String, Vec<(String, String)>),
    Assign(Vec<Expr>, Expr),
    Evaluate(Expr),
    Yield(Expr),
    YieldFrom(Expr),
    Return(Expr),
    Raise(Expr),
    If(Vec<(Expr, Vec<Stmt>)>, Vec<Stmt>),
    For(Expr, Expr, Vec<Stmt>),
    Try(Box<Try>),
    Define(Box<Define>),
    Pass,
    Break,
    Continue,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Try {
    pub body: Vec<Stmt>,
    /// The class of errors that is caught, and what is done then.
    pub handler: Option<(Expr, Vec<Stmt>)>,
    pub otherwise: Vec<Stmt>,
    pub finally: Vec<Stmt>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Define {
    pub name: String,
    pub params: Vec<(String, Option<Expr>)>,
    /// The name of the parameter with a star.
    pub star: Option<String>,
    pub body: Vec<Stmt>,
}
