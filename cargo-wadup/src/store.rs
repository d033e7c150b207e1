//! `cargo wadup store`: lists the entries of the store, removes unused ones, finds damaged ones, and shares them.

mod key;
mod push;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use wadup_build::{Maintenance, StoreEntry};

const DAY: u64 = 24 * 60 * 60;

/// Manages the store, which caches everything that takes time to build
#[derive(clap::Args)]
pub(crate) struct StoreArgs {
    #[command(subcommand)]
    task: Task,
}

#[derive(clap::Subcommand)]
enum Task {
    /// Lists the entries, least recently used first
    List,
    /// Removes entries that no build has used for some days, and leftovers of killed builds
    ///
    /// Entries in use by a running build stay. Removed entries are built or downloaded again when they are needed.
    Gc {
        /// Remove entries unused for this many days
        #[arg(long, value_name = "N", default_value_t = 30)]
        days: u32,
    },
    /// Hashes every file, and removes damaged entries
    ///
    /// The exit status is 1 if anything was damaged. The next build makes it again.
    Verify,
    Push(push::PushArgs),
    Key(key::KeyArgs),
}

/// Runs the command.
pub(crate) fn execute(args: &StoreArgs) -> crate::Outcome {
    let store = Maintenance::new()?;
    // Not locked, because `push` builds guests first.
    let out = &mut io::stdout();
    match &args.task {
        Task::List => list(&store, out),
        Task::Gc { days } => free(&store, *days, out),
        Task::Verify => verify(&store, out),
        Task::Push(args) => push::execute(&store, args, out),
        Task::Key(args) => key::execute(args, out),
    }
}

fn list(store: &Maintenance, out: &mut impl Write) -> crate::Outcome {
    let all = store.list()?;
    for entry in &all {
        print(entry, out)?;
    }
    writeln!(out, "{} in {}", size(total(&all)), store.folder().display())?;
    Ok(ExitCode::SUCCESS)
}

fn free(store: &Maintenance, days: u32, out: &mut impl Write) -> crate::Outcome {
    let freed = store.free(Duration::from_secs(u64::from(days) * DAY))?;
    for entry in &freed.removed {
        print(entry, out)?;
    }
    for name in &freed.in_use {
        writeln!(out, "{:>10}  in use         {name}", "")?;
    }
    writeln!(out, "{} freed", size(total(&freed.removed)))?;
    Ok(ExitCode::SUCCESS)
}

fn verify(store: &Maintenance, out: &mut impl Write) -> crate::Outcome {
    let damaged = store.verify()?;
    for found in &damaged {
        let outcome = if found.removed {
            "removed; the next build makes it again"
        } else {
            "not removed, because a running build uses it"
        };
        writeln!(out, "{}: {}: {outcome}", found.name, found.problem)?;
    }
    if damaged.is_empty() {
        writeln!(out, "no entry is damaged")?;
        Ok(ExitCode::SUCCESS)
    } else {
        Ok(ExitCode::FAILURE)
    }
}

fn print(entry: &StoreEntry, out: &mut impl Write) -> io::Result<()> {
    let unused = SystemTime::now()
        .duration_since(entry.last_used)
        .unwrap_or_default();
    let days = unused.as_secs() / DAY;
    let used = match days {
        0 => "today".to_owned(),
        1 => "1 day ago".to_owned(),
        days => format!("{days} days ago"),
    };
    let origin = entry.origin.as_ref();
    let origin = origin.map_or_else(String::new, |origin| format!(", {origin}"));
    writeln!(
        out,
        "{:>10}  {used:<13}  {}{origin}",
        size(entry.bytes),
        entry.name
    )
}

fn total(all: &[StoreEntry]) -> u64 {
    all.iter().map(|entry| entry.bytes).sum()
}

fn size(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
