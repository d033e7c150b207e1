//! The time from an edit to a module.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use serde_json::{Value, json};
use xshell::{Shell, cmd};

use crate::prepare::Bench;
use crate::process::Program;
use crate::statistics::median;
use crate::{GUEST_TARGET, Result, workspace};

const ROUNDS: usize = 5;

pub(crate) fn run(shell: &Shell) -> Result<Value> {
    let bench = Bench::prepare(shell)?;
    let build = || -> Result<()> {
        Ok(cmd!(
            shell,
            "cargo build --release --package bench-guest --quiet --target {GUEST_TARGET}"
        )
        .run()?)
    };
    let guest = bench.guest("guest")?;
    let python = Edited::file("benches/programs/startup.py", "#")?;
    let rust = Edited::file("benches/guest/src/lib.rs", "//")?;
    let cases: [(&str, &dyn Fn() -> Result<()>); 4] = [
        ("nothing changed", &build),
        ("one Python file edited", &|| {
            python.edit()?;
            build()
        }),
        ("one Rust file edited", &|| {
            rust.edit()?;
            build()
        }),
        ("the snapshot step", &|| {
            Program::new(&bench.measure)
                .args(["snapshot"])
                .path(&guest)
                .path(&bench.folder.join("build.snapshot.wasm"))
                .run()
                .map(drop)
        }),
    ];
    let mut rows = Vec::new();
    for (name, case) in cases {
        let mut seconds = Vec::new();
        for _ in 0..ROUNDS {
            let start = Instant::now();
            case()?;
            seconds.push(start.elapsed().as_secs_f64());
        }
        rows.push(json!({ "name": name, "seconds": median(seconds) }));
    }
    println!();
    for row in &rows {
        println!(
            "{:<24} {:>7.2} s",
            row["name"].as_str().unwrap_or_default(),
            row["seconds"].as_f64().unwrap_or_default()
        );
    }
    Ok(json!({ "cases": rows }))
}

/// A file of the repository that may be edited; restored when this is dropped.
struct Edited {
    path: PathBuf,
    text: String,
    comment: &'static str,
}

impl Edited {
    fn file(path: &str, comment: &'static str) -> Result<Self> {
        let path = workspace().join(path);
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("could not read `{}`: {error}", path.display()))?;
        Ok(Self {
            path,
            text,
            comment,
        })
    }

    /// Adds a comment that no earlier edit had.
    fn edit(&self) -> Result<()> {
        let now = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        let text = format!("{}\n{} {}\n", self.text, self.comment, now.as_nanos());
        fs::write(&self.path, text)
            .map_err(|error| format!("could not write `{}`: {error}", self.path.display()))?;
        Ok(())
    }
}

impl Drop for Edited {
    fn drop(&mut self) {
        if let Err(error) = fs::write(&self.path, &self.text) {
            eprintln!("could not restore `{}`: {error}", self.path.display());
        }
    }
}
