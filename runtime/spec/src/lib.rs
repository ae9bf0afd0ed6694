//! The registry of foreshock: what operators, sources, sinks and functions there are, which settings they have, and
//! the value type with its operators. Compiler and runtime both work from these rows, so that they say the same
//! words about the same mistake.
//!
//! Pure data and checks: nothing here knows the compiler, the runtime, a clock, a socket or a file.

pub mod check;
pub mod forms;
pub mod function;
pub mod given;
pub mod json;
pub mod near;
pub mod op;
pub mod picture;
pub mod row;
pub mod rule;
pub mod settings;
pub mod value;

pub use check::{
    Problem, blame_slips, check_config, check_exactly_one_of, check_given, check_value, doubts, is_same_path,
    is_same_url, secrets,
};
pub use function::{
    Class, ContextValue, FunctionRow, FunctionSource, Misfit, find_function, find_module, functions,
    functions_of, is_known_module, last_segment, meant_module, modules,
};
pub use given::Given;
pub use near::nearest;
pub use op::OpError;
pub use row::{
    DIR, Durability, FLOW, FileUse, FlowRow, KeyRow, KeyType, Kind, Literal, MAX_ELEMENTS, MOST_EVENTS,
    OfframpRow, OneOf, OnrampRow, OperatorRole, OperatorRow, SYNC, Shape, WINDOW, find_offramp, find_onramp,
    find_operator, is_known_but_unbuilt, offramps, onramps, operators,
};
pub use rule::{Family, Level, Rule};
pub use settings::{
    Definition, InForce, NodeSettings, Origin, SettingError, Settings, Variable, same_server, shown,
    shown_value,
};
pub use value::{JsonError, Record, Value};
