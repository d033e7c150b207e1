//! `cargo wadup run`: runs a guest once per input file, as the WADUP host does.

mod again;
pub(crate) mod console;
mod jobs;
mod profile;
mod progress;
mod rows;
mod timings;

use std::error::Error;
use std::io::{self, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use wadup_build::Size;
use wadup_host::{Content, Options, Printed};

use self::console::Console;
use self::jobs::Report;
use self::rows::{Format, Rows};
use self::timings::Timings;
use crate::engine::{EngineArgs, fitting};
use crate::guest::{self, SnapshotArgs, Wanted};

/// Runs a guest once per input file and prints the rows that it emits
///
/// One instance of the guest processes all inputs in order. After a trap, a new instance continues. Output of the
/// guest, on standard output or standard error, goes to standard error immediately, or line by line with `--jobs`. If
/// an input fails, the error is reported there, the other inputs are processed, and the exit status is 1.
///
/// The WADUP host keeps 1 MiB of each stream for each input, and nothing if the guest fails: `--capture` shows what it
/// would keep.
#[derive(clap::Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    snapshot: SnapshotArgs,
    #[command(flatten)]
    engine: EngineArgs,
    /// Number of instances that share the inputs; rows are printed in the order of the inputs
    #[arg(long, value_name = "N", default_value = "1")]
    jobs: NonZero<usize>,
    /// Keep the guest's output, at most SIZE of each stream for each input, and print it when the input is done:
    /// standard output first, in the order of the inputs [without SIZE: 1 MiB, as the WADUP host keeps]
    #[arg(
        long,
        value_name = "SIZE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "1 MiB"
    )]
    capture: Option<Size>,
    /// How to print the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Process the first input twice beforehand, and print timings as the last line
    #[arg(long)]
    timings: bool,
    /// Write where the time goes, by Python function: a flame graph if FILE ends in .svg, or else a file for speedscope. May be
    /// given for both. The stack is sampled once per millisecond
    #[arg(long, value_name = "FILE")]
    profile: Vec<PathBuf>,
    /// Run again whenever the project's Python changes, without a build: in the guest that `cargo wadup test` runs, an instance for
    /// each input
    #[arg(long, conflicts_with_all = ["snapshot", "no_snapshot", "jobs", "capture", "timings", "profile"])]
    watch: bool,
    /// The guest, a wasm module that exports `process` [default: the last build of this folder's package], and the
    /// input files
    #[arg(value_name = "[GUEST.wasm] INPUT", required = true)]
    paths: Vec<PathBuf>,
    /// Arguments for the guest
    #[arg(last = true, value_name = "GUEST-ARGS")]
    arguments: Vec<String>,
}

/// The guest's arguments, which come after its name, as for any program.
fn arguments(module: &Path, given: Vec<String>) -> Vec<String> {
    if given.is_empty() {
        return given;
    }
    let name = module.file_name().unwrap_or_default().to_string_lossy();
    [name.into_owned()].into_iter().chain(given).collect()
}

/// Runs the command. The exit status is 1 if any input failed.
pub(crate) fn execute(args: RunArgs) -> crate::Outcome {
    let (named, inputs) = guest::split(args.paths);
    if args.watch {
        return match named {
            None => again::run(&inputs, &args.engine, args.format, args.arguments),
            Some(_) => Err(
                "`--watch` runs the guest of this folder's project\nhelp: leave out GUEST.wasm"
                    .into(),
            ),
        };
    }
    let engine = if args.profile.is_empty() {
        args.engine.engine()?
    } else {
        args.engine.engine_for_profiles()?
    };
    let module = guest::find(named, ".".as_ref(), Wanted::Library, args.snapshot)?;
    let Some(first) = inputs.first() else {
        return Err("no INPUT is given after the guest".into());
    };
    let printed = args.capture.map_or(Ok(Printed::default()), |size| {
        fitting(size).map(Printed::Kept)
    })?;
    let options = Options {
        arguments: arguments(&module, args.arguments),
        printed,
        ..Options::default()
    };
    let guest = engine.load(&module)?;
    let timings = if args.timings {
        Timings::take(&module, &guest, &options, first)?
    } else {
        None
    };

    let profile = (!args.profile.is_empty()).then(profile::begin);
    let options = Options {
        profile: profile.clone(),
        ..options
    };
    let mut rows = Rows::default();
    let mut all_succeeded = true;
    let console = Arc::new(Console::new(Box::new(io::stderr())));
    let as_it_comes = args.capture.is_none().then_some(&console);
    let receive = |path: &Path, report| {
        all_succeeded &= show(&console, &mut rows, path, report)?;
        Ok(())
    };
    jobs::process(&guest, &options, &inputs, args.jobs, as_it_comes, receive)
        .map_err(|problem| -> Box<dyn Error> { problem })?;
    rows.write(args.format, &mut io::stdout().lock())?;
    if let Some(timings) = timings {
        writeln!(io::stdout(), "{timings}")?;
    }
    let samples = profile.map(|profile| profile.samples());
    for (file, samples) in args.profile.iter().zip(samples.iter().cycle()) {
        profile::write(samples, file)?;
    }
    Ok(if all_succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Prints the guest's output, and the failure or the sub-content of an input, and keeps its rows. Returns whether it succeeded.
fn show(console: &Console, rows: &mut Rows, path: &Path, report: Report) -> io::Result<bool> {
    let path = path.display();
    console.say(&report.printed)?;
    let kept = report.result.and_then(|output| {
        rows.add(&path.to_string(), output.tables)?;
        Ok(output.sub_content)
    });
    match kept {
        Ok(sub_content) => {
            for sub_content in &sub_content {
                let bytes = match &sub_content.content {
                    Content::Bytes(bytes) => bytes.len() as u64,
                    Content::Slice { length, .. } => *length,
                };
                console.say(&format!(
                    "{path}: sub-content {:?}, {bytes} bytes\n",
                    sub_content.filename
                ))?;
            }
            Ok(true)
        }
        Err(failure) => {
            console.say(&format!("{path}: {failure}\n"))?;
            Ok(false)
        }
    }
}
