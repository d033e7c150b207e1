//! The size of guests, and what their bytes belong to.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use xshell::{Shell, cmd};

use crate::Result;
use crate::prepare::Bench;

/// A guest of the workspace.
struct Guest {
    title: &'static str,
    package: &'static str,
    library: &'static str,
}

const GUESTS: [Guest; 3] = [
    Guest {
        title: "pydantic",
        package: "bench-guest",
        library: "bench_guest",
    },
    Guest {
        title: "pydantic, traced",
        package: "guest-traced",
        library: "traced",
    },
    Guest {
        title: "NumPy and pandas",
        package: "bench-scientific",
        library: "bench_scientific",
    },
];

/// How many groups of a guest are printed.
const LARGEST: usize = 8;

pub(crate) fn run(shell: &Shell) -> Result<Value> {
    let bench = Bench::prepare(shell)?;
    let mut rows = Vec::new();
    for guest in &GUESTS {
        let module = bench.built(guest.package, guest.library)?;
        // The names of the other benchmarks, so that each file is made once.
        let plain = bench.stripped(&module, guest.package.trim_start_matches("bench-"))?;
        let snapshot = bench.snapshot(&plain)?;
        let row = json!({
            "guest": guest.title,
            "plain": bytes(&plain)?,
            "zstd": compressed(shell, &plain),
            "snapshot": bytes(&snapshot)?,
            "parts": parts(shell, &module)?,
        });
        print(&row);
        rows.push(row);
    }
    Ok(json!({ "guests": rows }))
}

fn bytes(file: &Path) -> Result<u64> {
    let metadata = fs::metadata(file)
        .map_err(|error| format!("could not look at `{}`: {error}", file.display()))?;
    Ok(metadata.len())
}

/// The size after `zstd -19`; `None` where zstd is missing or fails.
fn compressed(shell: &Shell, file: &Path) -> Option<usize> {
    let output = cmd!(shell, "zstd -19 --quiet --stdout {file}")
        .quiet()
        .ignore_stderr()
        .output()
        .ok()?;
    Some(output.stdout.len())
}

/// What `cargo wadup size` says of a module, which still has its names: they are a part too.
fn parts(shell: &Shell, module: &Path) -> Result<Value> {
    let report = cmd!(shell, "cargo wadup size --json {module}")
        .quiet()
        .read()?;
    Ok(serde_json::from_str(&report)?)
}

fn print(row: &Value) {
    let megabytes = |value: &Value| {
        value
            .as_f64()
            .map_or_else(|| "-".to_owned(), |bytes| format!("{:.2} MB", bytes / 1e6))
    };
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    println!(
        "{:<36} plain {}, zstd -19 {}, snapshot {}",
        text(&row["guest"]),
        megabytes(&row["plain"]),
        megabytes(&row["zstd"]),
        megabytes(&row["snapshot"])
    );
    let basis = format!("  by {}", text(&row["parts"]["basis"]));
    println!("{basis:<36} {:>10} {:>10} {:>10}", "code", "data", "files");
    for group in row["parts"]["groups"]
        .as_array()
        .into_iter()
        .flatten()
        .take(LARGEST)
    {
        let name = format!("{} {}", text(&group["group"]), text(&group["name"]));
        println!(
            "  {name:<34} {:>10} {:>10} {:>10}",
            megabytes(&group["code"]),
            megabytes(&group["data"]),
            megabytes(&group["files"])
        );
    }
    println!();
}
