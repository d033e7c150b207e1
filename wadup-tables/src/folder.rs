//! Writes files for the host, each as a whole.

use std::fs::OpenOptions;
use std::io::{self, Write};

/// A file that could not be written into a folder of the host.
#[derive(Debug, thiserror::Error)]
#[error("cannot write `{path}`\nhelp: the host must provide the folder `{folder}`, writable")]
pub struct WriteError {
    /// The file.
    pub path: String,
    /// The folder of the host.
    pub folder: String,
    /// The error of the system.
    #[source]
    pub source: io::Error,
}

/// A folder that the host provides, for files with numbers in their names.
///
/// Each file is complete in memory before it is opened, written and closed. A file that a call left open would count as part of a later
/// call.
#[derive(Debug)]
pub struct Folder<'a> {
    path: &'a str,
    next: u64,
}

impl<'a> Folder<'a> {
    /// The folder at `path`, without a slash at the end. It is not opened before something is written.
    pub const fn new(path: &'a str) -> Self {
        Self { path, next: 1 }
    }

    /// Writes `contents` to a new file whose name is `prefix`, a number and `suffix`; returns the number.
    ///
    /// No number is used twice, and existing files are left alone.
    ///
    /// # Errors
    ///
    /// If the file cannot be created or written.
    pub fn write_numbered(
        &mut self,
        prefix: &str,
        suffix: &str,
        contents: &[u8],
    ) -> Result<u64, WriteError> {
        loop {
            let number = self.next;
            self.next += 1;
            match self.write(&format!("{prefix}{number}{suffix}"), contents) {
                Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists => {}
                written => return written.map(|()| number),
            }
        }
    }

    /// Writes `contents` to the new file `name`.
    ///
    /// # Errors
    ///
    /// If the file exists, or cannot be created or written.
    pub fn write(&self, name: &str, contents: &[u8]) -> Result<(), WriteError> {
        let path = format!("{}/{name}", self.path);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        match options
            .open(&path)
            .and_then(|mut file| file.write_all(contents))
        {
            Ok(()) => Ok(()),
            Err(source) => Err(WriteError {
                path,
                folder: self.path.to_owned(),
                source,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn each_file_has_a_number_of_its_own() {
        let scratch = tempfile::tempdir().unwrap();
        let mut folder = Folder::new(scratch.path().to_str().unwrap());

        let numbers = ["a", "b"].map(|text| {
            folder
                .write_numbered("rows_", ".json", text.as_bytes())
                .unwrap()
        });

        assert_eq!(numbers, [1, 2]);
        assert_eq!(fs::read(scratch.path().join("rows_1.json")).unwrap(), b"a");
        assert_eq!(fs::read(scratch.path().join("rows_2.json")).unwrap(), b"b");
    }

    #[test]
    fn files_of_others_are_left_alone() {
        let scratch = tempfile::tempdir().unwrap();
        fs::write(scratch.path().join("rows_1.json"), "theirs").unwrap();
        let mut folder = Folder::new(scratch.path().to_str().unwrap());

        let number = folder.write_numbered("rows_", ".json", b"ours").unwrap();

        assert_eq!(number, 2);
        assert_eq!(
            fs::read(scratch.path().join("rows_1.json")).unwrap(),
            b"theirs"
        );
    }

    #[test]
    fn a_missing_folder_is_reported_with_what_the_host_must_provide() {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("metadata");
        let path = path.to_str().unwrap();

        let error = Folder::new(path)
            .write_numbered("rows_", ".json", b"")
            .unwrap_err();

        assert_eq!(error.source.kind(), io::ErrorKind::NotFound);
        let expected = format!(
            "cannot write `{path}/rows_1.json`\nhelp: the host must provide the folder `{path}`, writable"
        );
        assert_eq!(error.to_string(), expected);
    }
}
