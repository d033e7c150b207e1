//! The files that a guest leaves for its host: rows, sub-contents, names.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wadup_host::hostile::left(bytes));
