//! Foreshock: event flows compiled ahead of time.
pub mod core;
<<<<<<< HEAD
mod driver;
pub mod program;
pub mod testing;
pub mod world;
=======
pub mod operator;
pub mod sink;
pub mod source;
>>>>>>> main
