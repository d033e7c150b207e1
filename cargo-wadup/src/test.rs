//! `cargo wadup test`: runs a project's tests with pytest inside its guest.

mod files;
mod junit;
mod session;
mod summary;

use std::ffi::OsString;
use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use self::session::{Ended, Session};
use self::summary::Summary;
use crate::build::{self, Built, Guest};
use crate::engine::EngineArgs;
use crate::project;
use crate::run::console::{Console, Lines};

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
    /// Build the guest in release mode
    #[arg(long)]
    release: bool,
    #[command(flatten)]
    engine: EngineArgs,
    /// Arguments for pytest
    #[arg(last = true, value_name = "PYTEST-ARGS")]
    pytest: Vec<String>,
}

/// Runs the command.
pub(crate) fn execute(args: TestArgs) -> crate::Outcome {
    let manifest = project::manifest_around(&std::env::current_dir()?)?;
    let folder = manifest.parent().unwrap_or(&manifest).to_owned();
    let files = files::find(&folder, &args.paths)?;
    let profile = args.release.then(|| OsString::from("--release"));
    let guests = match build::with_tests(&folder, profile.into_iter().collect())? {
        Built::All(guests) => guests,
        Built::Failed(status) => return Ok(status),
    };
    let guest = chosen(&guests, &folder)?;
    let session = Session {
        guest: args.engine.engine()?.load(&guest.module)?,
        project: folder,
        python_source: wadup_build::python_source(&guest.build_folder)?,
        arguments: pytest_arguments(&args),
    };
    let summary = run(&session, &files, &args)?;
    println!("\n{summary}");
    if let Some(file) = &args.junit_xml {
        junit::write(file, summary.reports())?;
    }
    Ok(ExitCode::from(summary.status()))
}

/// The guest of the project, its library if it has several.
fn chosen<'a>(guests: &'a [Guest], folder: &Path) -> Result<&'a Guest, String> {
    guests
        .iter()
        .filter(|guest| guest.project == folder)
        .min_by_key(|guest| guest.is_program)
        .ok_or_else(|| {
            format!(
                "the package in `{}` is not a guest\nhelp: its tests run with pytest, or with `cargo test`",
                folder.display()
            )
        })
}

fn pytest_arguments(args: &TestArgs) -> Vec<String> {
    let mut arguments = vec!["--no-header".to_owned()];
    if let Some(keyword) = &args.keyword {
        arguments.extend(["-k".to_owned(), keyword.clone()]);
    }
    if args.exitfirst {
        arguments.push("--exitfirst".to_owned());
    }
    if args.junit_xml.is_some() {
        arguments.push(format!("--junit-xml={}", session::junit_in_guest()));
    }
    arguments.extend(args.pytest.iter().cloned());
    arguments
}

/// Runs each file, at most `--jobs` at a time, with its output on standard output as it comes.
fn run(session: &Session, files: &[String], args: &TestArgs) -> Result<Summary, String> {
    let console = Arc::new(Console::new(Box::new(io::stdout())));
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
            let (sender, next, console) = (sender.clone(), &next, &console);
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
            if let Some(reason) = &ended.broken_off {
                let text = format!("{file}: {reason}\n");
                console.say(&text).map_err(|error| error.to_string())?;
            }
            summary.add(file, ended);
        }
        Ok(summary)
    })
}
