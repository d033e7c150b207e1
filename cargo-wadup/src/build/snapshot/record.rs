//! What a snapshot was made from and its findings, so that an unchanged guest keeps its snapshot and its warnings.

use std::env;
use std::io;
use std::path::Path;

use fs_err as fs;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The JSON file beside a snapshot.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Record {
    /// The SHA-256 of the module.
    module: String,
    /// The identity of the program that took the snapshot, if it is known.
    program: Option<String>,
    /// Whether the baseline compiler ran the guest: NaN values in the snapshot then depend on the machine.
    baseline: bool,
    /// The findings of the snapshot.
    pub(super) findings: Vec<String>,
}

impl Record {
    pub(super) fn new(
        wasm: &[u8],
        program: Option<String>,
        baseline: bool,
        findings: Vec<String>,
    ) -> Self {
        Self {
            module: sha256(wasm),
            program,
            baseline,
            findings,
        }
    }

    /// The identity of this program's file. Another build of it may take different snapshots.
    pub(super) fn program() -> Option<String> {
        let file = fs::metadata(env::current_exe().ok()?).ok()?;
        let changed = file
            .modified()
            .ok()?
            .duration_since(std::time::UNIX_EPOCH)
            .ok()?;
        Some(format!(
            "{} {} {}",
            env!("CARGO_PKG_VERSION"),
            file.len(),
            changed.as_nanos()
        ))
    }

    /// Whether the snapshot serves instead of one that this program would take of this module. What the baseline compiler made serves
    /// only where it may make the next one too.
    pub(super) fn is_of(&self, wasm: &[u8], program: Option<&str>, baseline: bool) -> bool {
        program.is_some()
            && self.program.as_deref() == program
            && (baseline || !self.baseline)
            && self.module == sha256(wasm)
    }

    /// The record in a file, or `None` if it is missing or from another version.
    pub(super) fn read(file: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(file).ok()?).ok()
    }

    pub(super) fn write(&self, file: &Path) -> io::Result<()> {
        fs::write(file, serde_json::to_vec(self)?)
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_match_one_module_and_one_program() {
        let record = Record::new(b"module", Some("program".into()), false, Vec::new());

        assert!(record.is_of(b"module", Some("program"), false));
        assert!(record.is_of(b"module", Some("program"), true));
        assert!(!record.is_of(b"other", Some("program"), false));
        assert!(!record.is_of(b"module", Some("another"), false));
        assert!(!record.is_of(b"module", None, false));
    }

    #[test]
    fn records_round_trip_and_damaged_ones_are_ignored() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("record.json");
        let findings = vec!["reads the clock".into()];
        let record = Record::new(b"module", Record::program(), true, findings);

        record.write(&file).unwrap();
        assert_eq!(Record::read(&file), Some(record));

        fs::write(&file, "{").unwrap();
        assert_eq!(Record::read(&file), None);
    }
}
