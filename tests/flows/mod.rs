//! The flows under test.

pub mod founding;
