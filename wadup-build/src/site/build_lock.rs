//! The sections of wadup.lock that pin build requirements, one for each package that is built from source.

use std::fs;
use std::path::PathBuf;

use super::lock::{self, LockPolicy};
use super::lock_file::{self, SECTION, split};
use super::uv::Uv;
use crate::error::{Error, FileContext, Result};
use crate::plan::Plan;
use crate::progress::Progress;
use crate::temporary;

const INPUTS: &str = ": sha256:";

/// The heading of a file that contains only sections.
const ALONE: &str =
    "# What the packages of this guest are built with, locked by wadup-build. Commit this file.\n";

/// The sections of a lock file.
#[derive(Debug)]
pub(crate) struct BuildLock {
    file: PathBuf,
    spare: PathBuf,
    /// The file whose modification time the lock gets.
    origin: PathBuf,
    locked: bool,
    of_guest: String,
    sections: Vec<Section>,
}

#[derive(Debug, PartialEq, Eq)]
struct Section {
    package: String,
    inputs: String,
    pins: String,
    /// Whether a package of the guest uses it.
    used: bool,
}

impl BuildLock {
    /// Reads the sections; `lock` is the file that locks the guest's packages.
    pub(crate) fn read(
        plan: &Plan,
        lock: Option<&PathBuf>,
        policy: &LockPolicy<'_>,
    ) -> Result<Self> {
        let name = lock_file::name(plan);
        let spare = policy.spare.join(name);
        let beside = plan.project.join(name);
        let file = match (lock, &plan.requirements) {
            // The user's own file must not be written.
            (Some(lock), None) => lock.clone(),
            _ if spare.is_file() && !beside.is_file() => spare.clone(),
            _ => beside,
        };
        let text = lock::read_if_there(&file)?.unwrap_or_else(|| ALONE.to_owned());
        let (of_guest, sections) = split(&text);
        Ok(Self {
            file,
            spare,
            origin: plan.pyproject(),
            locked: policy.locked,
            of_guest: of_guest.to_owned(),
            sections: parse(sections),
        })
    }

    /// The build requirements of a package, if they are locked for these inputs.
    pub(crate) fn pins(&self, package: &str, inputs: &str) -> Option<&str> {
        self.sections
            .iter()
            .find(|section| section.package == package && section.inputs == inputs)
            .map(|section| &*section.pins)
    }

    /// Marks the section of a package as used.
    pub(crate) fn keep(&mut self, package: &str) {
        for section in &mut self.sections {
            section.used |= section.package == package;
        }
    }

    /// # Errors
    /// If the lock must not change.
    pub(crate) fn refuse_if_locked(&self, package: &str) -> Result<()> {
        if !self.locked {
            return Ok(());
        }
        let problem = format!(
            "does not lock the build requirements of {package}, and WADUP_LOCKED forbids updating it\n\
             help: build once without WADUP_LOCKED and commit the file"
        );
        Err(Error::configuration(&self.file, problem))
    }

    /// Locks the build requirements of a package.
    pub(crate) fn add(&mut self, package: &str, inputs: &str, pins: String) {
        self.sections.retain(|section| section.package != package);
        self.sections.push(Section {
            package: package.to_owned(),
            inputs: inputs.to_owned(),
            pins,
            used: true,
        });
        self.sections
            .sort_by(|first, second| first.package.cmp(&second.package));
    }

    /// Writes the file with the used sections, and returns its path.
    pub(crate) fn write(self, progress: &dyn Progress) -> Result<Option<PathBuf>> {
        let text: String = self
            .sections
            .iter()
            .filter(|section| section.used)
            .map(Section::text)
            .collect();
        let present = lock::read_if_there(&self.file)?;
        let is_empty = text.is_empty() && present.is_none();
        let text = format!("{}{text}", self.of_guest);
        if self.locked || is_empty || present.as_ref() == Some(&text) {
            return Ok(present.map(|_| self.file));
        }
        let file = lock::write(self.file, self.spare, &text, progress)?;
        lock::date_back(&file, &self.origin)?;
        Ok(Some(file))
    }
}

impl Section {
    fn text(&self) -> String {
        let Self {
            package,
            inputs,
            pins,
            ..
        } = self;
        format!("{SECTION}{package}{INPUTS}{inputs}\n{pins}")
    }
}

/// Parses sections. Invalid ones are skipped, and so created again.
fn parse(text: &str) -> Vec<Section> {
    text.split(SECTION)
        .filter_map(|section| {
            let (heading, pins) = section.split_once('\n')?;
            let (package, inputs) = heading.split_once(INPUTS)?;
            Some(Section {
                package: package.to_owned(),
                inputs: inputs.to_owned(),
                pins: pins.to_owned(),
                used: false,
            })
        })
        .collect()
}

/// Resolves requirements to pins with hashes, of wheels only.
pub(crate) fn pin(uv: Uv<'_>, requirements: &[String], package: &str) -> Result<String> {
    let scratch = temporary::folder()?;
    let wanted = scratch.path().join("build-requirements.in");
    let output = scratch.path().join("build-requirements.txt");
    let lines: String = requirements
        .iter()
        .map(|requirement| format!("{requirement}\n"))
        .collect();
    fs::write(&wanted, lines).on("write", &wanted)?;
    uv.compile(
        &wanted,
        &output,
        &format!("resolving the build requirements of {package}"),
    )
    .args([
        "--generate-hashes",
        "--no-annotate",
        "--only-binary",
        ":all:",
    ])
    .run()?;
    fs::read_to_string(&output).on("read", &output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    const OF_GUEST: &str =
        "# The packages\nmarkupsafe==3.0 \\\n    --hash=sha256:aa\n    # via jinja2\n";

    struct Guest {
        folder: tempfile::TempDir,
    }

    impl Guest {
        fn new(lock: &str) -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(lock_file::FILE), lock).unwrap();
            fs::write(folder.path().join("pyproject.toml"), "").unwrap();
            Self { folder }
        }

        fn read(&self, locked: bool) -> BuildLock {
            let plan = Plan::read(self.folder.path()).unwrap();
            let policy = LockPolicy {
                locked,
                spare: self.folder.path(),
            };
            BuildLock::read(
                &plan,
                Some(&self.folder.path().join(lock_file::FILE)),
                &policy,
            )
            .unwrap()
        }

        fn text(&self) -> String {
            fs::read_to_string(self.folder.path().join(lock_file::FILE)).unwrap()
        }
    }

    #[test]
    fn line_endings_of_windows_change_nothing() {
        let guest = Guest::new(OF_GUEST);
        let mut lock = guest.read(false);
        lock.add(
            "markupsafe",
            "abc",
            "setuptools==80 --hash=sha256:bb\n".into(),
        );
        lock.write(&Silent).unwrap();
        let file = guest.folder.path().join(lock_file::FILE);
        let windows = guest.text().replace('\n', "\r\n");
        fs::write(&file, &windows).unwrap();

        let mut lock = guest.read(false);
        lock.keep("markupsafe");

        let pins = lock.pins("markupsafe", "abc");
        assert_eq!(pins, Some("setuptools==80 --hash=sha256:bb\n"));
        lock.write(&Silent).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), windows);
    }

    #[test]
    fn a_section_is_used_until_its_inputs_change() {
        let guest = Guest::new(OF_GUEST);
        let mut lock = guest.read(false);
        lock.add(
            "markupsafe",
            "abc",
            "setuptools==80 --hash=sha256:bb\n".to_owned(),
        );
        lock.add("cffi", "def", "wheel==1 --hash=sha256:cc\n".to_owned());
        lock.write(&Silent).unwrap();

        let again = guest.read(true);

        assert_eq!(split(&guest.text()).0, OF_GUEST);
        assert_eq!(
            again.pins("cffi", "def"),
            Some("wheel==1 --hash=sha256:cc\n")
        );
        assert_eq!(
            again.pins("markupsafe", "abc"),
            Some("setuptools==80 --hash=sha256:bb\n")
        );
        assert_eq!(again.pins("markupsafe", "abd"), None);
    }

    #[test]
    fn the_section_of_a_removed_package_is_removed() {
        let guest = Guest::new(OF_GUEST);
        let mut lock = guest.read(false);
        lock.add("cffi", "def", "wheel==1\n".to_owned());
        lock.add("markupsafe", "abc", "setuptools==80\n".to_owned());
        lock.write(&Silent).unwrap();

        let mut lock = guest.read(false);
        lock.keep("cffi");
        lock.write(&Silent).unwrap();

        assert!(guest.read(false).pins("markupsafe", "abc").is_none());
        assert!(guest.read(false).pins("cffi", "def").is_some());
    }

    #[test]
    fn with_wadup_locked_a_missing_section_is_an_error() {
        let error = Guest::new(OF_GUEST)
            .read(true)
            .refuse_if_locked("markupsafe")
            .unwrap_err()
            .to_string();

        assert!(
            error.contains(
                "wadup.lock: does not lock the build requirements of markupsafe, and WADUP_LOCKED"
            ),
            "{error}"
        );
    }
}
