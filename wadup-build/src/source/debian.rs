//! Downloads packages and sources of other Debian suites through apt, without changing the machine's configuration.
//!
//! apt runs with lists, cache and a source entry in a temporary folder. The entry is the machine's with another suite, so
//! that the user's mirror is used. apt checks every file against Debian's signed index.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::command::Program;
use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};
use crate::temporary;

const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// A file in a temporary folder, which is removed on drop.
#[derive(Debug)]
pub struct Download {
    path: PathBuf,
    _folder: TempDir,
}

impl Download {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// Whether this machine runs Debian with apt.
#[must_use]
pub fn is_here() -> bool {
    Path::new("/etc/debian_version").is_file()
        && Path::new("/usr/bin/apt-get").is_file()
        && Path::new(KEYRING).is_file()
}

/// The upstream archive with this hash, from the first of the suites whose source package has it.
///
/// # Errors
/// [`Error::Missing`] with what each suite has instead.
pub(crate) fn source_archive(package: &str, suites: &[&str], sha256: &str) -> Result<Download> {
    let mut answers = Vec::new();
    for suite in suites {
        match archive_in(suite, package, sha256) {
            Ok(Ok(download)) => return Ok(download),
            Ok(Err(versions)) => answers.push(format!("`{suite}` has {versions}")),
            // A suite that is gone must not hide the others.
            Err(error) => answers.push(format!("`{suite}`: {}", error.report())),
        }
    }
    Err(Error::missing(
        format!("the archive in Debian's source package `{package}`"),
        format!(
            "look at what Debian's suites answered: {}",
            answers.join("; ")
        ),
    ))
}

/// The archive in one suite, or the versions that the suite has instead.
fn archive_in(suite: &str, package: &str, sha256: &str) -> Result<Result<Download, String>> {
    let apt = PrivateApt::new(&format!("deb-src {suite}"))?;
    let records = apt
        .run_cache("searching Debian's source packages")
        .args(["showsrc", "--only-source", package])
        .output()?;
    let Some(version) = version_with(&records, sha256) else {
        let versions: Vec<&str> = versions(&records).collect();
        return Ok(Err(versions.join(", ")));
    };
    apt.run("downloading a source package")
        .args(["source", "--download-only", "--tar-only"])
        .arg(format!("{package}={version}"))
        .run()?;
    apt.downloaded(".orig.tar.xz").map(Ok)
}

/// The version of the source package that has a file of this hash (deb822, `Checksums-Sha256`).
fn version_with<'a>(records: &'a str, sha256: &str) -> Option<&'a str> {
    let is_listed = |record: &&str| {
        record.lines().any(|line| {
            line.strip_prefix(' ')
                .is_some_and(|file| file.starts_with(sha256))
        })
    };
    versions(records.split("\n\n").find(is_listed)?).next()
}

fn versions(records: &str) -> impl Iterator<Item = &str> {
    records
        .lines()
        .filter_map(|line| line.strip_prefix("Version: "))
}

/// A binary package, downloaded and not installed.
///
/// # Errors
/// When apt cannot download it.
pub fn package(suite: &str, package: &str) -> Result<Download> {
    let apt = PrivateApt::new(&format!("deb {suite}"))?;
    apt.run("downloading a package")
        .args(["download", package])
        .run()?;
    apt.downloaded(".deb")
}

struct PrivateApt {
    folder: TempDir,
}

impl PrivateApt {
    /// `entry` is the type and the suite of the source: "deb-src trixie".
    fn new(entry: &str) -> Result<Self> {
        let folder = temporary::folder()?;
        let apt = Self { folder };
        for name in ["lists/partial", "cache/archives/partial", "files"] {
            let path = apt.path(name);
            fs::create_dir_all(&path).on("create", &path)?;
        }
        let (kind, suite) = entry.split_once(' ').unwrap_or((entry, "stable"));
        let list = apt.path("sources.list");
        let line = format!("{kind} [signed-by={KEYRING}] {} {suite} main\n", mirror()?);
        fs::write(&list, line).on("write", &list)?;
        apt.run("reading Debian's index")
            // Without this option, it succeeds if it can read nothing.
            .args(["update", "-o", "APT::Update::Error-Mode=any"])
            .run()?;
        Ok(apt)
    }

    fn run(&self, purpose: &str) -> Program {
        self.program("apt-get", purpose)
    }

    fn run_cache(&self, purpose: &str) -> Program {
        self.program("apt-cache", purpose)
    }

    fn program(&self, program: &str, purpose: &str) -> Program {
        let option = |name: &str, value: &Path| format!("{name}={}", value.display());
        Program::new(Tool::System, program, purpose)
            .current_dir(self.path("files"))
            .args([
                "-o",
                &option("Dir::Etc::SourceList", &self.path("sources.list")),
            ])
            .args(["-o", "Dir::Etc::SourceParts=/dev/null"])
            .args(["-o", &option("Dir::State::Lists", &self.path("lists"))])
            .args(["-o", &option("Dir::Cache", &self.path("cache"))])
            // apt would switch to a user that cannot read the temporary folder.
            .args(["-o", "APT::Sandbox::User=root"])
    }

    fn downloaded(self, ending: &str) -> Result<Download> {
        let files = self.path("files");
        let found = crate::tree::files(&files)?
            .into_iter()
            .find(|file| file.ends_with(ending))
            .ok_or_else(|| Error::malformed(&files, format!("apt fetched no *{ending}")))?;
        Ok(Download {
            path: files.join(found),
            _folder: self.folder,
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The URL of Debian's main archive in this machine's configuration.
fn mirror() -> Result<String> {
    let targets = Program::new(Tool::System, "apt-get", "asking apt for its sources")
        .args(["indextargets", "--format", "$(ORIGIN)|$(LABEL)|$(REPO_URI)"])
        .arg("Created-By: Packages")
        .output()?;
    main_archive(&targets).ok_or_else(|| {
        Error::missing(
            "an index of Debian's main archive",
            "run `apt-get update` as root",
        )
    })
}

fn main_archive(targets: &str) -> Option<String> {
    targets
        .lines()
        .find_map(|line| line.strip_prefix("Debian|Debian|"))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::{main_archive, version_with, versions};

    const RECORDS: &str = "Package: x\nVersion: 1.2-1\nChecksums-Sha256: \n 00aa 10 x_1.2-1.dsc\n 00bb 99 x_1.2.orig.tar.xz\n\n\
                           Package: x\nVersion: 1:1.3-2\nChecksums-Sha256: \n 00cc 99 x_1.3.orig.tar.xz\n\n";

    #[test]
    fn the_version_of_a_source_package_is_found_by_the_hash_of_its_archive() {
        assert_eq!(version_with(RECORDS, "00bb"), Some("1.2-1"));
        assert_eq!(version_with(RECORDS, "00cc"), Some("1:1.3-2"));
        assert_eq!(version_with(RECORDS, "00dd"), None);
        assert_eq!(versions(RECORDS).collect::<Vec<_>>(), ["1.2-1", "1:1.3-2"]);
    }

    #[test]
    fn the_main_archive_is_distinguished_from_security_and_third_party_ones() {
        let targets = "Acme|Acme|https://packages.example/\n\
                       Debian|Debian-Security|http://mirror.example/security/\n\
                       Debian|Debian|http://mirror.example/debian/\n";

        assert_eq!(
            main_archive(targets).as_deref(),
            Some("http://mirror.example/debian/")
        );
        assert_eq!(main_archive("Acme|Acme|https://packages.example/\n"), None);
    }
}
