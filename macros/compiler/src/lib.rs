//! The compiler behind `pipeline!`.
