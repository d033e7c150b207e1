//! Builds the guest of a package, and runs it once for each file of tests.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use harness::STACK_OF_BASELINE;
use wadup_host::{Call, Compiler, Engine, Guest, Limits, Options, Preopen};
use xshell::{Shell, cmd};

use crate::expected::Expected;
use crate::install::Installed;
use crate::suite::{Suite, With};
use crate::{Result, workspace};

const TARGET: &str = "wasm32-wasip1";

/// How many run at a time: one per core of the machine that CI has, since each needs hundreds of megabytes.
const INSTANCES: usize = 2;

/// An option for the harness in the guest: to run the tests in the root of the suite.
const IN_ROOT: &str = "--in-root";

/// How the run of one file ended.
pub(crate) struct Ended {
    pub(crate) file: String,
    pub(crate) seconds: f64,
    /// Why the instance did not come to its end.
    pub(crate) failure: Option<String>,
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
    /// Runs each file in an instance of its own, and hands on how it ended as soon as that is known.
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
        let failure = self.status(guest, file).err();
        Ended {
            file: file.to_owned(),
            seconds: started.elapsed().as_secs_f64(),
            failure: failure.map(|error| error.to_string()),
        }
    }

    /// Fails unless the instance ends with status 0.
    fn status(&self, guest: &Guest, file: &str) -> Result<()> {
        let results = self.installed.results(file);
        fs::create_dir_all(&results)?;
        let folder = |(host, guest): (PathBuf, &str)| Preopen {
            host,
            guest: guest.to_owned(),
        };
        let folders = [
            (self.installed.suite(), "/suite"),
            (self.installed.packages(), "/packages"),
            (workspace().join("tests/conformance/python"), "/harness"),
            (results.clone(), "/results"),
        ];
        let options = Options {
            arguments: self.arguments(file),
            preopens: folders.map(folder).into(),
            ..Options::default()
        };
        let Call {
            end,
            stdout,
            stderr,
        } = guest.run_command(&options)?;
        fs::write(results.join("stdout.txt"), stdout)?;
        fs::write(results.join("stderr.txt"), stderr)?;
        match end {
            Ok(0) => Ok(()),
            Ok(status) => Err(format!("ended with status {status}").into()),
            Err(trap) => Err(trap.to_string().into()),
        }
    }

    /// What the guest is called with.
    fn arguments(&self, file: &str) -> Vec<String> {
        let run = &self.suite.run;
        let mut arguments = vec!["conformance".to_owned()];
        arguments.extend([run.with.name().to_owned(), file.to_owned()]);
        if run.with == With::Pytest {
            arguments.extend(run.options.iter().cloned());
        }
        if run.in_root {
            arguments.push(IN_ROOT.to_owned());
        }
        let left_out = self.expected.left_out_of(file).into_iter();
        arguments.extend(left_out.map(|test| format!("--deselect={test}")));
        arguments
    }
}
