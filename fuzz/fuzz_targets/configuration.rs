//! A pyproject.toml.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wadup_build::hostile::configuration(bytes));
