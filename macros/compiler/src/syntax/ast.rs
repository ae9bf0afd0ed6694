//! What the parser gives: the flow as it was written, every part with its place. No name has met its definition.

use proc_macro2::TokenStream;

use super::Pos;

/// A word that the user wrote.
#[derive(Clone, Debug)]
pub struct Name {
    /// Its text (`r#select` reads as `select`). Empty for a definition whose name is missing, which is reported.
    pub text: String,
    /// Its place.
    pub pos: Pos,
}

/// A path of words: `qos::wal`, `std::string::len`.
#[derive(Clone, Debug)]
pub struct NamePath {
    /// At least one.
    pub segments: Vec<Name>,
}

impl NamePath {
    /// As it is written: `std::string`.
    pub fn text(&self) -> String {
        let segments: Vec<&str> = self.segments.iter().map(|segment| segment.text.as_str()).collect();
        segments.join("::")
    }

    /// The last segment.
    pub fn last(&self) -> &Name {
        self.segments.last().expect("a path has at least one segment")
    }

    /// From the first segment to the last.
    pub fn pos(&self) -> Pos {
        self.segments.first().expect("a path has at least one segment").pos.to(self.last().pos)
    }
}

/// One macro call.
#[derive(Clone, Debug)]
pub struct Flow {
    /// `///` before the head, one entry a line.
    pub docs: Vec<String>,
    /// `pub`, `pub(crate)`, or nothing: as tokens.
    pub visibility: TokenStream,
    /// What the macro call makes.
    pub head: Head,
    /// The name of the type to make.
    pub name: Name,
    /// The statements in the order of the text. (Head `pipeline`: only `Stmt::Query`.)
    pub stmts: Vec<Stmt>,
    /// The absolute paths of the included files, for rustc to watch.
    pub files: Vec<String>,
    /// Whether all of them could be read. If not, which is reported, nobody knows what the flow is.
    pub is_whole: bool,
}

/// The two kinds of macro calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// `flow Name;`: a deployable program.
    Flow,
    /// `pipeline Name;`: one synchronous pipeline.
    Pipeline,
}

/// A statement of the flow level.
#[derive(Clone, Debug)]
pub enum Stmt {
    /// `define onramp …`
    Onramp(Artefact),
    /// `define offramp …`
    Offramp(Artefact),
    /// `define pipeline …`
    Pipeline(PipelineDef),
    /// `define binding …`
    Binding(BindingDef),
    /// `create binding …`
    Mapping(Mapping),
    /// `require promise`: any word; resolve checks it.
    Require(Name),
    /// A statement of a query (head `pipeline` only).
    Query(QueryStmt),
    /// `include "path"`: the parse pass puts what the files say in its place.
    Include(Name),
    /// A statement that could not be parsed, which is reported.
    Broken(Broken),
}

/// The words of a statement that could not be parsed. Nobody knows what they would have meant, so nobody complains
/// that one of them does not exist or is not used.
#[derive(Clone, Debug, Default)]
pub struct Broken {
    /// Each word, and the segments of each string.
    pub words: Vec<String>,
}

/// An onramp or offramp definition.
#[derive(Clone, Debug)]
pub struct Artefact {
    /// `///` before it.
    pub docs: Vec<String>,
    /// Its name.
    pub name: Name,
    /// What it is made from: `metronome`, `ws`.
    pub kind: Name,
    /// `with …`
    pub config: Config,
    /// The whole statement.
    pub pos: Pos,
}

/// `with key = value, …`
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// In the order of the text.
    pub entries: Vec<ConfigEntry>,
    /// An entry could not be parsed, which is reported: nobody knows what is missing.
    pub is_broken: bool,
}

/// `key = value`
#[derive(Clone, Debug)]
pub struct ConfigEntry {
    /// The key.
    pub key: Name,
    /// The value: an expression that must fold to a constant.
    pub value: Expr,
}

/// `define pipeline name … end`
#[derive(Clone, Debug)]
pub struct PipelineDef {
    /// `///` before it.
    pub docs: Vec<String>,
    /// Its name.
    pub name: Name,
    /// The query.
    pub body: Vec<QueryStmt>,
    /// The whole statement.
    pub pos: Pos,
}

/// A statement of a query.
#[derive(Clone, Debug)]
pub enum QueryStmt {
    /// `use std::string`
    Use(NamePath),
    /// `define kind operator name with … end`
    DefineOperator(DefineOperator),
    /// `create operator name [from definition] [with … end]`
    CreateOperator(CreateOperator),
    /// `create stream name`
    CreateStream(Name),
    /// `select …`
    Select(Box<Select>),
    /// `const name = value`
    Const(ConstDef),
    /// `mod name with … end`
    Module(ModuleDef),
    /// A statement that could not be parsed, which is reported.
    Broken(Broken),
}

/// `define qos::wal operator name with … end`
#[derive(Clone, Debug)]
pub struct DefineOperator {
    /// `///` before it.
    pub docs: Vec<String>,
    /// `qos::wal`
    pub kind: NamePath,
    /// Its name.
    pub name: Name,
    /// `with …`
    pub config: Config,
    /// The whole statement.
    pub pos: Pos,
}

/// `create operator name [from definition] [with … end]`
#[derive(Clone, Debug)]
pub struct CreateOperator {
    /// The name of the node.
    pub name: Name,
    /// The definition, if it has another name than the node.
    pub from: Option<NamePath>,
    /// What it adds to the definition's config.
    pub config: Config,
    /// The whole statement.
    pub pos: Pos,
}

/// `const name = value`
#[derive(Clone, Debug)]
pub struct ConstDef {
    /// `///` before it.
    pub docs: Vec<String>,
    /// Its name.
    pub name: Name,
    /// An expression that must fold to a constant.
    pub value: Expr,
}

/// `mod name with … end`
#[derive(Clone, Debug)]
pub struct ModuleDef {
    /// `///` before it.
    pub docs: Vec<String>,
    /// Its name.
    pub name: Name,
    /// Its statements: no `create` and no `select`.
    pub body: Vec<QueryStmt>,
}

/// `select target from port [where …] into port [having …]`
#[derive(Clone, Debug)]
pub struct Select {
    /// `///` before it.
    pub docs: Vec<String>,
    /// What is selected.
    pub target: Expr,
    /// Where events come from.
    pub from: PortRef,
    /// `where …`
    pub condition: Option<Expr>,
    /// Where results go.
    pub into: PortRef,
    /// `having …`
    pub having: Option<Expr>,
    /// The whole statement.
    pub pos: Pos,
}

/// `node` or `node/port`
#[derive(Clone, Debug)]
pub struct PortRef {
    /// The stream, operator, `in`, `out`, `err`.
    pub node: Name,
    /// The port, if written.
    pub port: Option<Name>,
    /// Something of it was wrong and is reported.
    pub is_guess: bool,
}

impl PortRef {
    /// From the node to the port.
    pub fn pos(&self) -> Pos {
        self.port.as_ref().map_or(self.node.pos, |port| self.node.pos.to(port.pos))
    }
}

/// `define binding name links … end`
#[derive(Clone, Debug)]
pub struct BindingDef {
    /// `///` before it.
    pub docs: Vec<String>,
    /// Its name.
    pub name: Name,
    /// The links, in the order of the text.
    pub links: Vec<Link>,
    /// What could not be parsed of them.
    pub broken: Broken,
    /// The whole statement.
    pub pos: Pos,
}

/// `start => end` or `start => [end, …]`
#[derive(Clone, Debug)]
pub struct Link {
    /// Where it starts; `None` if that could not be parsed.
    pub from: Option<End>,
    /// Where it leads; at least one, unless it could not be parsed.
    pub to: Vec<End>,
}

/// `/kind/name/instance[/port]`
#[derive(Clone, Debug)]
pub struct End {
    /// `onramp`, `pipeline`, `offramp`, `binding`: any word; resolve checks it.
    pub kind: Name,
    /// The artefact (`system::stdout` keeps its `::`).
    pub name: Name,
    /// The instance.
    pub instance: Instance,
    /// The port, if written.
    pub port: Option<Name>,
    /// The whole end.
    pub pos: Pos,
}

/// The instance segment of an end.
#[derive(Clone, Debug)]
pub enum Instance {
    /// A word or number, taken as it is: `01`.
    Literal(Name),
    /// `{variable}`
    Variable(Name),
}

/// `create binding /binding/name/instance with variable = "…" end`
#[derive(Clone, Debug)]
pub struct Mapping {
    /// The binding and the name of the mapping.
    pub binding: End,
    /// Values of the variables.
    pub variables: Vec<(Name, Name)>,
    /// The whole statement.
    pub pos: Pos,
}

/// An expression.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its place.
    pub pos: Pos,
}

/// The kinds of expressions.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `-12`, `0x1f`
    Int(i64),
    /// `1.5`
    Float(f64),
    /// `"text #{expr} text"`: a plain string has one text part (or none, if empty).
    String(Vec<StringPart>),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{"key": value}`
    Record(Vec<(Key, Expr)>),
    /// `event`
    Event,
    /// `$`: the metadata, a record
    Meta,
    /// A word that no rule of the grammar gives a meaning to: a constant or local of a later language, or a mistake.
    Name(NamePath),
    /// `x.key`
    Field(Box<Expr>, Name),
    /// `x[i]`
    Index(Box<Expr>, Box<Expr>),
    /// `x[from:to]`
    Range(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `-x`, `not x`, …
    Unary(UnaryOp, Box<Expr>),
    /// `a + b`, …
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `present path`, `absent path` (`true` for `present`)
    Present(bool, Box<Expr>),
    /// `merge target of patch end`
    Merge(Box<Expr>, Box<Expr>),
    /// `patch target of operation, … end`: at least one.
    Patch(Box<Expr>, Vec<PatchOp>),
    /// `std::string::len(x)`
    Call(NamePath, Vec<Expr>),
}

/// An operation of a `patch`.
#[derive(Clone, Debug)]
pub struct PatchOp {
    /// Which one.
    pub kind: PatchKind,
    /// The keys: two of `move` and `copy`, none of `merge => value`, else one.
    pub keys: Vec<Key>,
    /// What stands behind `=>`, if it is no key.
    pub value: Option<Expr>,
}

/// The operations of a `patch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchKind {
    /// `insert "key" => value`
    Insert,
    /// `upsert "key" => value`
    Upsert,
    /// `update "key" => value`
    Update,
    /// `erase "key"`
    Erase,
    /// `move "key" => "key"`
    Move,
    /// `copy "key" => "key"`
    Copy,
    /// `merge "key" => value`
    MergeField,
    /// `merge => value`
    Merge,
}

impl PatchKind {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            PatchKind::Insert => "insert",
            PatchKind::Upsert => "upsert",
            PatchKind::Update => "update",
            PatchKind::Erase => "erase",
            PatchKind::Move => "move",
            PatchKind::Copy => "copy",
            PatchKind::MergeField | PatchKind::Merge => "merge",
        }
    }
}

/// A part of a string.
#[derive(Clone, Debug)]
pub enum StringPart {
    /// As it is.
    Text(String),
    /// `#{expr}`
    Interpolation(Expr),
}

/// A key of a record literal.
#[derive(Clone, Debug)]
pub struct Key {
    /// A plain key has one text part (or none, if empty).
    pub parts: Vec<StringPart>,
    /// Its place.
    pub pos: Pos,
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `not`
    Not,
    /// `!`
    BitNot,
}

/// Operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `or`
    Or,
    /// `xor`
    Xor,
    /// `and`
    And,
    /// `^`
    BitXor,
    /// `&`
    BitAnd,
    /// `==`
    Eq,
    /// `!=`
    NotEq,
    /// `>=`
    Gte,
    /// `>`
    Gt,
    /// `<=`
    Lte,
    /// `<`
    Lt,
    /// `>>`
    Shr,
    /// `>>>`
    UnsignedShr,
    /// `<<`
    Shl,
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
}
