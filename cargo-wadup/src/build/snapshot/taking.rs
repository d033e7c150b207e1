//! Takes a snapshot and writes it beside its module.

use std::error::Error;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use fs_err::{self as fs, OpenOptions};
use wadup_snapshot::Options;

use super::record::Record;
use crate::build::arguments::Arguments;
use crate::build::artifacts::Guest;
use crate::build::publish;
use crate::project;

/// Takes the snapshot, unless the existing one is up to date.
pub(super) fn take(guest: &Guest, arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let place = project::snapshot_beside(&guest.module);
    let kept = project::record_beside(&guest.module);
    let wasm = fs::read(&guest.module)?;
    let program = Record::program();
    if let Some(record) = Record::read(&kept)
        .filter(|record| {
            record.is_of(&wasm, program.as_deref(), arguments.baseline) && place.is_file()
        })
        // Warnings become errors with `--strict`.
        .filter(|record| record.findings.is_empty() || !arguments.strict)
    {
        warn(&record.findings);
        return Ok(touch(&place)?);
    }
    let taken = taken(guest, arguments, &wasm, &place);
    match &taken {
        Ok(findings) => {
            Record::new(&wasm, program, arguments.baseline, findings.clone()).write(&kept)
        }
        // An outdated snapshot is worse than none.
        Err(_) => remove(&place).and_then(|()| remove(&kept)),
    }?;
    taken.map(drop)
}

/// Takes and writes the snapshot, and returns its findings.
fn taken(
    guest: &Guest,
    arguments: &Arguments,
    wasm: &[u8],
    place: &Path,
) -> Result<Vec<String>, Box<dyn Error>> {
    let options = Options {
        strict: arguments.strict,
        baseline: arguments.baseline,
    };
    let snapshot = wadup_snapshot::take(wasm, &options).map_err(|error| {
        format!(
            "could not take a snapshot of `{}`: {error}",
            guest.module.display()
        )
    })?;
    eprint!("{}", snapshot.output);
    let findings: Vec<String> = snapshot.findings.iter().map(ToString::to_string).collect();
    warn(&findings);
    publish::file(&snapshot.wasm, place)?;
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

/// Makes the snapshot newer than its module, which Cargo may have linked again.
fn touch(place: &Path) -> io::Result<()> {
    OpenOptions::new()
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

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// A guest whose initialization reads the clock in a module of the user.
    const GUEST: &str = r#"(module
        (import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
        (global $__stack_pointer (mut i32) (i32.const 1024))
        (memory (export "memory") 1)
        (data (i32.const 1024) "/wadup/app/users/__init__.py:7 in load\00")
        (func (export "wadup-snapshot-stack") (result i32) (i32.const 1024))
        (func (export "_initialize"))
        (func (export "process") (result i32) (i32.const 0))
        (func (export "wizer-initialize") (drop (call $time (i32.const 0) (i64.const 0) (i32.const 512)))))"#;

    fn built(text: &str) -> (TempDir, Guest) {
        let folder = tempfile::tempdir().unwrap();
        let module = folder.path().join("users.wasm");
        fs::write(&module, wat::parse_str(text).unwrap()).unwrap();
        let guest = Guest {
            module,
            is_program: false,
            project: folder.path().to_owned(),
            workspace: toml::Table::new(),
            build_folder: folder.path().to_owned(),
        };
        (folder, guest)
    }

    fn arguments(strict: bool) -> Arguments {
        Arguments {
            snapshot: Some(true),
            wasm_opt: None,
            strict,
            baseline: false,
            cargo: Vec::new(),
        }
    }

    #[test]
    fn unchanged_guests_keep_snapshot_and_findings() {
        let (_folder, guest) = built(GUEST);
        let place = project::snapshot_beside(&guest.module);

        take(&guest, &arguments(false)).unwrap();
        let record = Record::read(&project::record_beside(&guest.module)).unwrap();
        assert_eq!(record.findings.len(), 1, "{record:?}");
        fs::write(&place, "kept").unwrap();
        take(&guest, &arguments(false)).unwrap();

        assert_eq!(fs::read(&place).unwrap(), b"kept");
    }

    #[test]
    fn a_snapshot_of_the_baseline_compiler_does_not_serve_for_another() {
        let (_folder, guest) = built(GUEST);
        let place = project::snapshot_beside(&guest.module);
        let baseline = Arguments {
            baseline: true,
            ..arguments(false)
        };

        take(&guest, &baseline).unwrap();
        fs::write(&place, "of the baseline compiler").unwrap();
        take(&guest, &baseline).unwrap();
        assert_eq!(fs::read(&place).unwrap(), b"of the baseline compiler");
        take(&guest, &arguments(false)).unwrap();

        assert!(fs::read(&place).unwrap().starts_with(b"\0asm"));
    }

    #[test]
    fn strict_turns_findings_into_errors_and_removes_the_snapshot() {
        let (_folder, guest) = built(GUEST);
        take(&guest, &arguments(false)).unwrap();

        let problem = take(&guest, &arguments(true)).unwrap_err().to_string();

        assert!(problem.contains("users/__init__.py:7"), "{problem}");
        assert!(!project::snapshot_beside(&guest.module).exists());
        assert!(!project::record_beside(&guest.module).exists());
    }

    #[test]
    fn failed_initialization_removes_an_older_snapshot() {
        let (_folder, guest) = built(&GUEST.replace("(drop", "unreachable (drop"));
        let place = project::snapshot_beside(&guest.module);
        fs::write(&place, "of another build").unwrap();

        let problem = take(&guest, &arguments(false)).unwrap_err().to_string();

        assert!(
            problem.starts_with("could not take a snapshot of `"),
            "{problem}"
        );
        assert!(!place.exists());
    }
}
