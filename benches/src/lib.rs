//! The measurements of foreshock.
pub mod event;
pub mod flow;
pub mod in_process;
pub mod measure;
pub mod yardstick;
