//! A guest whose Python lies beside this file, with a module for an entry.

wadup_guest::wadup_python! {}

mod shapes;

const SCHEMA: &str = include_str!("schema.sql");

/// What the Rust code makes of the files that are its own.
#[allow(unsafe_code, reason = "an export is a name for all to see")]
#[unsafe(no_mangle)]
pub extern "C" fn sides() -> i32 {
    assert!(SCHEMA.contains("is_of_rust"));
    shapes::SIDES.iter().sum::<u32>().cast_signed()
}
