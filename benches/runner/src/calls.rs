//! The cost of a call of Python from Rust: by its signature in `wadup_python!`, and as one would write it with PyO3.

use std::fs;

use serde_json::{Value, json};
use xshell::Shell;

use crate::Result;
use crate::prepare::Bench;
use crate::process::Program;
use crate::statistics::fastest;

/// The ways to call, as `benches/programs/calls.py` names them.
const WAYS: [&str; 2] = ["typed", "by_hand"];

pub(crate) fn run(shell: &Shell, rounds: usize) -> Result<Value> {
    let bench = Bench::prepare(shell)?;
    let root = bench.folder.join("calls");
    let input = root.join("data.bin");
    fs::create_dir_all(&root)
        .and_then(|()| fs::write(&input, "calls"))
        .map_err(|error| format!("could not write `{}`: {error}", input.display()))?;
    let guest = bench.guest("guest")?;
    let guest = Program::new(&bench.measure)
        .args(["run", "--quiet", "--call", "throughput", "--folder"])
        .path(&root)
        .args(["/"])
        .path(&bench.compiled(&guest, false)?);
    println!("{:>9} {:>9} {:>7}", "typed ns", "by hand", "ratio");
    let mut nanoseconds = [Vec::new(), Vec::new()];
    for _ in 0..rounds {
        let ran = guest.run()?;
        let found = ran.reports().find_map(|report| {
            let of = |way| report["ns"][way].as_f64();
            Some([of(WAYS[0])?, of(WAYS[1])?])
        });
        let [typed, by_hand] = found.ok_or("`calls` printed no times")?;
        println!("{typed:>9.1} {by_hand:>9.1} {:>7.2}", typed / by_hand);
        nanoseconds[0].push(typed);
        nanoseconds[1].push(by_hand);
    }
    let [typed, by_hand] = nanoseconds.map(|times| fastest(&times));
    println!(
        "{typed:>9.1} {by_hand:>9.1} {:>7.2}  fastest",
        typed / by_hand
    );
    Ok(json!({ "typed_ns": typed, "by_hand_ns": by_hand, "ratio": typed / by_hand }))
}
