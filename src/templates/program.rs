//! A template's program: what its generated functions do, with variables as numbers and the generator's usual shapes as
//! steps of their own.
//!
//! Names, constants and module-level names are numbers too, into the lists of the [`Program`], of which Python's objects
//! are made once.

/// A program: the functions of one template.
#[derive(Debug)]
pub struct Program {
    pub functions: Vec<Function>,
    /// The function of the whole template.
    pub root: usize,
    /// The functions of the blocks, by name.
    pub blocks: Vec<(String, usize)>,
    /// Attribute names, keywords and names of variables.
    pub names: Vec<String>,
    pub literals: Vec<Literal>,
    pub globals: Vec<Global>,
    /// The module's variables `name` and `debug_info`.
    pub template_name: Literal,
    pub debug_info: String,
}

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    None,
    Bool(bool),
    /// Digits, of any number.
    Int(String),
    Float(f64),
    Imaginary(f64),
    Text(String),
    Tuple(Vec<Literal>),
}

/// Where a name of the module comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Global {
    Imported { module: String, name: String },
    Function(usize),
    BuiltIn(String),
}

/// A function of the generated source.
#[derive(Debug)]
pub struct Function {
    pub name: String,
    pub kind: FunctionKind,
    pub params: Vec<Param>,
    /// Whether the context is among its variables: a parameter, or used in it.
    pub has_context: bool,
    /// How many variables of its own it has.
    pub locals: usize,
    /// The names of the local variables and of the cells, for tracebacks.
    pub local_names: Vec<u32>,
    pub cell_names: Vec<u32>,
    /// How many cells it makes: variables that its inner functions see too.
    pub own_cells: usize,
    /// Cells of the function around it, by their number there. They come behind its own.
    pub captured: Vec<u32>,
    /// The names of the loop variables whose loops have a state and no object.
    pub loop_names: Vec<u32>,
    pub buffers: usize,
    pub body: Vec<Stmt>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FunctionKind {
    /// Yields text: the whole template, or a block.
    Render,
    /// Returns a value: a macro, the body of a recursive loop.
    Plain,
    /// Yields the items of a loop that pass its condition.
    Items,
}

#[derive(Debug)]
pub struct Param {
    pub var: Var,
    pub name: u32,
    pub default: Option<u32>,
}

/// A variable of a function: its own, or one in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Var {
    Local(u32),
    Cell(u32),
}

/// Where text goes: to whom the function yields (None), or into one of its buffers.
pub type Sink = Option<u32>;

#[derive(Debug)]
pub struct Stmt {
    pub line: u32,
    pub kind: StmtKind,
}

#[derive(Debug)]
pub enum StmtKind {
    Data(Sink, Box<str>),
    Print(Sink, Expr, Escaping),
    /// A value that must be a text already.
    Emit(Sink, Expr),
    /// All that a render function yields: the function, and the context it gets.
    Render(Sink, Box<(Expr, Expr)>),
    /// All that an iterable yields.
    Drain(Sink, Expr),
    Assign(Box<[AssignTarget]>, Expr),
    Evaluate(Expr),
    If(Box<[(Expr, Vec<Stmt>)]>, Vec<Stmt>),
    For(Box<For>),
    Try(Box<Try>),
    /// An inner function, bound to a variable.
    Define(Var, usize),
    /// A filter or a test of the environment, looked up by name.
    Dependency(Box<Dependency>),
    StartBuffer(u32),
    Return(Expr),
    Raise(Expr),
    Break,
    Continue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escaping {
    Html,
    Text,
}

#[derive(Debug)]
pub struct For {
    pub target: AssignTarget,
    pub items: Expr,
    /// The number of the loop's own state, if its body uses `loop`.
    pub state: Option<u32>,
    pub body: Vec<Stmt>,
}

#[derive(Debug)]
pub struct Try {
    pub body: Vec<Stmt>,
    pub handler: Option<(Expr, Vec<Stmt>)>,
    pub otherwise: Vec<Stmt>,
    pub finally: Vec<Stmt>,
}

#[derive(Debug)]
pub struct Dependency {
    pub var: Var,
    /// The environment's attribute: `filters` or `tests`.
    pub table: u32,
    pub name: u32,
    /// What calling it says when there is none.
    pub missing: String,
}

#[derive(Debug)]
pub enum AssignTarget {
    Var(Var),
    Attribute(Expr, u32),
    Subscript(Expr, Expr),
    Tuple(Vec<AssignTarget>),
    /// A variable that nothing reads.
    Nowhere,
}

#[derive(Debug)]
pub enum Expr {
    Literal(u32),
    Global(u32),
    /// The parameters and the names at the beginning of each function.
    Context,
    Environment,
    Missing,
    UndefinedClass,
    /// `resolve(name)`: a variable of the context, or the mark for a missing one.
    Resolve(u32),
    Var(Var),
    /// A variable, or an undefined value of that name when it is missing.
    Checked(Var, u32),
    /// `environment.getattr` and `environment.getitem`.
    TemplateAttr(Box<Expr>, u32),
    TemplateItem(Box<(Expr, Expr)>),
    /// `context.call`.
    TemplateCall(Box<TemplateCall>),
    LoopAttr(u32, LoopAttr),
    LoopCycle(u32, Vec<Expr>),
    /// The text of a buffer, as it is or as markup.
    Buffered(u32, Escaping),
    Attribute(Box<Expr>, u32),
    Subscript(Box<(Expr, Expr)>),
    Slice(Box<[Option<Expr>; 3]>),
    Call(Box<Call>),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    Positive(Box<Expr>),
    Binary(BinaryOp, Box<(Expr, Expr)>),
    And(Box<(Expr, Expr)>),
    Or(Box<(Expr, Expr)>),
    Compare(Box<Expr>, Vec<(CompareOp, Expr)>),
    Conditional(Box<[Expr; 3]>),
    Tuple(Vec<Expr>),
    List(Vec<Expr>),
    Set(Vec<Expr>),
    Dict(Vec<(Expr, Expr)>),
    Format(Vec<FormatPiece>),
}

#[derive(Debug)]
pub enum FormatPiece {
    Text(String),
    Repr(Expr),
}

/// A call of any callable.
#[derive(Debug)]
pub struct Call {
    pub callee: Expr,
    pub args: Vec<Expr>,
    pub keywords: Vec<(u32, Expr)>,
    pub star: Option<Expr>,
    pub double_star: Option<Expr>,
}

/// A call that a template's author wrote: the callable may want the context.
#[derive(Debug)]
pub struct TemplateCall {
    pub call: Call,
    /// The variables set in loops and in the block so far, which such a callable sees.
    pub loop_vars: Option<Var>,
    pub block_vars: Option<Var>,
}

/// What is known of a loop without an object for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoopAttr {
    Index,
    Index0,
    First,
    Last,
    Length,
    RevIndex,
    RevIndex0,
    Depth,
    Depth0,
}

impl LoopAttr {
    /// The attribute of that name; None for one that needs the object.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "index" => Self::Index,
            "index0" => Self::Index0,
            "first" => Self::First,
            "last" => Self::Last,
            "length" => Self::Length,
            "revindex" => Self::RevIndex,
            "revindex0" => Self::RevIndex0,
            "depth" => Self::Depth,
            "depth0" => Self::Depth0,
            _ => return None,
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompareOp {
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
    NotIn,
    Is,
    IsNot,
}
