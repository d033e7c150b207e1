//! A relocatable WebAssembly object, in whose tables functions get adapters.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wadup_build::hostile::thunks(bytes));
