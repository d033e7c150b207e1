//! Remembers for a day that an archive could not be had, so that not every build asks all places again.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::{Archive, Sources};
use crate::hash;

/// The folder in the store, apart from the downloads, whose every file is checked against its hash.
const FOLDER: &str = "not-available";

/// How long a failure counts. A release that appears in the meantime is found by the first build after that.
const VALID: Duration = Duration::from_secs(24 * 60 * 60);

/// The failures to get one archive from some places.
pub(crate) struct Failures {
    file: PathBuf,
    /// Identifies the places, so that others are asked at once.
    places: String,
    offline: bool,
}

impl Failures {
    /// `others` are places beside the archive's URLs and the user's mirror.
    pub(crate) fn of(sources: &Sources<'_>, archive: &Archive, others: &[&str]) -> Self {
        let places = format!("{:?} {:?} {others:?}", sources.supplied, archive.urls);
        Self {
            file: sources.store.root().join(FOLDER).join(&archive.sha256),
            places: hash::of_bytes(places),
            offline: sources.offline,
        }
    }

    /// Why the archive could not be had, if that was within a day.
    pub(crate) fn remembered(&self) -> Option<String> {
        let text = fs::read_to_string(&self.file).ok()?;
        let written = fs::metadata(&self.file).and_then(|metadata| metadata.modified());
        let age = SystemTime::now().duration_since(written.ok()?).ok()?;
        let (places, reason) = text.split_once('\n')?;
        (age < VALID && places == self.places).then(|| reason.to_owned())
    }

    /// Remembers why, unless nothing was asked because the build is offline.
    pub(crate) fn remember(&self, reason: &str) {
        if !self.offline {
            let folder = self.file.parent().unwrap_or(&self.file);
            // In a read-only store each build asks again.
            drop(fs::create_dir_all(folder));
            drop(fs::write(&self.file, format!("{}\n{reason}", self.places)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::Environment;
    use crate::progress::Silent;
    use crate::store::Store;

    fn archive() -> Archive {
        Archive {
            file: "thing-1.0.tar.gz".into(),
            sha256: "aa".into(),
            urls: vec![],
        }
    }

    fn failures(store: &Store, variables: &[(&str, &str)], others: &[&str]) -> Failures {
        let environment = Environment::of(variables.iter().copied());
        Failures::of(&Sources::new(&environment, store), &archive(), others)
    }

    #[test]
    fn failures_are_remembered_for_the_same_places_only() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path(), Box::new(Silent));
        let here = failures(&store, &[], &["sid"]);
        assert_eq!(here.remembered(), None);

        here.remember("no such host\nno such suite");

        assert_eq!(
            here.remembered().as_deref(),
            Some("no such host\nno such suite")
        );
        let mirror = [("WADUP_SOURCES", "https://mirror.example")];
        assert_eq!(failures(&store, &mirror, &["sid"]).remembered(), None);
        assert_eq!(failures(&store, &[], &["forky"]).remembered(), None);
    }

    #[test]
    fn failures_expire() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path(), Box::new(Silent));
        let failures = failures(&store, &[], &[]);
        failures.remember("no such host");

        let file = fs::File::options()
            .write(true)
            .open(&failures.file)
            .unwrap();
        file.set_modified(SystemTime::now() - VALID).unwrap();

        assert_eq!(failures.remembered(), None);
    }

    #[test]
    fn offline_builds_remember_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path(), Box::new(Silent));

        failures(&store, &[("WADUP_OFFLINE", "1")], &[]).remember("offline");

        assert_eq!(failures(&store, &[], &[]).remembered(), None);
    }
}
