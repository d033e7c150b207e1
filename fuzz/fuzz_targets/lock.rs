//! A requirements file, a wadup.lock, a pylock.toml.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| wadup_build::hostile::lock(bytes));
