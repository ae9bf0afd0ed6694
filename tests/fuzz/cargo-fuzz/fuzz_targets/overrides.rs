//! The fuzzer of `foreshock_fuzz::overrides`, whose page tells what holds.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| foreshock_fuzz::overrides::run(data));
