//! Runs each fuzzer for a while, on the corpus in `fuzz/corpus`.

use xshell::{Shell, cmd};

use crate::cargo::{Outcome, workspace};

const TARGETS: [&str; 8] = [
    "archive",
    "configuration",
    "embedded_fs",
    "folders",
    "left",
    "lock",
    "object",
    "thunks",
];

/// The flags of `cargo fuzz`: libFuzzer's counters in all code, and the entry points that only fuzzers see.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                     -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
                     -Ccodegen-units=1";

/// The limits of libFuzzer for each input.
const LIMITS: [&str; 4] = [
    "-timeout=20",
    "-rss_limit_mb=2048",
    "-max_len=16384",
    "-print_final_stats=1",
];

pub(crate) fn run(shell: &Shell, seconds: u32, only: Option<&str>) -> Outcome {
    // With `--target`, the flags do not apply to build scripts.
    let host = cmd!(shell, "rustc --print host-tuple").read()?;
    let seconds = seconds.to_string();
    for target in TARGETS
        .iter()
        .filter(|target| only.is_none_or(|only| only == **target))
    {
        let folder = workspace().join("fuzz");
        // libFuzzer writes new inputs to the first folder, which is kept between runs. Copy what is worth keeping by
        // hand.
        let found = folder.join("target/corpus").join(target);
        shell.create_dir(&found)?;
        let kept = folder.join("corpus").join(target);
        let faults = folder.join("target/");
        cmd!(
            shell,
            "cargo run --release --manifest-path fuzz/Cargo.toml --target {host} --bin {target} --
             {found} {kept} -artifact_prefix={faults} -max_total_time={seconds} {LIMITS...}"
        )
        .env("RUSTFLAGS", FLAGS)
        .run()?;
    }
    Ok(())
}
