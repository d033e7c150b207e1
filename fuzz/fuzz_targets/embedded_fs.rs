//! The zip in a guest, and what a program does with the files in it.

#![no_main]

#[path = "../../wadup-embedded-fs/tests/walk/mod.rs"]
mod walk;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| walk::steps_and_zip(bytes));
