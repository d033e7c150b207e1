//! `cargo wadup build` as a user meets it, where Cargo has the last word. Guests themselves are built by the harness.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A package without dependencies whose library is `source`.
fn package(source: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/lib.rs"), source).unwrap();
    fs::write(
        folder.path().join("Cargo.toml"),
        "[package]\nname = \"plain\"\nedition = \"2024\"\n[lib]\ncrate-type = [\"cdylib\"]\n[workspace]\n",
    )
    .unwrap();
    folder
}

fn build(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cargo-wadup"))
        .args(["wadup", "build"])
        .args(arguments)
        .env_remove("CARGO_TARGET_DIR")
        .current_dir(folder)
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

#[test]
fn what_cargo_refuses_ends_with_cargos_own_words_and_status() {
    let folder = package("fn broken( {}");

    let output = build(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(101));
    assert!(
        stderr(&output).contains("src/lib.rs:1:"),
        "{}",
        stderr(&output)
    );
    assert!(
        stderr(&output).contains("could not compile `plain`"),
        "{}",
        stderr(&output)
    );
    assert!(output.stdout.is_empty());

    let output = build(folder.path(), &["--no-such-option"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("--no-such-option"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn a_package_that_is_no_guest_is_only_built() {
    let folder = package("#[unsafe(no_mangle)] pub extern \"C\" fn process() -> i32 { 0 }");

    let output = build(folder.path(), &["--release", "--quiet"]);

    assert!(output.status.success(), "{}", stderr(&output));
    assert_eq!(stderr(&output), "");
    let built = folder.path().join("target/wasm32-wasip1/release");
    assert!(built.join("plain.wasm").is_file());
    assert!(!built.join("plain.snapshot.wasm").exists());
}
