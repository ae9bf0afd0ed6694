//! The benchmarks run.
