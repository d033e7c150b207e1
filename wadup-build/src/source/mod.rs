//! Source archives, pinned by hash: from a folder or mirror of the user's, the store, or where they are published.

pub(crate) mod debian;
mod unpack;

use std::fmt::{self, Display};
use std::fs;
use std::path::{Path, PathBuf};

#[cfg(any(test, fuzzing))]
pub(crate) use unpack::hostile_archive;
pub(crate) use unpack::unpack;

use crate::command::Program;
use crate::environment::{Environment, Tool};
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::store::Store;

/// An archive whose bytes are known beforehand.
#[derive(Debug, Clone)]
pub(crate) struct Archive {
    /// The name under which a user may supply it.
    pub(crate) file: String,
    /// The hash of its bytes, in hexadecimal.
    pub(crate) sha256: String,
    /// Where its publisher offers it.
    pub(crate) urls: Vec<String>,
}

/// As an error names it.
impl Display for Archive {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (sha256 {})", self.file, self.sha256)
    }
}

/// Another way to get an archive, tried when its addresses fail; it leaves the bytes in the given file.
pub(crate) type Fallback<'a> = &'a dyn Fn(&Path) -> Result<()>;

/// One place that may have an archive.
enum Origin<'a> {
    Address(String),
    Fallback(Fallback<'a>),
}

impl Origin<'_> {
    fn fetch(&self, file: &Path) -> Result<()> {
        match self {
            Origin::Address(address) if address.contains("://") => download(address, file),
            // An index may be a folder on this machine.
            Origin::Address(path) => fs::copy(path, file).map(drop).on("copy", path),
            Origin::Fallback(get) => get(file),
        }
    }
}

/// Where archives come from in this build.
pub(crate) struct Sources<'a> {
    store: &'a Store,
    supplied: Option<String>,
    offline: bool,
}

impl<'a> Sources<'a> {
    /// `WADUP_SOURCES` names a folder, or the address of a mirror, that is asked first.
    pub(crate) fn new(environment: &Environment, store: &'a Store) -> Self {
        Self {
            store,
            supplied: environment
                .get("WADUP_SOURCES")
                .and_then(|value| value.into_string().ok()),
            offline: is_offline(environment),
        }
    }

    pub(crate) fn is_offline(&self) -> bool {
        self.offline
    }

    /// The path of an archive whose bytes have just been checked.
    pub(crate) fn obtain(
        &self,
        archive: &Archive,
        fallback: Option<Fallback<'_>>,
    ) -> Result<PathBuf> {
        if let Some(file) = self.supplied(archive)? {
            return Ok(file);
        }
        self.store.hold(&archive.sha256);
        let kept = self.place(archive);
        if kept.is_file() {
            match hash::expect(&kept, &archive.sha256) {
                Ok(()) => return Ok(kept),
                Err(error) => {
                    self.store.progress().note(&error.to_string());
                    fs::remove_file(&kept).on("remove", &kept)?;
                }
            }
        }
        self.download(archive, fallback, &kept)?;
        Ok(kept)
    }

    /// The archive in the folder that the user named, if it is there.
    pub(crate) fn supplied(&self, archive: &Archive) -> Result<Option<PathBuf>> {
        let file = self
            .supplied_folder()
            .map(|folder| folder.join(&archive.file))
            .filter(|file| file.is_file());
        if let Some(file) = &file {
            hash::expect(file, &archive.sha256)?;
        }
        Ok(file)
    }

    /// Whether the archive can be had without the network.
    pub(crate) fn is_here(&self, archive: &Archive) -> Result<bool> {
        Ok(self.supplied(archive)?.is_some() || self.place(archive).is_file())
    }

    fn place(&self, archive: &Archive) -> PathBuf {
        let folder = self.store.downloads().join(&archive.sha256);
        folder.join(&archive.file)
    }

    fn download(
        &self,
        archive: &Archive,
        fallback: Option<Fallback<'_>>,
        kept: &Path,
    ) -> Result<()> {
        let step = format!("downloading {}", archive.file);
        let folder = kept.parent().unwrap_or(kept);
        fs::create_dir_all(folder).on("create", folder)?;
        // A name of its own for each process: two may download the same file at once.
        let partial = folder.join(format!("{}.{}.partial", archive.file, std::process::id()));

        self.store.progress().begin(&step);
        let mut failures = Vec::new();
        for origin in self.origins(archive, fallback) {
            let outcome = origin
                .fetch(&partial)
                .and_then(|()| hash::expect(&partial, &archive.sha256));
            match outcome {
                Ok(()) => {
                    fs::rename(&partial, kept).on("keep", kept)?;
                    self.store.progress().end(&step);
                    return Ok(());
                }
                Err(error) => {
                    if partial.exists() {
                        fs::remove_file(&partial).on("remove", &partial)?;
                    }
                    // Wrong bytes are no reason to look elsewhere: somebody must know.
                    if matches!(error, Error::Checksum { .. }) {
                        return Err(error);
                    }
                    failures.push(error.report());
                }
            }
        }
        if self.offline {
            failures.push("this build is offline (WADUP_OFFLINE or CARGO_NET_OFFLINE)".to_owned());
        }
        Err(Error::missing(
            archive.to_string(),
            format!(
                "put it into a folder and name that folder with WADUP_SOURCES\n{}",
                failures.join("\n")
            ),
        ))
    }

    /// The user's mirror, the publisher, and what else there may be; none of them offline.
    fn origins<'b>(&self, archive: &Archive, fallback: Option<Fallback<'b>>) -> Vec<Origin<'b>> {
        if self.offline {
            return Vec::new();
        }
        let mirror = self
            .supplied
            .iter()
            .filter(|supplied| supplied.contains("://"))
            .map(|mirror| format!("{}/{}", mirror.trim_end_matches('/'), archive.file));
        mirror
            .chain(archive.urls.iter().cloned())
            .map(Origin::Address)
            .chain(fallback.map(Origin::Fallback))
            .collect()
    }

    /// The folder that the user named, if it is one and no mirror.
    pub(crate) fn supplied_folder(&self) -> Option<&Path> {
        let supplied = self.supplied.as_deref()?;
        match supplied.strip_prefix("file://") {
            Some(path) => Some(Path::new(path)),
            None if supplied.contains("://") => None,
            None => Some(Path::new(supplied)),
        }
    }
}

/// The error of an offline build that names every file it wants, after what whoever looked for them said.
pub(crate) fn not_supplied<File: Display>(files: &[File], said: Option<&Error>) -> Error {
    let files: String = files.iter().map(|file| format!("\n  {file}")).collect();
    let said = said.map_or_else(String::new, |error| format!("\n{}", error.report()));
    Error::missing(
        format!("what this build would download{files}\nall of it"),
        format!(
            "put these files into a folder and name that folder with WADUP_SOURCES; this build is offline \
             (WADUP_OFFLINE or CARGO_NET_OFFLINE){said}"
        ),
    )
}

/// Whether the user forbids the network; `cargo --offline` itself cannot be seen by a build script.
fn is_offline(environment: &Environment) -> bool {
    environment.flag("WADUP_OFFLINE") || environment.flag("CARGO_NET_OFFLINE")
}

/// curl is on every system that Rust is installed on, and knows the user's proxies and certificates;
/// a TLS library would cost each user's build more than all the rest of this crate.
fn download(url: &str, file: &Path) -> Result<()> {
    Program::new(Tool::Curl, "curl", format!("downloading {url}"))
        .or_else("install curl, or supply the file by hand")
        .args(["--fail", "--location", "--silent", "--show-error"])
        .args(["--retry", "2", "--connect-timeout", "15", "--output"])
        .arg(file)
        .arg(url)
        .run()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    const CONTENT: &str = "the archive";

    fn archive() -> Archive {
        Archive {
            file: "thing-1.0.tar.gz".into(),
            sha256: hash::of_bytes(CONTENT),
            urls: vec![],
        }
    }

    fn sources<'a>(store: &'a Store, variables: &[(&str, &str)]) -> Sources<'a> {
        Sources::new(&Environment::of(variables.iter().copied()), store)
    }

    #[test]
    fn a_supplied_file_is_taken_without_any_network() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("store"), Box::new(Silent));
        fs::write(folder.path().join("thing-1.0.tar.gz"), CONTENT).unwrap();
        let supplied = folder.path().to_str().unwrap();

        let found = sources(
            &store,
            &[("WADUP_SOURCES", supplied), ("WADUP_OFFLINE", "1")],
        )
        .obtain(&archive(), None)
        .unwrap();

        assert_eq!(found, folder.path().join("thing-1.0.tar.gz"));
    }

    #[test]
    fn a_supplied_file_with_other_bytes_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path().join("store"), Box::new(Silent));
        fs::write(folder.path().join("thing-1.0.tar.gz"), "something else").unwrap();

        let error = sources(
            &store,
            &[("WADUP_SOURCES", folder.path().to_str().unwrap())],
        )
        .obtain(&archive(), None)
        .unwrap_err();

        assert!(matches!(error, Error::Checksum { .. }), "{error}");
    }

    #[test]
    fn what_was_fetched_once_is_kept_and_wrong_bytes_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path(), Box::new(Silent));
        let wrong = |file: &Path| fs::write(file, "wrong").on("write", file);
        let right = |file: &Path| fs::write(file, CONTENT).on("write", file);

        let error = sources(&store, &[])
            .obtain(&archive(), Some(&wrong))
            .unwrap_err();
        assert!(matches!(error, Error::Checksum { .. }), "{error}");
        let kept = sources(&store, &[])
            .obtain(&archive(), Some(&right))
            .unwrap();

        let offline = sources(&store, &[("CARGO_NET_OFFLINE", "true")]);
        assert_eq!(offline.obtain(&archive(), None).unwrap(), kept);
    }

    #[test]
    fn offline_and_empty_handed_the_error_names_file_hash_and_variable() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path(), Box::new(Silent));

        let error = sources(&store, &[("WADUP_OFFLINE", "1")])
            .obtain(&archive(), None)
            .unwrap_err()
            .to_string();

        for part in [
            "thing-1.0.tar.gz",
            &archive().sha256,
            "WADUP_SOURCES",
            "WADUP_OFFLINE",
        ] {
            assert!(error.contains(part), "{part} is not in: {error}");
        }
    }
}
