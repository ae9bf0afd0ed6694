//! Foreshock: event flows compiled ahead of time.

pub mod core;
mod driver;
pub mod operator;
pub mod pipeline;
pub mod program;
pub mod sink;
pub mod source;
pub mod testing;
pub mod world;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

pub use foreshock_macros::pipeline;
pub use foreshock_spec::{Record, SettingError, Value};

pub use crate::pipeline::{Embedded, Output, PushError};
pub use crate::program::{Builder, Handle};
