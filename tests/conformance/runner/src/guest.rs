//! Builds the guest of a package, and runs each file of tests in it.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use cargo_wadup::suite::{self, PYTEST, Start};
use harness::STACK_OF_BASELINE;
use serde_json::{Value, json};
use wadup_host::{Compiler, Engine, Guest, Limits, Options, Preopen, Printed};
use xshell::{Shell, cmd};

use crate::expected::Expected;
use crate::install::Installed;
use crate::outcomes::FileOutcomes;
use crate::suite::{Suite, With};
use crate::{Result, workspace};

const TARGET: &str = "wasm32-wasip1";

/// How many run at a time: one per core of the machine that CI has, since each needs hundreds of megabytes.
const INSTANCES: usize = 2;

/// The program that runs a file with unittest.
const UNITTEST: &str = include_str!("../../python/conformance/with_unittest.py");

// Folders, as the guest sees them.
const SUITE: &str = "/suite";
const PACKAGES: &str = "/packages";

/// Options for pytest that all suites share. Rewriting asserts takes longer than most test files.
const OPTIONS: [&str; 5] = [
    "--rootdir=/suite",
    "--assert=plain",
    "--tb=short",
    "--no-header",
    "--quiet",
];

/// How many bytes of each stream of one instance are kept: all failures of a file are there.
const PRINTED: usize = 16 << 20;

/// How the run of one file ended.
pub(crate) struct Ended {
    pub(crate) file: String,
    pub(crate) seconds: f64,
    pub(crate) outcomes: FileOutcomes,
}

/// Builds the guest.
pub(crate) fn build(shell: &Shell, package: &str, assertions: bool) -> Result<PathBuf> {
    let folder = match assertions {
        true => "target/assertions",
        false => "target",
    };
    let variable = assertions.then_some(("WADUP_C_ASSERTIONS", "1"));
    cmd!(
        shell,
        "cargo build --release --target {TARGET} --package conformance-{package} --target-dir {folder}"
    )
    .envs(variable)
    .run()?;
    let module = format!("{folder}/{TARGET}/release/conformance-{package}.wasm");
    Ok(workspace().join(module))
}

/// The files of tests to run, and how.
pub(crate) struct Runs<'a> {
    pub(crate) suite: &'a Suite,
    pub(crate) installed: &'a Installed,
    pub(crate) expected: &'a Expected,
    pub(crate) files: &'a [String],
    /// Files of a sample take seconds: the baseline compiler, whose code starts sooner and runs slower, will do.
    pub(crate) is_sample: bool,
}

impl Runs<'_> {
    /// Runs each file in instances of its own, and hands on how it ended as soon as that is known.
    pub(crate) fn run(&self, module: &Path, mut ended: impl FnMut(Ended)) -> Result<()> {
        let results = self.installed.folder.join("results");
        if results.exists() {
            fs::remove_dir_all(&results)
                .map_err(|error| format!("could not empty `{}`: {error}", results.display()))?;
        }
        let guest = self.load(module)?;
        let files = Mutex::new(self.files.iter());
        let next = || files.lock().unwrap_or_else(PoisonError::into_inner).next();
        let (sender, receiver) = mpsc::channel();
        thread::scope(|scope| {
            for _ in 0..INSTANCES {
                let sender = sender.clone();
                scope.spawn(|| {
                    let sender = sender;
                    while let Some(file) = next() {
                        // Fails only where nobody receives any more.
                        if sender.send(self.run_file(&guest, file)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            receiver.into_iter().for_each(&mut ended);
        });
        Ok(())
    }

    fn load(&self, module: &Path) -> Result<Guest> {
        let default = Limits::default();
        let (compiler, stack) = match self.is_sample {
            true => (Compiler::Baseline, STACK_OF_BASELINE * default.stack),
            false => (Compiler::Optimizing, default.stack),
        };
        let limits = Limits {
            timeout: Some(Duration::from_secs(self.suite.run.timeout)),
            stack,
            ..default
        };
        let compiled = workspace().join("target/conformance/compiled");
        Ok(Engine::with_compiler(limits, compiler)?
            .with_cache(compiled)
            .load(module)?)
    }

    fn run_file(&self, guest: &Guest, file: &str) -> Ended {
        let started = Instant::now();
        let outcomes = match self.tests_of(guest, file) {
            Ok(ended) => FileOutcomes::of(&ended),
            Err(error) => FileOutcomes::none(error.to_string()),
        };
        Ended {
            file: file.to_owned(),
            seconds: started.elapsed().as_secs_f64(),
            outcomes,
        }
    }

    /// Runs the tests of a file as `cargo wadup test` does, and leaves what they print in the results.
    fn tests_of(&self, guest: &Guest, file: &str) -> Result<suite::Ended> {
        let results = self.installed.results(file);
        fs::create_dir_all(&results)?;
        let folders = [
            (self.installed.suite(), SUITE),
            (self.installed.packages(), PACKAGES),
            (workspace().join("tests/conformance/python"), "/harness"),
        ];
        let preopens = folders.map(|(host, guest)| Preopen {
            host,
            guest: guest.to_owned(),
        });
        let session = suite::Session {
            guest,
            options: Options {
                arguments: vec!["conformance".to_owned()],
                preopens: preopens.into(),
                printed: Printed::Kept(PRINTED),
                ..Options::default()
            },
            start: Start::Command,
            program: match self.suite.run.with {
                With::Pytest => PYTEST,
                With::Unittest => UNITTEST,
            },
            settings: self.settings(file),
            is_short: false,
        };
        let in_guest = format!("{SUITE}/{file}");
        let ended = session.run(&in_guest, |_, call| {
            for (name, text) in [("stdout.txt", &call.stdout), ("stderr.txt", &call.stderr)] {
                append(&results.join(name), text)?;
            }
            Ok(())
        })?;
        Ok(ended)
    }

    /// The settings of the program for `file`.
    fn settings(&self, file: &str) -> Value {
        let run = &self.suite.run;
        let left_out = self.expected.left_out_of(file).into_iter();
        let left_out = left_out.map(|test| format!("--deselect={test}"));
        match run.with {
            With::Pytest => json!({
                "arguments": OPTIONS
                    .map(str::to_owned)
                    .into_iter()
                    .chain(run.options.iter().cloned())
                    .chain(left_out)
                    .collect::<Vec<_>>(),
                "path": [PACKAGES, SUITE],
                "folder": if run.in_root { SUITE } else { "/tmp" },
                "plugins": ["conformance.with_pytest"],
            }),
            With::Unittest => json!({ "arguments": left_out.collect::<Vec<_>>() }),
        }
    }
}

/// Adds to a file what one more instance printed.
fn append(path: &Path, text: &str) -> Result<(), String> {
    File::options()
        .create(true)
        .append(true)
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|error| format!("could not write `{}`: {error}", path.display()))
}
