//! The registry of foreshock, and its value type.
