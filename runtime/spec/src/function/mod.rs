//! The functions of the standard library. Each is a Rust function with plain types, which generated
//! code calls, and a row, which says how it is called.
//!
//! To add a function: the Rust function in its module's file, and its line in that module's rows.

pub mod array;
mod context;
pub mod datetime;
mod known;
mod macros;
pub mod math;
pub mod record;
pub mod string;
pub mod types;

pub use known::is_known_module;

use crate::near::nearest;
use crate::op::OpError;
use crate::value::Value;

/// A function.
#[derive(Debug)]
pub struct FunctionRow {
    /// The module that `use` names: `std::string`.
    pub module: &'static str,
    /// Its name in the module.
    pub name: &'static str,
    /// The parameters that each call has.
    pub params: &'static [Class],
    /// Of which type further arguments are, where any number of them may follow.
    pub rest: Option<Class>,
    /// What it gives.
    pub result: Class,
    /// Whether a call with arguments of the right types can fail.
    pub fallible: bool,
    /// What can be told of a call when some of its arguments are constants, each of its parameter's type: one entry per
    /// argument, `None` for what is not known. It says no more than the function would when called.
    pub check_constants: Option<CheckConstants>,
    /// Where the result comes from.
    pub source: FunctionSource,
    /// What it gives, in words without a period.
    pub doc: &'static str,
}

impl FunctionRow {
    /// How it is written, for messages: `std::string::substr(string, integer, integer)`.
    pub fn signature(&self) -> String {
        let mut parts: Vec<&str> = self.params.iter().map(|class| class.name()).collect();
        if self.rest.is_some() {
            parts.push("...");
        }
        format!("{}::{}({})", self.module, self.name, parts.join(", "))
    }
}

/// See [`FunctionRow::check_constants`].
pub type CheckConstants = fn(&[Option<&Value>]) -> Result<(), Misfit>;

/// A constant argument with which a call must fail, whatever the others are.
#[derive(Debug)]
pub struct Misfit {
    /// Its number, from 0.
    pub argument: usize,
    /// With what the call fails.
    pub error: OpError,
}

/// The types of parameters and results.
///
/// In Rust a parameter is: `Any` and `Number` a `&Value`, `Bool` a `bool`, `Integer` an `i128`, `Float` an `f64`,
/// `String` a `&str`, `Binary` a `&[u8]`, `List` a `&[Value]`, `Record` a `&Record`, the rest a `&[&Value]`. A result is a
/// `Value`, `bool`, `i128`, `f64` or `String`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A value of any type.
    Any,
    /// `null`
    Null,
    /// A boolean.
    Bool,
    /// An integer.
    Integer,
    /// A float.
    Float,
    /// An integer or a float.
    Number,
    /// A string.
    String,
    /// A binary.
    Binary,
    /// A list.
    List,
    /// A record.
    Record,
}

impl Class {
    /// Its name in signatures: `integer`.
    pub fn name(self) -> &'static str {
        match self {
            Class::Any => "any",
            Class::Null => "null",
            Class::Bool => "boolean",
            Class::Integer => "integer",
            Class::Float => "float",
            Class::Number => "number",
            Class::String => "string",
            Class::Binary => "binary",
            Class::List => "list",
            Class::Record => "record",
        }
    }

    /// Its name in sentences: `an integer`.
    pub fn describe(self) -> &'static str {
        match self {
            Class::Any => "a value of any type",
            Class::Null => "null",
            Class::Bool => "a boolean",
            Class::Integer => "an integer",
            Class::Float => "a float",
            Class::Number => "a number",
            Class::String => "a string",
            Class::Binary => "a binary",
            Class::List => "a list",
            Class::Record => "a record",
        }
    }

    /// Whether a value is of this class.
    pub fn holds(self, value: &Value) -> bool {
        match self {
            Class::Any => true,
            Class::Null => matches!(value, Value::Null),
            Class::Bool => matches!(value, Value::Bool(_)),
            Class::Integer => matches!(value, Value::Int(_) | Value::Uint(_)),
            Class::Float => matches!(value, Value::Float(_)),
            Class::Number => matches!(value, Value::Int(_) | Value::Uint(_) | Value::Float(_)),
            Class::String => matches!(value, Value::String(_)),
            Class::Binary => matches!(value, Value::Binary(_)),
            Class::List => matches!(value, Value::List(_)),
            Class::Record => matches!(value, Value::Record(_)),
        }
    }
}

/// Where a function's result comes from.
#[derive(Clone, Copy, Debug)]
pub enum FunctionSource {
    /// Only from its arguments, so a call with constants is a constant.
    Pure {
        /// The Rust function's path below [`crate::function`].
        path: &'static [&'static str],
        /// The same function over values, for folding.
        ///
        /// # Errors
        /// Wrong types or a wrong number of arguments, and what the function itself refuses.
        fold: fn(&[Value]) -> Result<Value, OpError>,
    },
    /// From where the flow runs.
    Context(ContextValue),
}

/// What a running flow knows of its surroundings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContextValue {
    /// The name of the host.
    Hostname,
    /// When the event entered the flow, in nanoseconds since the Unix epoch.
    IngestNs,
    /// The name of the flow's instance.
    Instance,
    /// The system clock now, in nanoseconds since the Unix epoch.
    Nanotime,
    /// The version of foreshock.
    Version,
}

/// The modules that are built, each with its functions.
static MODULES: &[(&str, &[FunctionRow])] = &[
    (array::MODULE, array::ROWS),
    (math::MODULE, math::ROWS),
    (record::MODULE, record::ROWS),
    (string::MODULE, string::ROWS),
    (types::MODULE, types::ROWS),
    (datetime::MODULE, datetime::ROWS),
    (context::MODULE, context::ROWS),
];

/// All functions, module by module.
pub fn functions() -> impl Iterator<Item = &'static FunctionRow> {
    MODULES.iter().flat_map(|(_, rows)| rows.iter())
}

/// The whole name of the module that a path names, if it is built: its own, or the one under which its functions need no
/// `use`, as `core::string` is `std::string`.
pub fn find_module(path: &str) -> Option<&'static str> {
    modules().find(|module| known::is_called(module, path))
}

/// The module that was probably meant by a path that names none: one of a near name, or one whose last part is that of
/// the path, as `core::datetime` is for `std::datetime`.
pub fn meant_module(path: &str) -> Option<&'static str> {
    let last = last_segment(path);
    nearest(path, modules()).or_else(|| modules().find(|module| last_segment(module) == last)).or_else(|| {
        let near = nearest(last, modules().map(last_segment))?;
        modules().find(|module| last_segment(module) == near)
    })
}

/// `string` of `std::string`: what calls begin with where the module is in use.
pub fn last_segment(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// The functions of one module (see [`find_module`]); none if it is not built.
pub fn functions_of(module: &str) -> &'static [FunctionRow] {
    MODULES.iter().find(|(name, _)| known::is_called(name, module)).map_or(&[], |(_, rows)| rows)
}

/// The function of this name in a module.
pub fn find_function(module: &str, name: &str) -> Option<&'static FunctionRow> {
    functions_of(module).iter().find(|row| row.name == name)
}

/// The names of the modules that are built.
pub fn modules() -> impl Iterator<Item = &'static str> {
    MODULES.iter().map(|(name, _)| *name)
}
