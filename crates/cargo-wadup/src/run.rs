//! `cargo wadup run`: runs a guest once per input file, as the WADUP host would.

mod guest;
mod jobs;
mod rows;
mod timings;

use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use wadup_build::setup::Setup;
use wadup_build::{Silent, Size};
use wadup_runner::{Content, Engine, Limits, Options, Output};

use self::guest::Snapshot;
use self::jobs::Report;
use self::rows::{Format, Rows};
use self::timings::Timings;

/// Runs a guest once per input file and prints the rows that it emits
///
/// One instance of the guest processes all inputs, one after the other; after a trap a new one goes on. What the guest prints goes
/// to standard error. An input that it fails on is reported there too, and the others go on; the exit status tells.
#[derive(clap::Args)]
pub(crate) struct RunArgs {
    /// Run the snapshot beside the guest [default: for this folder's release build, if it is up to date]
    #[arg(long, overrides_with = "no_snapshot")]
    snapshot: bool,
    /// Run the guest itself, even if there is a snapshot
    #[arg(long, overrides_with = "snapshot")]
    no_snapshot: bool,
    /// Memory that the guest may have: bytes, or "64 MiB" [default: no limit]
    #[arg(long, value_name = "SIZE")]
    max_memory: Option<Size>,
    /// Native stack that the guest's frames may use: bytes, or "1 MiB"
    #[arg(long, value_name = "SIZE", alias = "stack", default_value_t = default_stack())]
    max_stack: Size,
    /// Fuel per input; one unit is about one wasm instruction [default: no limit]
    #[arg(long, value_name = "N")]
    fuel: Option<u64>,
    /// Seconds per input [default: no limit]
    #[arg(long, value_name = "S", value_parser = seconds)]
    timeout: Option<Duration>,
    /// How many instances share the inputs; the rows are printed in the order of the inputs
    #[arg(long, value_name = "N", default_value = "1")]
    jobs: NonZero<usize>,
    /// How to print the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Process the first input twice beforehand, and print how long everything took as a last line
    #[arg(long)]
    timings: bool,
    /// The guest, a wasm module that exports `process` [default: what was built last of this folder's package], and the files
    /// that it is to process
    #[arg(value_name = "[GUEST.wasm] INPUT", required = true)]
    paths: Vec<PathBuf>,
    /// The guest's own arguments
    #[arg(last = true, value_name = "GUEST-ARGS")]
    arguments: Vec<String>,
}

fn default_stack() -> Size {
    Size::of(Limits::default().stack as u64)
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

impl RunArgs {
    fn limits(&self) -> Result<Limits, String> {
        let fitting = |size: Size| {
            usize::try_from(size.bytes())
                .map_err(|_| format!("{size} are more than this machine can address"))
        };
        Ok(Limits {
            memory: self.max_memory.map(fitting).transpose()?,
            stack: fitting(self.max_stack)?,
            fuel: self.fuel,
            timeout: self.timeout,
        })
    }

    fn snapshot(&self) -> Snapshot {
        match (self.snapshot, self.no_snapshot) {
            (true, _) => Snapshot::Wanted,
            (_, true) => Snapshot::Unwanted,
            _ => Snapshot::Unsaid,
        }
    }
}

/// What the guest is given: with arguments of its own they come after its name, as a program's do.
fn options(module: &Path, arguments: Vec<String>) -> Options {
    let arguments = if arguments.is_empty() {
        arguments
    } else {
        let name = module.file_name().unwrap_or_default().to_string_lossy();
        [name.into_owned()].into_iter().chain(arguments).collect()
    };
    Options {
        arguments,
        ..Options::default()
    }
}

/// Runs the command; the exit status is 1 if any input failed.
pub(crate) fn execute(args: RunArgs) -> crate::Outcome {
    let engine = Engine::new(args.limits()?)?;
    let snapshot = args.snapshot();
    let (module, inputs) = match guest::split(args.paths) {
        (Some(module), inputs) => (guest::named(module, snapshot)?, inputs),
        (None, inputs) => (guest::of_this_folder(snapshot)?, inputs),
    };
    let Some(first) = inputs.first() else {
        return Err("there is no INPUT beside the guest".into());
    };
    let options = options(&module, args.arguments);
    let cache = Setup::new(Box::new(Silent))?.store().join("compiled");
    let guest = engine.with_cache(cache).load(&module)?;
    let timings = if args.timings {
        Timings::take(&module, &guest, &options, first)?
    } else {
        None
    };

    let mut rows = Rows::default();
    let mut all_succeeded = true;
    jobs::process(
        &guest,
        &options,
        &inputs,
        args.jobs,
        |path, report| match show(path, report) {
            Some(output) => rows.add(&path.display().to_string(), output),
            None => all_succeeded = false,
        },
    )?;
    rows.write(args.format, &mut io::stdout().lock())?;
    if let Some(timings) = timings {
        println!("{timings}");
    }
    Ok(if all_succeeded {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Shows what the guest printed, and why the input failed or what it gave beside rows.
fn show(path: &Path, report: Report) -> Option<Output> {
    let path = path.display();
    eprint!("{}", report.printed);
    match report.result {
        Ok(output) => {
            for sub_content in &output.sub_content {
                let bytes = match &sub_content.content {
                    Content::Bytes(bytes) => bytes.len() as u64,
                    Content::Slice { length, .. } => *length,
                };
                eprintln!(
                    "{path}: sub-content {:?}, {bytes} bytes",
                    sub_content.filename
                );
            }
            Some(output)
        }
        Err(failure) => {
            eprintln!("{path}: {failure}");
            None
        }
    }
}
