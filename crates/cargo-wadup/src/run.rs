//! `cargo wadup run`: runs a guest once per input file, as the WADUP host would.

mod rows;
mod timings;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use wadup_build::Silent;
use wadup_build::setup::Setup;
use wadup_runner::{Content, Engine, Instance, Limits, Options, Outcome, Output};

use self::rows::{Format, Rows};
use self::timings::Timings;

/// Runs a guest once per input file and prints the rows that it emits
///
/// One instance of the guest processes all inputs, one after the other. What it prints goes to standard error. An input that it
/// fails on is reported there too, and the others go on; the exit status tells.
#[derive(clap::Args)]
pub(crate) struct RunArgs {
    /// Native stack that the guest's frames may use, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().stack)]
    stack: usize,
    /// Fuel per input; one unit is about one wasm instruction [default: no limit]
    #[arg(long, value_name = "N")]
    fuel: Option<u64>,
    /// Seconds per input [default: no limit]
    #[arg(long, value_name = "S", value_parser = seconds)]
    timeout: Option<Duration>,
    /// Memory that the guest may have, in bytes [default: no limit]
    #[arg(long, value_name = "BYTES")]
    max_memory: Option<usize>,
    /// How to print the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Process the first input twice, and print how long everything took as a last line
    #[arg(long)]
    timings: bool,
    /// The guest, a wasm module that exports `process`
    #[arg(value_name = "GUEST.wasm")]
    guest: PathBuf,
    /// The files to process
    #[arg(value_name = "INPUT", required = true)]
    inputs: Vec<PathBuf>,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "not a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

/// Runs the command; the exit status is 1 if any input failed.
pub(crate) fn execute(args: &RunArgs) -> crate::Outcome {
    let limits = Limits {
        memory: args.max_memory,
        stack: args.stack,
        fuel: args.fuel,
        timeout: args.timeout,
    };
    let cache = Setup::new(Box::new(Silent))?.store().join("compiled");
    let guest = Engine::new(limits)?.with_cache(cache).load(&args.guest)?;
    let started = Instant::now();
    let mut instance = guest.instantiate(&Options::default())?;
    let instantiate = started.elapsed();

    let mut rows = Rows::default();
    let mut timings = None;
    let mut all_succeeded = true;
    for (index, path) in args.inputs.iter().enumerate() {
        let Some((output, first_call)) = process(&mut instance, path)? else {
            all_succeeded = false;
            continue;
        };
        if args.timings && index == 0 {
            let Some((_, second_call)) = process(&mut instance, path)? else {
                return Ok(ExitCode::FAILURE);
            };
            let rows = output.tables.iter().map(|table| table.rows.len()).sum();
            let guest_bytes = fs::metadata(&args.guest)?.len();
            timings = Some(Timings {
                rows,
                guest_bytes,
                instantiate,
                first_call,
                second_call,
            });
        }
        rows.add(&path.display().to_string(), output);
    }

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

/// Processes one input and shows what the guest printed. An input that failed is reported and gives nothing.
fn process(
    instance: &mut Instance,
    path: &Path,
) -> Result<Option<(Output, Duration)>, wadup_runner::Error> {
    let input = match fs::read(path) {
        Ok(input) => input,
        Err(error) => {
            eprintln!("{}: {error}", path.display());
            return Ok(None);
        }
    };
    let started = Instant::now();
    let Outcome {
        result,
        stdout,
        stderr,
    } = instance.process(&input)?;
    let took = started.elapsed();
    eprint!("{stdout}{stderr}");
    match result {
        Ok(output) => {
            for sub_content in &output.sub_content {
                let bytes = match &sub_content.content {
                    Content::Bytes(bytes) => bytes.len() as u64,
                    Content::Slice { length, .. } => *length,
                };
                eprintln!(
                    "{}: sub-content {:?}, {bytes} bytes",
                    path.display(),
                    sub_content.filename
                );
            }
            Ok(Some((output, took)))
        }
        Err(failure) => {
            eprintln!("{}: {failure}", path.display());
            Ok(None)
        }
    }
}
