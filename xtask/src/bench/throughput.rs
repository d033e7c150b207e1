//! The speed of Python programs: in the guest, in CPython's own command for WASI, and natively.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::prepare::Bench;
use super::process::Program;
use super::statistics::{fastest, geometric_mean};

/// The programs in `benches/programs`; those that need pydantic run where it can be had.
const PROGRAMS: [(&str, bool); 7] = [
    ("nbody", false),
    ("richards", false),
    ("deltablue", false),
    ("documents", false),
    ("patterns", false),
    ("records", true),
    ("churn", false),
];

/// The places in which a program runs, in the order of the figures.
struct Places {
    bench: Bench,
    guest: PathBuf,
    command: PathBuf,
    library: PathBuf,
    packages: PathBuf,
    /// The folder that the guest sees as `/`.
    root: PathBuf,
}

pub(crate) fn run(rounds: usize) -> Result<Value, String> {
    let places = Places::prepare()?;
    println!(
        "{:<12} {:>9} {:>14} {:>10} {:>11} {:>16}",
        "", "guest s", "cpython-wasm s", "native s", "vs native", "vs cpython-wasm"
    );
    let (mut rows, mut to_native, mut to_command) = (Vec::new(), Vec::new(), Vec::new());
    for (name, needs_pydantic) in PROGRAMS {
        let [guest, command, native] = places.times(name, needs_pydantic, rounds)?;
        to_native.push(guest / native);
        let mut against = String::new();
        if !needs_pydantic {
            to_command.push(guest / command);
            against = format!("{:.2}", guest / command);
        }
        println!(
            "{name:<12} {guest:>9.3} {command:>14.3} {native:>10.3} {:>11.2} {against:>16}",
            guest / native
        );
        rows.push(json!({
            "name": name,
            "guest_s": guest,
            "cpython_wasm_s": (!needs_pydantic).then_some(command),
            "native_s": native,
        }));
    }
    let (native, command) = (geometric_mean(&to_native), geometric_mean(&to_command));
    println!(
        "{:<12} {:>47.2} {:>16.2}",
        "geometric mean", native, command
    );
    Ok(json!({
        "programs": rows,
        "geomean_vs_native": native,
        "geomean_vs_cpython_wasm": command,
    }))
}

impl Places {
    fn prepare() -> Result<Self, String> {
        let bench = Bench::prepare()?;
        let guest = bench.guest()?;
        let root = bench.folder.join("root");
        fs::create_dir_all(&root)
            .map_err(|error| format!("could not create `{}`: {error}", root.display()))?;
        Ok(Self {
            guest: bench.compiled(&guest, false)?,
            command: bench.compiled(&bench.interpreters.wasm, false)?,
            library: bench.stdlib()?,
            packages: bench.native_packages()?,
            root,
            bench,
        })
    }

    /// The fastest time of each place; infinite where the program cannot run.
    fn times(
        &self,
        program: &str,
        needs_pydantic: bool,
        rounds: usize,
    ) -> Result<[f64; 3], String> {
        let input = self.root.join("data.bin");
        fs::write(&input, program)
            .map_err(|error| format!("could not write `{}`: {error}", input.display()))?;
        let mut places = vec![self.in_guest(), self.native(program)];
        if !needs_pydantic {
            places.push(self.in_command(program));
        }
        let mut seconds: Vec<Vec<f64>> = places.iter().map(|_| Vec::new()).collect();
        let mut checksums = Vec::new();
        for _ in 0..rounds {
            for (place, seconds) in places.iter().zip(&mut seconds) {
                let report = place.run()?.report;
                seconds.extend(report["seconds"].as_f64());
                checksums.push(report["checksum"].as_u64());
            }
        }
        if checksums
            .iter()
            .any(|checksum| checksum.is_none() || *checksum != checksums[0])
        {
            return Err(format!(
                "`{program}` does not find the same everywhere: {checksums:?}"
            ));
        }
        let of = |place: usize| {
            seconds
                .get(place)
                .map_or(f64::INFINITY, |times| fastest(times))
        };
        Ok([of(0), of(2), of(1)])
    }

    fn in_guest(&self) -> Program {
        Program::new(&self.bench.measure)
            .args(["run", "--quiet", "--call", "throughput", "--folder"])
            .path(&self.root)
            .args(["/"])
            .path(&self.guest)
    }

    fn in_command(&self, program: &str) -> Program {
        Program::new(&self.bench.measure)
            .args(["run", "--quiet", "--call", "_start", "--folder"])
            .path(&self.library)
            .args(["/wadup/lib/python3.13", "--folder"])
            .path(&self.bench.programs())
            .args(["/programs"])
            .path(&self.command)
            .args([
                "--",
                "python",
                "-E",
                "-s",
                "-S",
                "/programs/throughput.py",
                program,
            ])
    }

    fn native(&self, program: &str) -> Program {
        Program::new(&self.bench.interpreters.native)
            .env("PYTHONPATH", &self.packages)
            .args(["-S"])
            .path(&self.bench.programs().join("throughput.py"))
            .args([program])
    }
}
