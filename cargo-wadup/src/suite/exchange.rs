//! The folder through which a program in a guest and this process talk.

use std::fs;

use serde_json::Value;
use tempfile::TempDir;
use wadup_contract::suite::{FOLDER, PROGRAM, SETTINGS};
use wadup_host::Preopen;

/// A temporary folder with a program and its settings.
#[derive(Debug)]
pub struct Exchange(TempDir);

impl Exchange {
    /// Makes the folder.
    ///
    /// # Errors
    ///
    /// What could not be written, in words.
    pub fn new(program: &str, settings: &Value) -> Result<Self, String> {
        let exchange = tempfile::tempdir()
            .map(Self)
            .map_err(|error| format!("could not create a temporary folder: {error}"))?;
        exchange.write(PROGRAM, program.as_bytes())?;
        exchange.write(SETTINGS, settings.to_string().as_bytes())?;
        Ok(exchange)
    }

    /// The path of a file, as the guest sees it.
    #[must_use]
    pub fn in_guest(file: &str) -> String {
        format!("{FOLDER}/{file}")
    }

    /// The folder, as an instance gets it.
    #[must_use]
    pub fn preopen(&self) -> Preopen {
        Preopen {
            host: self.0.path().to_owned(),
            guest: FOLDER.to_owned(),
        }
    }

    /// What is in a file; `None` if the program did not write it.
    #[must_use]
    pub fn read(&self, file: &str) -> Option<Vec<u8>> {
        fs::read(self.0.path().join(file)).ok()
    }

    /// Writes a file for the program.
    ///
    /// # Errors
    ///
    /// What could not be written, in words.
    pub fn write(&self, file: &str, bytes: &[u8]) -> Result<(), String> {
        let path = self.0.path().join(file);
        fs::write(&path, bytes)
            .map_err(|error| format!("could not write `{}`: {error}", path.display()))
    }
}
