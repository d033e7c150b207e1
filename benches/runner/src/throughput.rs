//! The speed of Python programs: in the guest, in CPython's own command for WASI, and natively.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use xshell::Shell;

use crate::Result;
use crate::prepare::Bench;
use crate::process::Program;
use crate::statistics::{fastest, geometric_mean};

/// Programs of `benches/programs` that run in one guest.
struct Set {
    /// The guest, by its folder in `benches`.
    guest: &'static str,
    title: &'static str,
    programs: &'static [&'static str],
    /// Those of them that need packages, which CPython's own command does not have.
    only_in_guest: &'static [&'static str],
}

const GENERAL: Set = Set {
    guest: "guest",
    title: "Python",
    programs: &[
        "nbody",
        "richards",
        "deltablue",
        "documents",
        "patterns",
        "records",
        "churn",
    ],
    only_in_guest: &["records"],
};

const UNSEEN: [&str; 10] = [
    "pyperformance_programs:chaos",
    "pyperformance_programs:deepcopy",
    "pyperformance_programs:fannkuch",
    "pyperformance_programs:float",
    "pyperformance_programs:generators",
    "pyperformance_programs:go",
    "pyperformance_programs:hexiom",
    "pyperformance_programs:nqueens",
    "pyperformance_programs:raytrace",
    "pyperformance_programs:spectral_norm",
];

/// Programs of pyperformance, for which nothing was tuned. CPython's own command does not see their folder.
const PYPERFORMANCE: Set = Set {
    guest: "guest",
    title: "pyperformance",
    programs: &UNSEEN,
    only_in_guest: &UNSEEN,
};

const ARRAYS: [&str; 6] = [
    "arrays:elementwise",
    "arrays:reductions",
    "arrays:matmul",
    "arrays:sort",
    "arrays:fft",
    "arrays:random",
];

const NUMPY: Set = Set {
    guest: "scientific",
    title: "NumPy",
    programs: &ARRAYS,
    only_in_guest: &ARRAYS,
};

const FRAMES: [&str; 3] = ["frames:read_csv", "frames:groupby", "frames:merge"];

const PANDAS: Set = Set {
    guest: "scientific",
    title: "pandas",
    programs: &FRAMES,
    only_in_guest: &FRAMES,
};

/// The places in which a program runs.
struct Places<'a> {
    bench: Bench<'a>,
    command: PathBuf,
    library: PathBuf,
    packages: PathBuf,
    /// The folder that the guest sees as `/`.
    root: PathBuf,
}

/// The fastest times of one program, in seconds.
struct Times {
    guest: f64,
    native: f64,
    /// The guest of the profile `modern`.
    modern: f64,
    /// The guest as it was linked; `None` where wasm-opt has not changed it.
    linked: Option<f64>,
    /// `None` where CPython's own command cannot run it.
    command: Option<f64>,
}

pub(crate) fn run(shell: &Shell, rounds: usize) -> Result<Value> {
    let places = Places::prepare(shell)?;
    let general = places.measure(&GENERAL, rounds)?;
    let pyperformance = places.measure(&PYPERFORMANCE, rounds)?;
    let numpy = places.measure(&NUMPY, rounds)?;
    let pandas = places.measure(&PANDAS, rounds)?;
    let mut report = general;
    report["pyperformance"] = pyperformance;
    report["numpy"] = numpy;
    report["pandas"] = pandas;
    Ok(report)
}

impl<'a> Places<'a> {
    fn prepare(shell: &'a Shell) -> Result<Self> {
        let bench = Bench::prepare(shell)?;
        let root = bench.folder.join("root");
        fs::create_dir_all(&root)
            .map_err(|error| format!("could not create `{}`: {error}", root.display()))?;
        let packages = bench.native_packages()?;
        bench.add_programs(&packages, &root)?;
        Ok(Self {
            command: bench.compiled(&bench.interpreters.wasm, false)?,
            library: bench.stdlib()?,
            packages,
            root,
            bench,
        })
    }

    /// Runs and prints a set.
    fn measure(&self, set: &Set, rounds: usize) -> Result<Value> {
        let guest = self.bench.guest(set.guest)?;
        let linked = self.bench.linked(set.guest, &guest)?;
        let guest = self.bench.compiled(&guest, false)?;
        let modern = self.bench.modern(set.guest)?;
        let modern = self.bench.compiled(&modern, false)?;
        let linked = linked
            .map(|linked| self.bench.compiled(&linked, false))
            .transpose()?;
        println!(
            "{:<20} {:>9} {:>9} {:>9} {:>14} {:>10} {:>11} {:>11} {:>10} {:>16}",
            set.title,
            "guest s",
            "modern s",
            "linked s",
            "cpython-wasm s",
            "native s",
            "vs native",
            "vs modern",
            "vs linked",
            "vs cpython-wasm"
        );
        let (mut rows, mut to_native) = (Vec::new(), Vec::new());
        let (mut to_linked, mut to_command) = (Vec::new(), Vec::new());
        let mut to_modern = Vec::new();
        for program in set.programs {
            let times = self.times(set, [&guest, &modern], linked.as_deref(), program, rounds)?;
            to_native.push(times.guest / times.native);
            to_modern.push(times.guest / times.modern);
            to_linked.extend(times.linked.map(|linked| times.guest / linked));
            to_command.extend(times.command.map(|command| times.guest / command));
            let name = program.rsplit(':').next().unwrap_or(program);
            println!("{}", times.line(name));
            rows.push(times.json(name));
        }
        let native = geometric_mean(&to_native);
        let mut report = json!({ "programs": rows, "geomean_vs_native": native });
        let mut mean = |name: &str, ratios: &[f64]| {
            if ratios.is_empty() {
                return String::new();
            }
            let mean = geometric_mean(ratios);
            report[name] = json!(mean);
            format!("{mean:.2}")
        };
        let modern = mean("geomean_vs_modern", &to_modern);
        let linked = mean("geomean_vs_linked", &to_linked);
        let command = mean("geomean_vs_cpython_wasm", &to_command);
        println!(
            "{:<20} {native:>67.2} {modern:>11} {linked:>10} {command:>16}\n",
            "geometric mean"
        );
        Ok(report)
    }

    fn times(
        &self,
        set: &Set,
        [guest, modern]: [&Path; 2],
        linked: Option<&Path>,
        program: &str,
        rounds: usize,
    ) -> Result<Times> {
        let input = self.root.join("data.bin");
        fs::write(&input, program)
            .map_err(|error| format!("could not write `{}`: {error}", input.display()))?;
        let mut places = vec![
            self.in_guest(guest),
            self.native(program),
            self.in_guest(modern),
        ];
        let in_command = !set.only_in_guest.contains(&program);
        places.extend(linked.map(|linked| self.in_guest(linked)));
        places.extend(in_command.then(|| self.in_command(program)));
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
            return Err(format!("results of `{program}` differ: {checksums:?}").into());
        }
        let mut fastest = seconds.iter().map(|seconds| fastest(seconds));
        let (Some(guest), Some(native), Some(modern)) =
            (fastest.next(), fastest.next(), fastest.next())
        else {
            return Err(format!("`{program}` did not run").into());
        };
        Ok(Times {
            guest,
            native,
            modern,
            linked: linked.and_then(|_| fastest.next()),
            command: fastest.next(),
        })
    }

    fn in_guest(&self, guest: &Path) -> Program {
        Program::new(&self.bench.measure)
            .args(["run", "--quiet", "--call", "throughput", "--folder"])
            .path(&self.root)
            .args(["/"])
            .path(guest)
    }

    fn in_command(&self, program: &str) -> Program {
        Program::new(&self.bench.measure)
            .args(["run", "--quiet", "--call", "_start", "--folder"])
            .path(&self.library)
            .args([&*self.bench.interpreters.mount, "--folder"])
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

impl Times {
    fn line(&self, program: &str) -> String {
        let shown = |number: Option<f64>, digits: usize| {
            number.map_or_else(String::new, |number| format!("{number:.digits$}"))
        };
        format!(
            "{program:<20} {:>9.3} {:>9.3} {:>9} {:>14} {:>10.3} {:>11.2} {:>11.2} {:>10} {:>16}",
            self.guest,
            self.modern,
            shown(self.linked, 3),
            shown(self.command, 3),
            self.native,
            self.guest / self.native,
            self.guest / self.modern,
            shown(self.linked.map(|linked| self.guest / linked), 2),
            shown(self.command.map(|command| self.guest / command), 2)
        )
    }

    fn json(&self, program: &str) -> Value {
        json!({
            "name": program,
            "guest_s": self.guest,
            "modern_s": self.modern,
            "linked_s": self.linked,
            "cpython_wasm_s": self.command,
            "native_s": self.native,
        })
    }
}
