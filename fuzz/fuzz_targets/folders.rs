//! Operations on a guest's folders in memory.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wadup_host::hostile::folders(bytes));
