//! Reads advisories: single files, folders of files as in the repositories of databases, and the archives of OSV.

use std::io::{Cursor, Read};
use std::path::Path;

use fs_err as fs;
use zip::ZipArchive;

use super::advisory::Advisory;
use crate::error::{Error, Result};

const HELP: &str = "name a file, folder or zip archive with advisories in the format of OSV";

/// Advisories in the format of OSV.
#[derive(Debug, Default)]
pub struct Database {
    advisories: Vec<Advisory>,
}

impl Database {
    /// Reads the advisories in files, zip archives and folders. Withdrawn ones are left out.
    ///
    /// # Errors
    /// When a file cannot be read or is malformed, or a place holds no advisory.
    pub fn open<P: AsRef<Path>>(places: &[P]) -> Result<Self> {
        let mut database = Self::default();
        for place in places {
            let place = place.as_ref();
            let before = database.advisories.len();
            database.read(place)?;
            if database.advisories.len() == before {
                return Err(Error::malformed(place, "it holds no advisory", HELP));
            }
        }
        database
            .advisories
            .retain(|advisory| advisory.withdrawn.is_none());
        Ok(database)
    }

    pub(super) fn advisories(&self) -> &[Advisory] {
        &self.advisories
    }

    fn read(&mut self, place: &Path) -> Result<()> {
        if place.is_dir() {
            self.read_folder(place)
        } else if is_named(place, "zip") {
            self.read_archive(place)
        } else {
            self.add(place, &fs::read(place)?)
        }
    }

    fn read_folder(&mut self, folder: &Path) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let (path, kind) = (entry.path(), entry.file_type()?);
            let is_hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            if kind.is_dir() && !is_hidden {
                self.read_folder(&path)?;
            } else if kind.is_file() && (is_named(&path, "json") || is_named(&path, "zip")) {
                self.read(&path)?;
            }
        }
        Ok(())
    }

    fn read_archive(&mut self, file: &Path) -> Result<()> {
        let malformed = |error: &dyn std::fmt::Display| Error::malformed(file, error, HELP);
        let mut archive =
            ZipArchive::new(Cursor::new(fs::read(file)?)).map_err(|error| malformed(&error))?;
        for index in 0..archive.len() {
            let mut entry = archive.by_index(index).map_err(|error| malformed(&error))?;
            if entry.is_file() && entry.name().is_ok_and(|name| name.ends_with(".json")) {
                let mut text = Vec::new();
                entry
                    .read_to_end(&mut text)
                    .map_err(|error| malformed(&error))?;
                self.add(file, &text)?;
            }
        }
        Ok(())
    }

    fn add(&mut self, file: &Path, text: &[u8]) -> Result<()> {
        let advisory = serde_json::from_slice(text)
            .map_err(|error| Error::malformed(file, format_args!("no advisory: {error}"), HELP))?;
        self.advisories.push(advisory);
        Ok(())
    }
}

fn is_named(file: &Path, extension: &str) -> bool {
    file.extension().is_some_and(|found| found == extension)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn ids(database: &Database) -> Vec<&str> {
        let mut ids: Vec<&str> = database
            .advisories()
            .iter()
            .map(|advisory| advisory.id.as_str())
            .collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn advisories_are_read_from_files_folders_and_archives() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("advisories/six");
        fs::create_dir_all(&deep).unwrap();
        fs::create_dir(folder.path().join(".git")).unwrap();
        fs::write(folder.path().join(".git/config.json"), "{}").unwrap();
        fs::write(folder.path().join("README.md"), "no advisory").unwrap();
        fs::write(deep.join("A.json"), r#"{"id": "A"}"#).unwrap();
        fs::write(
            deep.join("B.json"),
            r#"{"id": "B", "withdrawn": "2026-01-01T00:00:00Z"}"#,
        )
        .unwrap();
        let archive = folder.path().join("all.zip");
        let mut writer = ZipWriter::new(fs::File::create(&archive).unwrap());
        writer
            .start_file("C.json", SimpleFileOptions::default())
            .unwrap();
        writer.write_all(br#"{"id": "C"}"#).unwrap();
        writer.finish().unwrap();

        assert_eq!(ids(&Database::open(&[folder.path()]).unwrap()), ["A", "C"]);
        assert_eq!(ids(&Database::open(&[&archive]).unwrap()), ["C"]);
        assert_eq!(ids(&Database::open(&[deep.join("A.json")]).unwrap()), ["A"]);
    }

    #[test]
    fn a_place_without_advisories_and_a_malformed_one_are_errors() {
        let folder = tempfile::tempdir().unwrap();
        let error = Database::open(&[folder.path()]).unwrap_err().to_string();
        assert!(error.contains("it holds no advisory"), "{error}");

        let file = folder.path().join("A.json");
        fs::write(&file, r#"{"name": "A"}"#).unwrap();
        let error = Database::open(&[folder.path()]).unwrap_err().to_string();
        assert!(
            error.contains("A.json` is malformed: no advisory"),
            "{error}"
        );
        assert!(
            error.contains("help: name a file, folder or zip"),
            "{error}"
        );
    }
}
