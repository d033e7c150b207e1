//! Chooses the release that a build uses: the wanted one, or an older one of its series if that is all there is.

use std::fmt::{self, Display};
use std::path::Path;
use std::str::FromStr;

use pep508_rs::pep440_rs::{Version, VersionSpecifiers};

use super::releases::Release;
use super::source;
use super::wanted::Wanted;
use crate::error::{Error, Result};
use crate::source::{Failures, Sources};

/// What decides on the release.
pub(crate) struct Choosing<'a> {
    pub(crate) sources: &'a Sources<'a>,
    /// The project's `requires-python`.
    pub(crate) requires: Option<&'a VersionSpecifiers>,
    /// Whether another release than the first choice is an error (`WADUP_LOCKED`).
    pub(crate) locked: bool,
    /// Whether the store has all that is built from a release's source.
    pub(crate) is_built: &'a dyn Fn(&'static Release) -> bool,
    pub(crate) looking: Looking,
}

/// Where to look for the source of a release that is not on this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looking {
    /// Nowhere.
    Here,
    /// In the network, unless that has failed within a day.
    Anywhere,
    /// In the network, whatever happened before.
    Again,
}

/// The release of a build.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub(crate) release: &'static Release,
    /// The release that the project asked for, if this is another.
    pub(crate) instead_of: Option<Absent>,
}

/// A release that could not be had.
#[derive(Debug, Clone)]
pub(crate) struct Absent {
    pub(crate) release: &'static Release,
    /// What each place answered.
    pub(crate) reason: String,
}

impl Choice {
    /// What it means that the guest gets another release than it should, and what to do about it.
    pub(crate) fn warning(&self) -> Option<String> {
        let absent = self.instead_of.as_ref()?;
        Some(format!(
            "this guest runs {self}\nhelp: put {} into a folder and set WADUP_SOURCES to it, or run `cargo wadup setup`, \
             which looks for it again and says why it cannot be had. With WADUP_LOCKED=1 this is an error",
            source::archive(absent.release)
        ))
    }
}

/// The release, and if it is not the one that was asked for, what that means.
impl Display for Choice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = self.release.version;
        let Some(absent) = &self.instead_of else {
            return write!(formatter, "Python {version}");
        };
        let wanted = absent.release.version;
        write!(
            formatter,
            "Python {version} instead of {wanted}, whose source could not be had: it lacks the security fixes that came \
             after {version}"
        )
    }
}

impl Choosing<'_> {
    /// The best candidate that is built, or whose source can be had.
    ///
    /// # Errors
    /// [`Error::Unavailable`] for the first choice if none can be had.
    pub(crate) fn choose(&self, wanted: Wanted) -> Result<Choice> {
        let first = wanted.first_choice();
        let Some(mut reason) = self.why_absent(first)? else {
            return Ok(Choice {
                release: first,
                instead_of: None,
            });
        };
        let others = wanted.candidates().into_iter().skip(1);
        for other in others.filter(|_| !self.locked) {
            if !self.allows(other)? {
                let version = other.version;
                reason.push_str(&format!(
                    "\nPython {version} is excluded by `requires-python`"
                ));
            } else if self.why_absent(other)?.is_none() {
                return Ok(Choice {
                    release: other,
                    instead_of: Some(Absent {
                        release: first,
                        reason,
                    }),
                });
            }
        }
        Err(Error::Unavailable {
            files: vec![source::archive(first).to_string()],
            reason,
        })
    }

    /// Why a release cannot be used, or `None` if it can.
    fn why_absent(&self, release: &'static Release) -> Result<Option<String>> {
        let archive = source::archive(release);
        if (self.is_built)(release) || self.sources.is_here(&archive)? {
            return Ok(None);
        }
        let failures = Failures::of(self.sources, &archive, release.suites);
        if self.looking != Looking::Again
            && let Some(reason) = failures.remembered()
        {
            return Ok(Some(reason));
        }
        if self.looking == Looking::Here {
            return Ok(None);
        }
        match source::obtain(release, self.sources) {
            Ok(_) => Ok(None),
            Err(Error::Unavailable { reason, .. }) => {
                failures.remember(&reason);
                Ok(Some(reason))
            }
            Err(error) => Err(error),
        }
    }

    fn allows(&self, release: &Release) -> Result<bool> {
        let Some(requires) = self.requires else {
            return Ok(true);
        };
        let version = Version::from_str(release.version)
            .map_err(|error| Error::malformed(Path::new("releases.rs"), error))?;
        Ok(requires.contains(&version))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::releases::Series;
    use super::*;
    use crate::environment::Environment;
    use crate::progress::Silent;
    use crate::store::Store;

    /// An offline machine whose store has the sources of some releases.
    struct Machine {
        store: Store,
        built: Option<&'static Release>,
        requires: Option<VersionSpecifiers>,
        locked: bool,
        _folder: tempfile::TempDir,
    }

    impl Machine {
        fn with_sources_of(releases: &[&'static Release]) -> Self {
            let folder = tempfile::tempdir().unwrap();
            for release in releases {
                let archive = source::archive(release);
                let place = folder.path().join("downloads").join(&archive.sha256);
                fs::create_dir_all(&place).unwrap();
                fs::write(place.join(archive.file), "").unwrap();
            }
            Self {
                store: Store::new(folder.path(), Box::new(Silent)),
                built: None,
                requires: None,
                locked: false,
                _folder: folder,
            }
        }

        fn choose(&self, wanted: Wanted, looking: Looking) -> Result<Choice> {
            let environment = Environment::of([("WADUP_OFFLINE", "1")]);
            let choosing = Choosing {
                sources: &Sources::new(&environment, &self.store),
                requires: self.requires.as_ref(),
                locked: self.locked,
                is_built: &|release| {
                    self.built
                        .is_some_and(|built| built.version == release.version)
                },
                looking,
            };
            choosing.choose(wanted)
        }

        #[track_caller]
        fn assert_refused(&self, wanted: Wanted, parts: &[&str]) {
            let error = self
                .choose(wanted, Looking::Anywhere)
                .unwrap_err()
                .to_string();
            for part in parts {
                assert!(error.contains(part), "{part} is not in: {error}");
            }
        }
    }

    fn newest() -> &'static Release {
        Series::default().newest()
    }

    fn oldest() -> &'static Release {
        Series::default().oldest()
    }

    #[test]
    fn the_newest_release_is_used_without_a_warning_if_its_source_is_here() {
        let machine = Machine::with_sources_of(&[newest(), oldest()]);

        let choice = machine
            .choose(Wanted::default(), Looking::Anywhere)
            .unwrap();

        assert_eq!(choice.release.version, newest().version);
        assert_eq!(choice.warning(), None);
    }

    #[test]
    fn what_is_built_needs_no_source() {
        let mut machine = Machine::with_sources_of(&[]);
        machine.built = Some(newest());

        let choice = machine
            .choose(Wanted::default(), Looking::Anywhere)
            .unwrap();

        assert_eq!(choice.release.version, newest().version);
    }

    #[test]
    fn an_older_release_is_used_with_a_warning_that_says_what_it_means() {
        let machine = Machine::with_sources_of(&[oldest()]);

        let choice = machine
            .choose(Wanted::default(), Looking::Anywhere)
            .unwrap();

        assert_eq!(choice.release.version, oldest().version);
        let warning = choice.warning().unwrap();
        for part in [
            newest().version,
            oldest().version,
            "security fixes",
            newest().sha256,
            "WADUP_LOCKED",
        ] {
            assert!(warning.contains(part), "{part} is not in: {warning}");
        }
    }

    #[test]
    fn locked_builds_and_releases_in_full_refuse_another_release() {
        let mut machine = Machine::with_sources_of(&[oldest()]);
        machine.assert_refused(Wanted::Exactly(newest()), &[newest().sha256, "offline"]);

        machine.locked = true;

        machine.assert_refused(Wanted::default(), &[newest().sha256, "offline"]);
    }

    #[test]
    fn an_older_release_that_requires_python_excludes_is_not_used() {
        let mut machine = Machine::with_sources_of(&[oldest()]);
        machine.requires = Some(format!("=={}", newest().version).parse().unwrap());

        let excluded = format!("Python {} is excluded by", oldest().version);
        machine.assert_refused(Wanted::default(), &[newest().sha256, &excluded]);
    }

    #[test]
    fn without_the_network_an_older_release_is_used_only_if_the_newest_was_looked_for() {
        let machine = Machine::with_sources_of(&[oldest()]);
        let chosen = || machine.choose(Wanted::default(), Looking::Here).unwrap();
        assert_eq!(chosen().release.version, newest().version);

        let online = Environment::of::<&str, &str>([]);
        let sources = Sources::new(&online, &machine.store);
        let archive = source::archive(newest());
        Failures::of(&sources, &archive, newest().suites).remember("no such host");

        assert_eq!(chosen().release.version, oldest().version);
        assert_eq!(chosen().instead_of.unwrap().reason, "no such host");
    }
}
