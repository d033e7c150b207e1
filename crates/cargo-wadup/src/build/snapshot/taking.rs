//! Takes one snapshot and puts it beside its module.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use wadup_snapshot::Options;

use super::record::Record;
use crate::build::arguments::Arguments;
use crate::build::artifacts::Guest;
use crate::project;

/// Takes the snapshot, or keeps the one that is there if it would be the same.
pub(super) fn take(guest: &Guest, arguments: &Arguments) -> Result<(), String> {
    let place = project::snapshot_beside(&guest.module);
    let kept = project::record_beside(&guest.module);
    let wasm = fs::read(&guest.module).map_err(|error| on(&guest.module, "read", &error))?;
    let program = Record::program();
    if let Some(record) = Record::read(&kept)
        .filter(|record| record.is_of(&wasm, program.as_deref()) && place.is_file())
        // What was a warning then is an error now.
        .filter(|record| record.findings.is_empty() || !arguments.strict)
    {
        warn(&record.findings);
        return touch(&place).map_err(|error| on(&place, "touch", &error));
    }
    let taken = taken(guest, arguments, &wasm, &place);
    match &taken {
        Ok(findings) => Record::new(&wasm, program, findings.clone()).write(&kept),
        // A snapshot that no longer belongs to its module is worse than none.
        Err(_) => remove(&place).and_then(|()| remove(&kept)),
    }
    .map_err(|error| on(&place, "replace", &error))?;
    taken.map(drop)
}

/// Takes and writes it, and returns what it depends on.
fn taken(
    guest: &Guest,
    arguments: &Arguments,
    wasm: &[u8],
    place: &Path,
) -> Result<Vec<String>, String> {
    let options = Options {
        strict: arguments.strict,
    };
    let snapshot = wadup_snapshot::take(wasm, &options)
        .map_err(|error| format!("no snapshot of `{}`: {error}", guest.module.display()))?;
    eprint!("{}", snapshot.output);
    let findings: Vec<String> = snapshot.findings.iter().map(ToString::to_string).collect();
    warn(&findings);
    publish(&snapshot.wasm, place).map_err(|error| on(place, "write", &error))?;
    if !arguments.is_quiet() {
        eprintln!(
            "    Snapshot {} ({:.1} MB)",
            place.display(),
            snapshot.wasm.len() as f64 / 1e6
        );
    }
    Ok(findings)
}

fn warn(findings: &[String]) {
    for finding in findings {
        eprintln!("warning: {finding}");
    }
}

/// Writes the file elsewhere and renames it, so that nobody ever reads half of one.
fn publish(bytes: &[u8], place: &Path) -> io::Result<()> {
    let unfinished = place.with_extension(format!("{}.unfinished", std::process::id()));
    fs::write(&unfinished, bytes)
        .and_then(|()| fs::rename(&unfinished, place))
        .inspect_err(|_| drop(fs::remove_file(&unfinished)))
}

/// Makes the file as new as the module that it was made from, which Cargo may have linked again.
fn touch(place: &Path) -> io::Result<()> {
    File::options()
        .write(true)
        .open(place)?
        .set_modified(SystemTime::now())
}

fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn on(file: &Path, action: &str, error: &io::Error) -> String {
    format!("could not {action} `{}`: {error}", file.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("users.snapshot.wasm");
        fs::write(&place, "old").unwrap();

        publish(b"new", &place).unwrap();

        assert_eq!(fs::read(&place).unwrap(), b"new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
