//! `cargo wadup doctor` as a user meets it.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::wadup;

/// `cargo wadup doctor` with an empty store.
fn doctor(store: &Path, arguments: &[&str]) -> Output {
    wadup("doctor")
        .args(arguments)
        .env("WADUP_CACHE_DIR", store)
        .output()
        .unwrap()
}

#[test]
fn json_lists_each_requirement_with_result_or_help() {
    let store = tempfile::tempdir().unwrap();

    let output = doctor(store.path(), &["--json"]);

    // The store is empty, so a build would have much to do first.
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["ok"], false);
    assert_eq!(report["wadup"], env!("CARGO_PKG_VERSION"));
    let findings = report["findings"].as_array().unwrap();
    let names: Vec<&str> = findings
        .iter()
        .map(|finding| finding["what"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "rustc",
            "Rust target",
            "clang",
            "WASI sysroot",
            "wasm linker",
            "uv",
            "build Python",
            "CPython for guests",
            "wasm-opt",
            "store"
        ]
    );
    for finding in findings {
        let is_text = |key: &str| finding[key].as_str().is_some_and(|text| !text.is_empty());
        if finding.get("found").is_some() {
            assert!(
                is_text("found") && finding.get("help").is_none(),
                "{finding}"
            );
        } else {
            assert!(is_text("problem") && is_text("help"), "{finding}");
        }
    }
    assert_eq!(findings[0]["ok"], true);
    assert_eq!(findings[6]["ok"], false);
    // Builds work without it.
    assert_eq!(findings[8]["ok"], true);
    assert_eq!(findings[9]["found"].as_str(), store.path().to_str());
}

#[test]
fn missing_requirements_are_printed_with_help() {
    let store = tempfile::tempdir().unwrap();

    let output = doctor(store.path(), &[]);

    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("ok       rustc"), "{text}");
    assert!(text.contains("missing  build Python"), "{text}");
    assert!(text.contains("help: run `cargo wadup setup`"), "{text}");
}
