//! Source archives, pinned by hash: from the user's folder or mirror, the store, or their publisher.

pub(crate) mod debian;
mod failures;
pub(crate) mod registry;
mod unpack;

use std::fmt::{self, Display};
use std::fs;
use std::path::{Path, PathBuf};

pub(crate) use failures::Failures;
#[cfg(any(test, fuzzing))]
pub(crate) use unpack::hostile_archive;
pub(crate) use unpack::unpack;

use crate::command::Program;
use crate::environment::{Environment, Tool};
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::store::Store;

/// Why an offline build downloads nothing.
const OFFLINE: &str = "this build is offline (WADUP_OFFLINE or CARGO_NET_OFFLINE)";

/// An archive with a pinned hash.
#[derive(Debug, Clone)]
pub(crate) struct Archive {
    /// The file name under which a user may supply it.
    pub(crate) file: String,
    /// The hash of its bytes, in hexadecimal.
    pub(crate) sha256: String,
    /// The publisher's URLs.
    pub(crate) urls: Vec<String>,
}

/// The form used in errors.
impl Display for Archive {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} (sha256 {})", self.file, self.sha256)
    }
}

/// Another way to get an archive, tried after its URLs. It writes the archive to the given file.
pub(crate) type Fallback<'a> = &'a dyn Fn(&Path) -> Result<()>;

/// A place to get an archive from.
enum Origin<'a> {
    Url(String),
    Fallback(Fallback<'a>),
}

impl Origin<'_> {
    fn fetch(&self, file: &Path) -> Result<()> {
        match self {
            Origin::Url(url) if url.contains("://") => download(url, file),
            // A package index may be a folder on this machine.
            Origin::Url(path) => fs::copy(path, file).map(drop).on("copy", path),
            Origin::Fallback(get) => get(file),
        }
    }
}

/// Where this build gets archives from.
pub(crate) struct Sources<'a> {
    store: &'a Store,
    supplied: Option<String>,
    offline: bool,
}

impl<'a> Sources<'a> {
    /// `WADUP_SOURCES` is a folder, or the URL of a mirror, that is searched first.
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

    /// The path of an archive, checked just now.
    pub(crate) fn obtain(
        &self,
        archive: &Archive,
        fallback: Option<Fallback<'_>>,
    ) -> Result<PathBuf> {
        if let Some(file) = self.supplied(archive)? {
            return Ok(file);
        }
        self.store.hold(&archive.sha256);
        let stored = self.place(archive);
        if stored.is_file() {
            match hash::expect(&stored, &archive.sha256) {
                Ok(()) => return Ok(stored),
                Err(error) => {
                    self.store.progress().note(&error.to_string());
                    fs::remove_file(&stored).on("remove", &stored)?;
                }
            }
        }
        self.download(archive, fallback, &stored)?;
        Ok(stored)
    }

    /// The archive in the user's folder, if it is there.
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

    /// Whether the archive is available without the network.
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
        stored: &Path,
    ) -> Result<()> {
        let step = format!("downloading {}", archive.file);
        let folder = stored.parent().unwrap_or(stored);
        fs::create_dir_all(folder).on("create", folder)?;
        // The name is unique to this process, because two may download the same file at once.
        let partial = folder.join(format!("{}.{}.partial", archive.file, std::process::id()));

        self.store.progress().begin(&step);
        let mut failures = Vec::new();
        for origin in self.origins(archive, fallback) {
            let outcome = origin
                .fetch(&partial)
                .and_then(|()| hash::expect(&partial, &archive.sha256));
            match outcome {
                Ok(()) => {
                    fs::rename(&partial, stored).on("rename", stored)?;
                    self.store.progress().end(&step);
                    return Ok(());
                }
                Err(error) => {
                    if partial.exists() {
                        fs::remove_file(&partial).on("remove", &partial)?;
                    }
                    // A wrong hash is reported instead of trying the next place, because someone has to know.
                    if matches!(error, Error::Checksum { .. }) {
                        return Err(error);
                    }
                    failures.push(error.report());
                }
            }
        }
        if self.offline {
            failures.push(OFFLINE.to_owned());
        }
        Err(Error::Unavailable {
            files: vec![archive.to_string()],
            reason: failures.join("\n"),
        })
    }

    /// The user's mirror, the publisher, then the fallback. None of them offline.
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
            .map(Origin::Url)
            .chain(fallback.map(Origin::Fallback))
            .collect()
    }

    /// The user's folder, unless WADUP_SOURCES is a mirror.
    pub(crate) fn supplied_folder(&self) -> Option<&Path> {
        let supplied = self.supplied.as_deref()?;
        match supplied.strip_prefix("file://") {
            Some(path) => Some(Path::new(path)),
            None if supplied.contains("://") => None,
            None => Some(Path::new(supplied)),
        }
    }
}

/// The error of an offline build, which names every missing file. `cause` is the error of the tool that looked for
/// them.
pub(crate) fn not_supplied<File: Display>(files: &[File], cause: Option<&Error>) -> Error {
    let files = files.iter().map(ToString::to_string).collect();
    let reason = match cause {
        Some(error) => format!("{}\n{OFFLINE}", error.report()),
        None => OFFLINE.to_owned(),
    };
    Error::Unavailable { files, reason }
}

/// Whether the user forbids the network. A build script cannot see `cargo --offline` itself.
pub(crate) fn is_offline(environment: &Environment) -> bool {
    environment.flag("WADUP_OFFLINE") || environment.flag("CARGO_NET_OFFLINE")
}

/// curl is on every system that Rust is installed on, and uses the user's proxies and certificates. A TLS library would
/// add more to each user's build than the rest of this crate.
fn download(url: &str, file: &Path) -> Result<()> {
    Program::new(Tool::Curl, "curl", format!("downloading {url}"))
        .or_else("install curl, or put the file into a folder and set WADUP_SOURCES to it")
        .args(["--fail", "--location", "--silent", "--show-error"])
        .args(["--netrc-optional", "--retry", "2"])
        .args(["--connect-timeout", "15", "--output"])
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
    fn supplied_files_are_used_without_network() {
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
    fn supplied_files_with_wrong_hash_are_refused() {
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
    fn downloads_are_cached_and_wrong_bytes_are_not() {
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
    fn offline_error_names_file_hash_and_variable() {
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
