//! A relocatable WebAssembly object, whose symbols are rewritten.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wadup_build::hostile::object(bytes));
