//! The simulation finds what is wrong, and finds it again.
