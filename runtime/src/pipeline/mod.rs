//! What generated pipelines are made with, and how they are used without a flow: encoding of events, failures of
//! expressions, and a harness that stands behind the ports.

mod collector;
mod embedded;
mod encode;
mod failure;
mod memory;
mod restore;
mod unmade;

pub use collector::Collector;
pub use embedded::{Embedded, Output, Pipeline, PushError};
pub use encode::{
    Constant, Decode, Encode, Keep, Null, Recover, ShapeError, constant, decoded, encode_unusual, field,
    fields, record_of, text_of,
};
pub use failure::{
    EvalError, QueryCounts, at, error_event, refused_line, rejected_event, source_error, too_large,
};
pub use restore::{Restore, any_fields, recovered_event, restore_field, unfit};
#[doc(hidden)]
pub use unmade::Unmade;
