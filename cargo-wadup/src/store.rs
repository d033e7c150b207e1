//! `cargo wadup store`: lists what is entry between builds, frees what nobody uses, finds what was damaged.

use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use wadup_build::{Maintenance, StoreEntry};

const DAY: u64 = 24 * 60 * 60;

/// Looks after the store, where everything is entry that takes time to build
#[derive(clap::Args)]
pub(crate) struct StoreArgs {
    #[command(subcommand)]
    task: Task,
}

#[derive(clap::Subcommand)]
enum Task {
    /// Lists what is entry, the longest unused first
    List,
    /// Frees what no build has used for some days, and what killed builds left behind
    ///
    /// What a running build uses stays. Whatever is freed is built or downloaded again when it is asked for.
    Gc {
        /// How many days without use are enough
        #[arg(long, value_name = "N", default_value_t = 30)]
        days: u32,
    },
    /// Hashes every file, and removes what is not what was put there
    ///
    /// The exit status is 1 if anything was damaged; the next build makes it again.
    Verify,
}

/// Runs the command.
pub(crate) fn execute(args: &StoreArgs) -> crate::Outcome {
    let store = Maintenance::new().map_err(|error| error.report())?;
    let ended = match args.task {
        Task::List => list(&store),
        Task::Gc { days } => free(&store, days),
        Task::Verify => verify(&store),
    };
    Ok(ended.map_err(|error| error.report())?)
}

fn list(store: &Maintenance) -> wadup_build::Result<ExitCode> {
    let all = store.list()?;
    for entry in &all {
        print(entry);
    }
    println!("{} in {}", size(total(&all)), store.folder().display());
    Ok(ExitCode::SUCCESS)
}

fn free(store: &Maintenance, days: u32) -> wadup_build::Result<ExitCode> {
    let freed = store.free(Duration::from_secs(u64::from(days) * DAY))?;
    for entry in &freed.removed {
        print(entry);
    }
    for name in &freed.in_use {
        println!("{:>10}  in use         {name}", "");
    }
    println!("{} freed", size(total(&freed.removed)));
    Ok(ExitCode::SUCCESS)
}

fn verify(store: &Maintenance) -> wadup_build::Result<ExitCode> {
    let damaged = store.verify()?;
    for found in &damaged {
        let outcome = if found.removed {
            "removed; the next build makes it again"
        } else {
            "in use by a running build, and so not removed"
        };
        println!("{}: {}: {outcome}", found.name, found.problem);
    }
    if damaged.is_empty() {
        println!("every file is what was put there");
        Ok(ExitCode::SUCCESS)
    } else {
        Ok(ExitCode::FAILURE)
    }
}

fn print(entry: &StoreEntry) {
    let unused = SystemTime::now()
        .duration_since(entry.last_used)
        .unwrap_or_default();
    let days = unused.as_secs() / DAY;
    let used = match days {
        0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        days => format!("{days} days ago"),
    };
    println!("{:>10}  {used:<13}  {}", size(entry.bytes), entry.name);
}

fn total(all: &[StoreEntry]) -> u64 {
    all.iter().map(|entry| entry.bytes).sum()
}

fn size(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
