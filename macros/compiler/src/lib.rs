//! The compiler behind `pipeline!`.

pub mod diagnostics;
pub mod resolve;
pub mod syntax;
