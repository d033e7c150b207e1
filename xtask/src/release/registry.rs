//! The packages as a registry would serve them: packed by Cargo, and unpacked into a folder that replaces crates.io.

use std::fs;
use std::path::{Path, PathBuf};

use xshell::{Shell, cmd};

use super::packages::Published;
use super::selected;
use crate::cargo::{Outcome, workspace};

/// More than this, crates.io does not take.
const MOST_BYTES: u64 = 10 << 20;

/// Packs the packages into `target/package`, without compiling them.
pub(super) fn package(shell: &Shell, names: &[String]) -> Outcome {
    let packages = selected(names);
    Ok(cmd!(
        shell,
        "cargo package --quiet --locked --no-verify --allow-dirty {packages...}"
    )
    .run()?)
}

/// The size of each packed package.
///
/// # Errors
/// If one is too large for crates.io.
pub(super) fn sizes(published: &Published) -> Outcome<Vec<(String, u64)>> {
    published
        .names
        .iter()
        .map(|name| {
            let file = packed(name, &published.version);
            let size = fs::metadata(&file)
                .map_err(|error| format!("could not read `{}`: {error}", file.display()))?
                .len();
            match size > MOST_BYTES {
                true => {
                    Err(format!("{name} has {size} bytes, and crates.io takes {MOST_BYTES}").into())
                }
                false => Ok((name.clone(), size)),
            }
        })
        .collect()
}

fn packed(name: &str, version: &str) -> PathBuf {
    workspace().join(format!("target/package/{name}-{version}.crate"))
}

/// Fills a folder with the packed packages and all crates of others in Cargo.lock, and writes the configuration into `home`
/// that makes Cargo take crates from there and from nowhere else.
pub(super) fn serve(shell: &Shell, published: &Published, folder: &Path, home: &Path) -> Outcome {
    vendor(shell, folder)?;
    for name in &published.names {
        let version = &published.version;
        let crate_file = packed(name, version);
        let unpacked = folder.join(format!("{name}-{version}"));
        if unpacked.exists() {
            fs::remove_dir_all(&unpacked)?;
        }
        cmd!(
            shell,
            "tar --extract --file {crate_file} --directory {folder}"
        )
        .quiet()
        .run()?;
        // Cargo takes no folder without it. The packages are as they were packed just now, so there is nothing to compare.
        fs::write(unpacked.join(".cargo-checksum.json"), r#"{"files":{}}"#)?;
    }
    let configuration = format!(
        "[source.crates-io]\nreplace-with = \"packed\"\n\n[source.packed]\ndirectory = {:?}\n\n[net]\noffline = true\n",
        folder.display().to_string()
    );
    fs::create_dir_all(home.join(".cargo"))?;
    Ok(fs::write(home.join(".cargo/config.toml"), configuration)?)
}

/// Unpacks the crates of others from Cargo's cache, unless Cargo.lock is that of the last time.
fn vendor(shell: &Shell, folder: &Path) -> Outcome {
    let lock = fs::read(workspace().join("Cargo.lock"))?;
    let seen = folder.with_extension("lock");
    if folder.is_dir() && fs::read(&seen).is_ok_and(|old| old == lock) {
        return Ok(());
    }
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    cmd!(
        shell,
        "cargo vendor --quiet --locked --versioned-dirs {folder}"
    )
    .quiet()
    .ignore_stdout()
    .run()?;
    Ok(fs::write(seen, lock)?)
}
