//! A source archive, before its compression.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wadup_build::hostile::archive(bytes));
