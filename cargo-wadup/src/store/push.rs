//! `cargo wadup store push`: fills a folder with the artifacts of guests, for others to fetch.

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use wadup_build::Maintenance;

use super::{key, size};
use crate::build::{self, Built};
use crate::project;

/// Fills the folder of a mirror with the artifacts that guests are made of
///
/// Builds each guest with `--release`, packs the artifacts that the mirror does not have, and signs the mirror's index. Any web
/// server can serve the folder, and WADUP_STORE_MIRROR names it. What belongs to this machine or its user is left out.
#[derive(clap::Args)]
pub(super) struct PushArgs {
    /// The folder of the mirror; created if it does not exist
    #[arg(value_name = "FOLDER")]
    mirror: PathBuf,
    /// The folder of a guest; may be repeated
    #[arg(long = "guest", value_name = "PROJECT", default_value = ".")]
    guests: Vec<PathBuf>,
    /// The file of the secret key, as `cargo wadup store key` or minisign makes it
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
}

/// Runs the command. If Cargo fails, the exit status is Cargo's.
pub(super) fn execute(
    store: &Maintenance,
    args: &PushArgs,
    out: &mut impl Write,
) -> crate::Outcome {
    let key = key::read(&args.key)?;
    let mut artifacts = Vec::new();
    for folder in &args.guests {
        let manifest = project::manifest_around(folder)?;
        let cargo = [
            "--release".into(),
            "--manifest-path".into(),
            OsString::from(manifest),
        ];
        match build::plainly(cargo.into())? {
            Built::Failed(status) => return Ok(status),
            Built::All(guests) if guests.is_empty() => {
                return Err(format!("`{}` contains no guest", folder.display()).into());
            }
            Built::All(guests) => {
                for guest in guests {
                    let used = wadup_build::used_artifacts(&guest.build_folder);
                    artifacts.extend(used?);
                }
            }
        }
    }
    artifacts.sort_unstable();
    artifacts.dedup();
    let pushed = store.push(&artifacts, &args.mirror, &key)?;
    for (id, bytes) in &pushed.added {
        writeln!(out, "{:>10}  {id}", size(*bytes))?;
    }
    for (id, reason) in &pushed.left_out {
        writeln!(out, "{:>10}  {id}: {reason}", "left out")?;
    }
    let added = pushed.added.iter().map(|(_, bytes)| bytes).sum();
    writeln!(
        out,
        "{} added to {}, which had {} of {} artifacts",
        size(added),
        args.mirror.display(),
        pushed.kept.len(),
        artifacts.len()
    )?;
    writeln!(out, "the public key is {}", key.public())?;
    Ok(ExitCode::SUCCESS)
}
