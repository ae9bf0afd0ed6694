//! What `check` finds out beside errors, for `lower`: types, typed expressions, and config values.

use foreshock_spec::{FunctionRow, Given, Value};

use crate::check::types::Type;
use crate::syntax::Pos;
use crate::syntax::ast::{BinaryOp, PatchKind, UnaryOp};

/// The facts of a whole graph. Indices are those of the graph.
#[derive(Debug, Default)]
pub struct Facts {
    /// For each onramp: its config, checked against the row (only what was written).
    pub onramps: Vec<Settings>,
    /// For each onramp: the type of its events.
    pub events: Vec<Type>,
    /// For each offramp: its config.
    pub offramps: Vec<Settings>,
    /// For each pipeline.
    pub pipelines: Vec<PipelineFacts>,
}

/// Checked config: key and what it is given, in the order of the text.
pub type Settings = Vec<(String, Given)>;

/// The facts of one pipeline.
#[derive(Debug, Default)]
pub struct PipelineFacts {
    /// For each node: the type of the events that come into it (an input port: that come from outside). Where edges
    /// of different types meet, `Any`.
    pub inputs: Vec<Type>,
    /// For each node: the type of the events that leave it (the same on all its ports).
    pub outputs: Vec<Type>,
    /// For each node that is an operator: its config; empty for others.
    pub settings: Vec<Settings>,
    /// For each node that is a select: its expressions; `None` for others.
    pub selects: Vec<Option<TypedSelect>>,
}

/// A select's expressions.
#[derive(Clone, Debug)]
pub struct TypedSelect {
    /// `select event`: hands on what came, whatever its type.
    pub is_passthrough: bool,
    /// What is selected.
    pub target: TypedExpr,
    /// `where`: of type `Bool`, or `Any` (then checked at run time).
    pub condition: Option<TypedExpr>,
    /// `having`, over the result as its event: of type `Bool`, or `Any` (then checked at run time).
    pub having: Option<TypedExpr>,
}

/// An expression with its static type.
#[derive(Clone, Debug)]
pub struct TypedExpr {
    /// What it is.
    pub kind: TypedKind,
    /// Its type.
    pub ty: Type,
    /// Whether evaluating this very node (not its parts) can fail at run time.
    pub fallible: bool,
    /// Its place.
    pub pos: Pos,
    /// For texts of failures at run time: its place, and what the user wrote, cut where it is long.
    pub text: String,
}

/// The kinds of typed expressions.
#[derive(Clone, Debug)]
pub enum TypedKind {
    /// Anything that folded to a constant; `$` is the empty record.
    Const(Value),
    /// The whole event.
    Event,
    /// A field of a `Type::Record` that has it.
    Field(Box<TypedExpr>, String),
    /// `x.key` or `x["key"]` looked up at run time: `x` is `Any` (or another type for which it may succeed).
    Key(Box<TypedExpr>, String),
    /// `x[i]`, where `i` is computed.
    Index(Box<TypedExpr>, Box<TypedExpr>),
    /// `x[from:to]`
    Range(Box<TypedExpr>, Box<TypedExpr>, Box<TypedExpr>),
    /// `{…}` with constant keys: `Type::Record`. Each key once, in the order of first mention, last value wins.
    Record(Vec<(String, TypedExpr)>),
    /// `{…}` with a computed key: `Type::Any`. In the order of the text.
    DynamicRecord(Vec<(TypedExpr, TypedExpr)>),
    /// `[…]`
    List(Vec<TypedExpr>),
    /// `merge`, both operands of `Type::Record`: the result's type is a record whose fields come from either; a
    /// field that is a record on both sides is itself merged. Nothing `Any` or `Null` is in the right operand's
    /// fields at a place where it could delete.
    StaticMerge(Box<TypedExpr>, Box<TypedExpr>),
    /// `merge` at run time: result `Any`.
    DynamicMerge(Box<TypedExpr>, Box<TypedExpr>),
    /// `patch` of a `Type::Record` with constant keys: its result is one, too.
    StaticPatch {
        /// What is patched.
        target: Box<TypedExpr>,
        /// What the fields of the result, and other values of the patch, are made from. A value refers to earlier ones.
        values: Vec<(PatchValue, Type)>,
        /// The fields of the result, in order: which value each has.
        fields: Vec<(String, usize)>,
    },
    /// `patch` at run time: result `Any`. The keys of an operation are strings.
    DynamicPatch(Box<TypedExpr>, Vec<TypedPatchOp>),
    /// `-x`, `not x`, …
    Unary(UnaryOp, Box<TypedExpr>),
    /// `a + b`, …; `and` and `or` evaluate the right operand only when needed.
    Binary(BinaryOp, Box<TypedExpr>, Box<TypedExpr>),
    /// `present path` (`absent` is `Unary(Not, Present)`), where it is not known statically: a path into `root`.
    Present(Box<TypedExpr>, Vec<PresentSegment>),
    /// A call; arity and static types are right. An argument may be `Any` where the row wants more: then it is
    /// checked at run time, and the call counts as fallible.
    Call(&'static FunctionRow, Vec<TypedExpr>),
    /// `"…#{x}…"`: of type `String`.
    Interpolate(Vec<TypedPart>),
}

/// A value of a `StaticPatch`.
#[derive(Clone, Debug)]
pub enum PatchValue {
    /// A field of the target as it was.
    Kept(String),
    /// An operand.
    Given(TypedExpr),
    /// A field of a value, which is a `Type::Record` that has it.
    Field(usize, String),
    /// The second value merged into the first, both `Type::Record`: see `StaticMerge`.
    StaticMerge(usize, usize),
    /// The second value merged into the first, which is the field of this name, at run time: `Any`.
    DynamicMerge(usize, String, usize),
}

/// An operation of a `DynamicPatch`.
#[derive(Clone, Debug)]
pub struct TypedPatchOp {
    /// Which one.
    pub kind: PatchKind,
    /// Its keys.
    pub keys: Vec<TypedExpr>,
    /// Its value, if it has one.
    pub value: Option<TypedExpr>,
}

/// A part of an interpolated string.
#[derive(Clone, Debug)]
pub enum TypedPart {
    /// As it is.
    Text(String),
    /// A value, printed as `#{…}` does: strings raw, all else as compact JSON.
    Value(TypedExpr),
}

/// A segment of the path of a `present`.
#[derive(Clone, Debug)]
pub enum PresentSegment {
    /// `.key`
    Key(String),
    /// `[i]`
    Index(TypedExpr),
    /// `[from:to]`
    Range(TypedExpr, TypedExpr),
}
