//! The proc-macro shell: hands the tokens of `pipeline!` to the compiler.
