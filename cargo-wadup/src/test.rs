//! `cargo wadup test`: runs a project's tests with pytest inside its guest.

mod coverage;
mod files;
mod junit;
mod session;
mod summary;

use std::io::{self, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use cargo_wadup::suite::Log;
use wadup_host::Engine;

use self::session::{Ended, Session};
use self::summary::Summary;
use crate::development::{self, Development, Ready, Wanted};
use crate::engine::{EngineArgs, HostArg};
use crate::run::console::{Console, Lines};
use crate::watch::Watch;

/// Runs the tests of this folder's project with pytest, inside its guest
///
/// Builds the guest with the requirements of `test` in `[dependency-groups]` of pyproject.toml, or else of `dev`. Each
/// file of tests runs in an instance of its own, which sees the project's folder and imports the Python there, so that an
/// edited file needs no build. The exit status is 0 if all tests pass, 5 if there are none, and otherwise pytest's, which
/// is 1 for a failed test.
#[derive(clap::Args)]
pub(crate) struct TestArgs {
    /// Files, folders, or tests as in `tests/test_users.py::test_name` [default: `testpaths` of pytest's settings, or else
    /// `tests`]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Only tests whose names match, as for pytest
    #[arg(short = 'k', value_name = "EXPRESSION")]
    keyword: Option<String>,
    /// Stop after the first failure
    #[arg(short = 'x', long)]
    exitfirst: bool,
    /// Number of instances that run at the same time
    #[arg(long, value_name = "N", default_value = "1")]
    jobs: NonZero<usize>,
    /// Write a report in the format of JUnit
    #[arg(long, value_name = "FILE")]
    junit_xml: Option<PathBuf>,
    /// Measure which lines of the project's Python run: print a table, and write FILE in the format of lcov [without FILE:
    /// lcov.info]
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "lcov.info"
    )]
    cov: Option<PathBuf>,
    /// Run the tests again whenever a file of Python changes
    #[arg(long)]
    watch: bool,
    /// Build the guest in release mode
    #[arg(long)]
    release: bool,
    /// Run the tests in the guest's snapshot, with the Python that was built in where the snapshot has imported it
    #[arg(long)]
    snapshot: bool,
    /// The kind of host
    #[arg(long, value_enum, default_value_t)]
    host: HostArg,
    #[command(flatten)]
    engine: EngineArgs,
    /// Arguments for pytest
    #[arg(last = true, value_name = "PYTEST-ARGS")]
    pytest: Vec<String>,
}

/// Runs the command.
pub(crate) fn execute(args: TestArgs) -> crate::Outcome {
    let folder = development::project()?;
    files::find(&folder, &args.paths)?;
    let engine = args.engine.engine()?;
    let Some(session) = prepare(&args, &folder, &engine)? else {
        return Ok(ExitCode::FAILURE);
    };
    if !args.watch {
        return run_all(&session, &args);
    }
    let mut watched = files::folders(&folder, &args.paths)?;
    watched.insert(session.development.python_source.clone());
    let mut watch = Watch::new(watched.iter().map(PathBuf::as_path));
    loop {
        // A file that is missing or broken for a moment is no reason to end.
        if let Err(error) = run_all(&session, &args) {
            eprintln!("error: {}", crate::report(&*error));
        }
        watch.wait();
    }
}

/// Builds the guest; `None` if Cargo failed, after printing why.
fn prepare(
    args: &TestArgs,
    folder: &Path,
    engine: &Engine,
) -> Result<Option<Session>, Box<dyn std::error::Error>> {
    let wanted = Wanted {
        release: args.release,
        snapshot: args.snapshot,
    };
    let development = match Development::build(folder, engine, wanted)? {
        Ready::Yes(development) => *development,
        Ready::No(_) => return Ok(None),
    };
    if args.cov.is_some() {
        coverage::check(folder)?;
    }
    Ok(Some(Session {
        development,
        host: args.host.into(),
        arguments: pytest_arguments(args),
        is_short: args.exitfirst,
        wants_junit: args.junit_xml.is_some(),
        wants_coverage: args.cov.is_some(),
    }))
}

/// Runs all tests once.
fn run_all(session: &Session, args: &TestArgs) -> crate::Outcome {
    let files = files::find(&session.development.project, &args.paths)?;
    let console = Arc::new(Console::new(Box::new(io::stdout())));
    let summary = run(session, &files, args, &console)?;
    if let Some(file) = &args.cov {
        let measured = summary.files().flat_map(|ended| &ended.coverage);
        let lines = Arc::new(Lines::at_once(&console));
        coverage::report(&session.development, measured, file, &lines)?;
    }
    if let Some(file) = &args.junit_xml {
        junit::write(file, summary.files())?;
    }
    writeln!(io::stdout(), "\n{summary}")?;
    Ok(ExitCode::from(summary.status()))
}

fn pytest_arguments(args: &TestArgs) -> Vec<String> {
    let mut arguments = vec!["--no-header".to_owned()];
    if let Some(keyword) = &args.keyword {
        arguments.extend(["-k".to_owned(), keyword.clone()]);
    }
    if args.exitfirst {
        arguments.push("--exitfirst".to_owned());
    }
    arguments.extend(args.pytest.iter().cloned());
    arguments
}

/// Runs each file, at most `--jobs` at a time, with its output on the console as it comes.
fn run(
    session: &Session,
    files: &[String],
    args: &TestArgs,
    console: &Arc<Console>,
) -> Result<Summary, String> {
    let instances = args.jobs.get().min(files.len());
    let queue = Mutex::new(files.iter());
    let stopped = AtomicBool::new(false);
    let next = || {
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.next().filter(|_| !stopped.load(Ordering::Relaxed))
    };
    let (sender, receiver) = mpsc::channel::<Result<(&String, Ended), String>>();
    thread::scope(|scope| {
        for number in 0..instances {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                while let Some(file) = next() {
                    let lines = Arc::new(if instances == 1 {
                        Lines::at_once(console)
                    } else {
                        Lines::line_by_line(console, number)
                    });
                    let ended = session.run(file, &lines);
                    let ended = ended.map(|ended| (file, ended));
                    // The receiver is gone if another file could not be run at all.
                    if sender.send(ended).is_err() {
                        break;
                    }
                }
            });
        }
        drop(sender);
        let mut summary = Summary::default();
        for ended in receiver {
            let (file, ended) = ended?;
            if args.exitfirst && ended.is_failure() {
                stopped.store(true, Ordering::Relaxed);
            }
            for end in ended.logs.iter().filter_map(Log::end) {
                let text = format!("{}: {}\n", end.test, end.reason);
                console.say(&text).map_err(|error| error.to_string())?;
            }
            summary.add(file, ended);
        }
        Ok(summary)
    })
}
