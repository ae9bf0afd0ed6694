//! The fuzzer of `foreshock_fuzz::tokens`, whose page tells what holds.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| foreshock_fuzz::tokens::run(data));
