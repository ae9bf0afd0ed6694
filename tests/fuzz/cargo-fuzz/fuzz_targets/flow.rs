//! The fuzzer of `foreshock_fuzz::flow`, whose page tells what holds.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| foreshock_fuzz::flow::run(data));
