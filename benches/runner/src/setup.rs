//! The time from a machine with only Rust to a first row: an empty store, nothing compiled.
//!
//! Downloads count. The variables of the user apply, so with WADUP_STORE_MIRROR this measures what a mirror saves.

use std::fs;
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};
use xshell::{Cmd, Shell, cmd};

use crate::{Result, workspace};

pub(crate) fn run(shell: &Shell) -> Result<Value> {
    let folder = workspace().join("target/bench-setup");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let phases = measure(shell, &folder);
    fs::remove_dir_all(&folder)?;
    let phases = phases?;
    println!();
    let total: f64 = phases.iter().map(|(_, seconds)| seconds).sum();
    for (name, seconds) in phases.iter().chain([&("in all", total)]) {
        println!("{name:<52} {seconds:>7.1} s");
    }
    let rows: Vec<Value> = phases
        .iter()
        .map(|(name, seconds)| json!({ "name": name, "seconds": seconds }))
        .collect();
    Ok(json!({ "phases": rows }))
}

/// Each phase, in order, with its seconds.
fn measure(shell: &Shell, folder: &Path) -> Result<Vec<(&'static str, f64)>> {
    let user = Shell::new()?;
    user.change_dir(folder);
    user.set_var("WADUP_CACHE_DIR", folder.join("store"));
    let target = folder.join("target");
    let wadup = target.join("debug/cargo-wadup");
    let input = workspace().join("Cargo.lock");
    let compile = || cmd!(shell, "cargo build --locked --target-dir {target}");
    let in_guest = user.clone();
    in_guest.change_dir(folder.join("guest"));
    in_guest.set_var("CARGO_TARGET_DIR", folder.join("guest-target"));
    let phases: [(&str, Cmd<'_>); 6] = [
        (
            "compile `cargo wadup` without wasmtime",
            compile().args(["--package", "cargo-wadup", "--no-default-features"]),
        ),
        (
            "`cargo wadup setup`: toolchain, uv, CPython",
            cmd!(user, "{wadup} setup"),
        ),
        (
            "compile `cargo wadup` with wasmtime",
            compile().args(["--bin", "cargo-wadup"]),
        ),
        ("`cargo wadup new`", cmd!(user, "{wadup} new guest")),
        (
            "`cargo wadup build --release`: packages, guest",
            cmd!(in_guest, "{wadup} build --release"),
        ),
        ("`cargo wadup run`", cmd!(in_guest, "{wadup} run {input}")),
    ];
    let mut measured = Vec::new();
    for (name, command) in phases {
        let start = Instant::now();
        command.run()?;
        measured.push((name, start.elapsed().as_secs_f64()));
    }
    Ok(measured)
}
