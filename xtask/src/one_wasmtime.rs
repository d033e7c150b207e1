//! Tests that all common commands share one build of wasmtime, which takes minutes to compile.
//!
//! Cargo compiles a crate once per set of features, which depend on the packages that a command selects.

#![cfg(test)]

use std::collections::BTreeSet;
use std::process::Command;

use crate::cargo::workspace;

/// The dependencies that a selection of packages compiles for this machine, with version and features.
fn compiled(selection: &[&str]) -> BTreeSet<String> {
    let output = Command::new("cargo")
        .args([
            "tree", "--locked", "--prefix", "none", "--format", "{p} {f}",
        ])
        .args(selection)
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| line.trim_end_matches(" (*)").to_owned())
        // The workspace's own crates are printed with their folder.
        .filter(|line| !line.is_empty() && !line.contains("(/"))
        .collect()
}

#[test]
fn cargo_install_run_and_test_compile_the_same_wasmtime() {
    let installed = compiled(&["--package=cargo-wadup", "--edges=normal,build"]);
    let run = compiled(&["--edges=normal,build"]);
    let tested = compiled(&["--edges=normal,build,dev"]);
    assert!(installed.iter().any(|line| line.starts_with("wasmtime v")));
    for (other, command) in [(run, "run"), (tested, "test")] {
        let different: Vec<_> = installed.difference(&other).collect();
        assert!(
            different.is_empty(),
            "`cargo {command}` compiles these with other features: {different:#?}"
        );
    }
}

#[test]
fn the_wheel_compiles_the_same_wasmtime() {
    let name = |line: &String| line.split(' ').next().unwrap_or_default().to_owned();
    let edges = "--edges=normal,build";
    let wasmtimes: BTreeSet<String> = compiled(&["--package=wasmtime", edges])
        .iter()
        .map(name)
        .collect();
    let installed = compiled(&["--package=cargo-wadup", edges]);
    let wheel = compiled(&["--package=wadup-python", edges]);

    let different: Vec<_> = wheel
        .difference(&installed)
        .filter(|line| wasmtimes.contains(&name(line)))
        .collect();

    assert!(wheel.iter().any(|line| line.starts_with("wasmtime v")));
    assert!(
        different.is_empty(),
        "the wheel compiles these with other features: {different:#?}"
    );
}
