//! Expressions as they will be computed: every conversion, run-time call and place where evaluation may fail is
//! explicit. Data only; `expr.rs` makes it, `emit` prints it.

use foreshock_spec::{ContextValue, Value};

use super::plan::RecordId;

/// How a value is represented in generated code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Repr {
    /// `&Value`: a dynamic value.
    Value,
    /// `Null`
    Null,
    /// `bool`
    Bool,
    /// `u64`
    Uint,
    /// `i128`, between `i64::MIN` and `u64::MAX`
    Integer,
    /// `f64`
    Float,
    /// `&str`
    Str,
    /// A generated struct, by value: all its fields are `Copy`.
    Record(RecordId),
}

/// A computation.
#[derive(Clone, Debug)]
pub struct Code {
    /// What is done.
    pub kind: CodeKind,
    /// What comes out.
    pub repr: Repr,
}

/// The kinds of computations.
#[derive(Clone, Debug)]
pub enum CodeKind {
    /// The event of the select.
    Event,
    /// A constant. (`Repr::Value`: kept in a static, parsed once.)
    Const(Value),
    /// A field of a generated struct, by its index.
    Field(Box<Code>, usize),
    /// A generated struct's fields, in order.
    Record(Vec<Code>),
    /// A function of the runtime.
    Call(Call),
    /// A Rust operator on two `Copy` values of one representation: `<`, `==`, `&&`, …
    Native(&'static str, Box<Code>, Box<Code>),
    /// Rust's `!`.
    Not(Box<Code>),
    /// The same value in another representation; never fails.
    Convert(Box<Code>),
    /// What only the surroundings know.
    Context(ContextValue),
    /// `[…]`: a new dynamic list.
    List(Vec<Code>),
    /// `{…}` with computed keys (strings) and dynamic values.
    DynamicRecord(Vec<(Code, Code)>),
    /// A string put together.
    Interpolate(Vec<Part>),
    /// What was computed before: an index into the computations that the select shares.
    Shared(usize),
    /// The last one. The others come first, since they may fail; nobody wants what they give.
    Behind(Vec<Code>, Box<Code>),
    /// `patch`: a dynamic record, and what is done to it.
    Patch(Box<Code>, Vec<Operation>, Site),
    /// `present`: a dynamic value and a path into it.
    Present(Box<Code>, Vec<Segment>, Site),
}

/// A call of a function of the runtime.
#[derive(Clone, Debug)]
pub struct Call {
    /// Below the runtime's hidden module: `["op", "add"]`.
    pub path: Vec<&'static str>,
    /// What it takes.
    pub args: Vec<Code>,
    /// Arguments collected into one slice of dynamic values behind `args`.
    pub rest: Option<Vec<Code>>,
    /// What it gives.
    pub gives: Gives,
    /// Where in the flow a failure happened; `None` if it cannot fail.
    pub site: Option<Site>,
}

/// Whether a call's result is the value itself or must be stored to be borrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A `Copy` value: a number, a reference.
    Copy,
    /// An owned `Value` or `String`.
    Owned,
}

/// An expression as error texts show it, its place first: line 12, column 9: `event.a + 1`. In a file, its
/// name stands before that.
pub type Site = String;

/// An operation of a `patch`.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The variant of the runtime's `op::PatchOp`.
    pub variant: &'static str,
    /// Its keys (strings) and value (dynamic), in order.
    pub operands: Vec<Code>,
}

/// A part of an interpolated string.
#[derive(Clone, Debug)]
pub enum Part {
    /// As it is.
    Text(String),
    /// A string, as it is.
    Str(Code),
    /// A dynamic value: a string as it is, any other as compact JSON.
    Json(Code),
}

/// A segment of the path of a `present`.
#[derive(Clone, Debug)]
pub enum Segment {
    /// `.key`
    Key(String),
    /// `[i]`
    Index(Code),
    /// `[from:to]`
    Range(Code, Code),
}

impl Part {
    fn code(&self) -> Option<&Code> {
        match self {
            Part::Text(_) => None,
            Part::Str(code) | Part::Json(code) => Some(code),
        }
    }
}

impl Segment {
    fn codes(&self) -> Vec<&Code> {
        match self {
            Segment::Key(_) => Vec::new(),
            Segment::Index(at) => vec![at],
            Segment::Range(from, to) => vec![from, to],
        }
    }
}

impl Code {
    /// Whether the whole computation, parts included, can fail. (What is shared counts where it is kept.)
    pub fn can_fail(&self) -> bool {
        let by_itself = match &self.kind {
            CodeKind::Call(call) => call.site.is_some(),
            CodeKind::Present(..) | CodeKind::Patch(..) => true,
            _ => false,
        };
        by_itself || self.parts().into_iter().any(Code::can_fail)
    }

    /// Whether it reads the event.
    pub fn reads_event(&self) -> bool {
        matches!(self.kind, CodeKind::Event) || self.parts().into_iter().any(Code::reads_event)
    }

    /// It, behind others that are computed for their failures alone.
    #[must_use]
    pub fn behind(self, first: Vec<Code>) -> Code {
        let repr = self.repr;
        if first.is_empty() { self } else { Code { kind: CodeKind::Behind(first, Box::new(self)), repr } }
    }

    /// What is computed before it for its failures alone, and itself.
    pub fn split(self) -> (Vec<Code>, Code) {
        match self.kind {
            CodeKind::Behind(first, last) => (first, *last),
            _ => (Vec::new(), self),
        }
    }

    /// The computations that it is put together from.
    pub fn parts(&self) -> Vec<&Code> {
        match &self.kind {
            CodeKind::Event | CodeKind::Const(_) | CodeKind::Context(_) | CodeKind::Shared(_) => Vec::new(),
            CodeKind::Field(inner, _) | CodeKind::Not(inner) | CodeKind::Convert(inner) => vec![inner],
            CodeKind::Record(parts) | CodeKind::List(parts) => parts.iter().collect(),
            CodeKind::Call(call) => call.args.iter().chain(call.rest.iter().flatten()).collect(),
            CodeKind::Native(_, a, b) => vec![a, b],
            CodeKind::Behind(first, last) => first.iter().chain([&**last]).collect(),
            CodeKind::DynamicRecord(fields) => fields.iter().flat_map(|(key, value)| [key, value]).collect(),
            CodeKind::Interpolate(parts) => parts.iter().filter_map(Part::code).collect(),
            CodeKind::Patch(target, operations, _) => {
                let operands = operations.iter().flat_map(|operation| &operation.operands);
                std::iter::once(&**target).chain(operands).collect()
            }
            CodeKind::Present(root, path, _) => {
                std::iter::once(&**root).chain(path.iter().flat_map(Segment::codes)).collect()
            }
        }
    }
}
