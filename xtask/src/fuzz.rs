//! Runs each fuzzer for a while, on the corpus in `fuzz/corpus`.

use std::fs;
use std::process::Command;

use crate::cargo::{Outcome, Step, workspace};

const TARGETS: [&str; 5] = ["archive", "configuration", "embedded_fs", "lock", "object"];

/// The flags of `cargo fuzz`: libFuzzer's counters in all code, and the entry points that only fuzzers see.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                     -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
                     -Ccodegen-units=1";

pub(crate) fn run(seconds: u32, only: Option<&str>) -> Outcome {
    let host = host()?;
    for target in TARGETS
        .iter()
        .filter(|target| only.is_none_or(|only| only == **target))
    {
        let folder = workspace().join("fuzz");
        // libFuzzer writes new inputs to the first folder, which is kept between runs. Copy what is worth keeping by
        // hand.
        let found = folder.join("target/corpus").join(target);
        fs::create_dir_all(&found)
            .map_err(|error| format!("could not make `{}`: {error}", found.display()))?;
        let kept = folder.join("corpus").join(target);
        Step::new("run --release --manifest-path fuzz/Cargo.toml --target")
            // With `--target`, the flags do not apply to build scripts.
            .args([&*host, "--bin", target, "--"])
            .args([found, kept].map(|folder| folder.display().to_string()))
            .args([format!(
                "-artifact_prefix={}/",
                folder.join("target").display()
            )])
            .args([format!("-max_total_time={seconds}")])
            .args([
                "-timeout=20",
                "-rss_limit_mb=2048",
                "-max_len=16384",
                "-print_final_stats=1",
            ])
            .env("RUSTFLAGS", FLAGS)
            .run()?;
    }
    Ok(())
}

/// The target triple of this machine.
fn host() -> Result<String, String> {
    let output = Command::new("rustc")
        .args(["--print", "host-tuple"])
        .output()
        .map_err(|error| format!("could not run rustc: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
