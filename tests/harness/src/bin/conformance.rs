//! Runs a guest once for each file of tests, and prints how each run ended as a line of JSON. `cargo xtask conformance` starts it.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use harness::STACK_OF_BASELINE;
use serde::{Deserialize, Serialize};
use wadup_runner::{Call, Compiler, Engine, Guest, Limits, Options, Preopen};

/// What to run: the file that the only argument names.
#[derive(Deserialize)]
struct Job {
    /// The module, a command.
    guest: PathBuf,
    /// Where compiled code is kept.
    compiled: PathBuf,
    /// Folders of this machine, each with the path under which every instance sees it.
    folders: Vec<(PathBuf, String)>,
    /// Whether the baseline compiler will do, whose code starts sooner, runs slower and takes more of the native stack.
    baseline: bool,
    /// How many instances run at a time.
    instances: usize,
    /// After how many seconds an instance is stopped.
    timeout: u64,
    runs: Vec<Run>,
}

/// One instance.
#[derive(Deserialize)]
struct Run {
    /// The file of tests, as the guest knows it.
    file: String,
    arguments: Vec<String>,
    /// What the guest sees as `/results`, and where its output goes.
    results: PathBuf,
}

/// How one run ended.
#[derive(Serialize)]
struct Ended<'a> {
    file: &'a str,
    seconds: f64,
    /// Why the instance did not come to its end.
    failure: Option<String>,
}

fn main() -> ExitCode {
    let job = std::env::args_os()
        .nth(1)
        .ok_or_else(|| "which job?".into());
    match job.and_then(|job| run(Path::new(&job))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("conformance: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(job: &Path) -> Result<(), Box<dyn Error>> {
    let job: Job = serde_json::from_str(&fs::read_to_string(job)?)?;
    let default = Limits::default();
    let (compiler, stack) = match job.baseline {
        true => (Compiler::Baseline, STACK_OF_BASELINE * default.stack),
        false => (Compiler::Optimizing, default.stack),
    };
    let limits = Limits {
        timeout: Some(Duration::from_secs(job.timeout)),
        stack,
        ..default
    };
    let guest = Engine::with_compiler(limits, compiler)?
        .with_cache(&job.compiled)
        .load(&job.guest)?;
    let runs = Mutex::new(job.runs.iter());
    let next = || runs.lock().unwrap_or_else(PoisonError::into_inner).next();
    thread::scope(|scope| {
        for _ in 0..job.instances {
            scope.spawn(|| {
                while let Some(run) = next() {
                    report(&job, &guest, run);
                }
            });
        }
    });
    Ok(())
}

fn report(job: &Job, guest: &Guest, run: &Run) {
    let started = Instant::now();
    let failure = run_file(job, guest, run).err();
    let ended = Ended {
        file: &run.file,
        seconds: started.elapsed().as_secs_f64(),
        failure: failure.map(|error| error.to_string()),
    };
    match serde_json::to_string(&ended) {
        Ok(line) => println!("{line}"),
        Err(error) => eprintln!("{}: {error}", run.file),
    }
}

fn run_file(job: &Job, guest: &Guest, run: &Run) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(&run.results)?;
    let folder = |(host, guest): (&Path, &str)| Preopen {
        host: host.to_owned(),
        guest: guest.to_owned(),
    };
    let folders = job.folders.iter().map(|(host, guest)| (&**host, &**guest));
    let options = Options {
        arguments: run.arguments.clone(),
        preopens: folders
            .chain([(&*run.results, "/results")])
            .map(folder)
            .collect(),
        ..Options::default()
    };
    let Call {
        end,
        stdout,
        stderr,
    } = guest.run_command(&options)?;
    fs::write(run.results.join("stdout.txt"), stdout)?;
    fs::write(run.results.join("stderr.txt"), stderr)?;
    match end {
        Ok(0) => Ok(()),
        Ok(status) => Err(format!("ended with status {status}").into()),
        Err(trap) => Err(trap.to_string().into()),
    }
}
