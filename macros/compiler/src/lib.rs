//! The compiler behind `pipeline!`.

pub mod diagnostics;
pub mod syntax;
