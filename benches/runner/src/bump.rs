//! Moves guests to a new release of CPython: checks the patches, says what to write into the table, trains, runs guests.

use std::fs;
use std::path::PathBuf;

use wadup_build::machine::Candidate;
use xshell::{Shell, cmd};

use crate::{Result, train, workspace};

/// Where the entry goes.
const TABLE: &str = "wadup-build/src/cpython/releases.rs";

#[derive(Clone, clap::Args)]
pub(crate) struct BumpArgs {
    /// The release, in full
    version: String,
    /// Its source archive, from python.org or a Debian source package
    archive: PathBuf,
    /// Keep the profile; functions that the release has changed are compiled without it
    #[arg(long)]
    keep_profile: bool,
}

pub(crate) fn run(shell: &Shell, arguments: &BumpArgs) -> Result<()> {
    let version = &arguments.version;
    let candidate = Candidate::of(version, &arguments.archive).map_err(|error| error.report())?;
    let mut refused = 0;
    for (patch, problem) in &candidate.patches {
        match problem {
            None => eprintln!("patch `{patch}` applies"),
            Some(problem) => {
                refused += 1;
                eprintln!("patch `{patch}` does not apply: {problem}");
            }
        }
    }
    if refused > 0 {
        return Err(format!(
            "{refused} patches do not apply to {version}\n\
             help: mend them in wadup-build/src/cpython/patches, or give the release a list of its own"
        )
        .into());
    }
    if !candidate.is_known {
        eprintln!(
            "write this into {TABLE}, before the other releases of its series, and run the command again:"
        );
        println!("{}", candidate.entry.trim_end());
        return Ok(());
    }
    // Builds find the archive by its name.
    let sources = workspace().join("target/bump");
    fs::create_dir_all(&sources)?;
    let archive = sources.join(&candidate.file);
    fs::copy(&arguments.archive, &archive)?;
    if !arguments.keep_profile {
        train::run(shell, &archive, &candidate)?;
        eprintln!(
            "{} is new: write `of: \"{version}\"` beside it in {TABLE}",
            candidate.profile
        );
    }
    shell.change_dir(workspace());
    cmd!(shell, "cargo xtask test")
        .env("WADUP_SOURCES", &sources)
        .run()?;
    eprintln!(
        "guests run on {version}. Now run `cargo xtask conformance cpython`, and mention the release in the documents"
    );
    Ok(())
}
