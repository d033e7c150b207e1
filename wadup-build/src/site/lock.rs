//! Maintains wadup.lock: uses it while its inputs are unchanged, else resolves the dependencies with uv.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::local::Local;
use super::lock_file;
use super::recipes::Recipes;
use super::requirements::{self, Pinned};
use super::uv::Uv;
use crate::cpython::Release;
use crate::error::{Error, FileContext, Result};
use crate::plan::Plan;
use crate::progress::Progress;
use crate::{temporary, tree};

/// How wadup.lock may be treated in this build.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LockPolicy<'a> {
    /// `WADUP_LOCKED=1`: a missing or outdated lock is an error.
    pub(crate) locked: bool,
    /// The build's own folder, for the lock if the guest's folder is read-only.
    pub(crate) spare: &'a Path,
}

/// The locked packages of a guest, and the file that locks them.
#[derive(Debug)]
pub(super) struct Lock {
    pub(super) file: Option<PathBuf>,
    pub(super) packages: Vec<Pinned>,
}

impl Lock {
    /// Why the guest has a package, for errors.
    pub(super) fn reason(&self, name: &str) -> String {
        let file = self
            .file
            .as_deref()
            .and_then(Path::file_name)
            .unwrap_or_default();
        requirements::chain(name, &self.packages, &file.to_string_lossy())
    }
}

/// The inputs of a lock in addition to the plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Basis<'a> {
    pub(super) recipes: Recipes<'a>,
    /// The local packages.
    pub(super) locals: &'a [Local],
    /// The settings of uv.
    pub(super) settings: &'a str,
}

/// The lock of a plan, created or renewed if necessary.
pub(super) fn obtain(
    uv: &Uv<'_>,
    plan: &Plan,
    policy: &LockPolicy<'_>,
    basis: Basis<'_>,
    progress: &dyn Progress,
) -> Result<Lock> {
    if let Some(file) = &plan.requirements {
        let text = fs::read_to_string(file).on("read", file)?;
        return lock(file.clone(), &text, uv.release);
    }
    if plan.dependencies.is_empty() {
        return Ok(Lock {
            file: None,
            packages: Vec::new(),
        });
    }
    let inputs = lock_file::inputs(
        uv.release.series,
        &plan.dependencies,
        basis.locals,
        basis.settings,
    );
    let name = lock_file::name(plan);
    let file = plan.project.join(name);
    let spare = policy.spare.join(name);
    let present = read_if_there(&file)?;
    let is_current = |text: &&String| lock_file::is_made_from(text, &inputs);
    if let Some(text) = present.as_ref().filter(is_current) {
        return lock(file, text, uv.release);
    }
    if policy.locked {
        return Err(Error::configuration(&file, out_of_date(present.is_some())));
    }
    if let Some(text) = read_if_there(&spare)?.as_ref().filter(is_current) {
        return lock(spare, text, uv.release);
    }
    progress.begin("resolving the Python dependencies");
    // With its tests, a guest has the packages that it has without them.
    let of_guest = match plan.is_for_tests {
        true => read_if_there(&plan.project.join(lock_file::FILE))?,
        false => None,
    };
    let outdated = of_guest.as_deref().or(present.as_deref());
    let resolved = resolve(uv, plan, basis, outdated)?;
    let mut text = lock_file::text(&inputs, &resolved, basis.locals);
    // The build requirements of packages stay unchanged.
    let with_sections = present.as_deref().or(of_guest.as_deref());
    text.push_str(lock_file::split(with_sections.unwrap_or_default()).1);
    progress.end("resolving the Python dependencies");
    let file = write(file, spare, &text, progress)?;
    date_back(&file, &plan.pyproject())?;
    lock(file, &text, uv.release)
}

/// Gives the lock the modification time of its input.
///
/// Cargo considers a watched file changed if it is newer than the start of the build script, and would build again
/// for nothing.
pub(super) fn date_back(lock: &Path, origin: &Path) -> Result<()> {
    let time = match fs::metadata(origin) {
        Ok(metadata) => metadata.modified().on("read", origin)?,
        // Without pyproject.toml, the build script lists the dependencies: any time before this build works.
        Err(_) => SystemTime::UNIX_EPOCH,
    };
    let file = File::options().append(true).open(lock).on("open", lock)?;
    file.set_modified(time).on("date", lock)
}

fn lock(file: PathBuf, text: &str, release: &Release) -> Result<Lock> {
    let packages = requirements::parse(&file, lock_file::split(text).0, release)?;
    Ok(Lock {
        file: Some(file),
        packages,
    })
}

fn out_of_date(is_there: bool) -> String {
    let state = if is_there {
        "is older than the dependencies of pyproject.toml, a local package, or a setting of uv"
    } else {
        "is missing"
    };
    format!(
        "{state}, and WADUP_LOCKED forbids updating it\nhelp: build once without WADUP_LOCKED and commit the file"
    )
}

/// The text of a lock file, with the line endings of Unix.
pub(super) fn read_if_there(file: &Path) -> Result<Option<String>> {
    match fs::read_to_string(file) {
        // git may have given it the line endings of Windows.
        Ok(text) => Ok(Some(text.replace("\r\n", "\n"))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).on("read", file),
    }
}

/// Resolves with uv. An outdated lock keeps the versions that can stay.
fn resolve(uv: &Uv<'_>, plan: &Plan, basis: Basis<'_>, outdated: Option<&str>) -> Result<String> {
    let scratch = temporary::folder()?;
    let dependencies = scratch.path().join(lock_file::DEPENDENCIES);
    let output = scratch.path().join("requirements.txt");
    fs::write(&dependencies, lock_file::lines(&plan.dependencies)).on("write", &dependencies)?;
    let constraints = scratch.path().join(lock_file::CONSTRAINTS);
    let mut lines = basis.recipes.constraints();
    for local in basis.locals {
        lines.push_str(&local.requirement()?);
    }
    fs::write(&constraints, lines).on("write", &constraints)?;
    if let Some(text) = outdated {
        fs::write(&output, lock_file::split(text).0).on("write", &output)?;
    }
    let purpose = format!(
        "resolving the dependencies of {}",
        plan.pyproject().display()
    );
    let stderr = uv
        .compile(&dependencies, &output, &purpose)
        .arg("--generate-hashes")
        .arg("--constraints")
        .arg(&constraints)
        .stderr()?;
    refuse_ignored_settings(plan, &stderr)?;
    fs::read_to_string(&output).on("read", &output)
}

/// On an unknown key, uv ignores all settings of a pyproject.toml, even the URL of a private index, and continues.
fn refuse_ignored_settings(plan: &Plan, stderr: &str) -> Result<()> {
    let Some((_, reason)) = stderr.split_once("warning: Failed to parse `") else {
        return Ok(());
    };
    let reason: String = reason
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with(' '))
        .map(|line| format!("{line}\n"))
        .collect();
    Err(Error::configuration(
        &plan.pyproject(),
        format!(
            "uv cannot parse [tool.uv] of this file or of a parent folder, and would ignore all of it:\n{reason}\
             help: correct the key, or set WADUP_UV to a uv that supports it"
        ),
    ))
}

/// Beside pyproject.toml, or in the build's own folder if the guest's is read-only.
pub(super) fn write(
    file: PathBuf,
    spare: PathBuf,
    text: &str,
    progress: &dyn Progress,
) -> Result<PathBuf> {
    let Err(error) = tree::write_if_changed(&file, text) else {
        return Ok(file);
    };
    tree::write_if_changed(&spare, text)?;
    progress.note(&format!(
        "{}; the lock is kept in {} for now",
        error.report(),
        spare.display()
    ));
    Ok(spare)
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::progress::Silent;

    struct Guest {
        folder: tempfile::TempDir,
        plan: Plan,
        settings: &'static str,
        /// What the fake uv prints.
        says: &'static str,
    }

    impl Guest {
        fn with(dependency: &str) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let pyproject = folder.path().join("pyproject.toml");
            fs::write(
                pyproject,
                format!("[project]\ndependencies = [\"{dependency}\"]\n"),
            )
            .unwrap();
            fs::create_dir(folder.path().join("out")).unwrap();
            let plan = Plan::read(folder.path()).unwrap();
            Self {
                folder,
                plan,
                settings: "",
                says: "",
            }
        }

        /// A fake uv that pins one package and counts its runs in the file `runs`.
        #[cfg(unix)]
        fn lock(&self, locked: bool, progress: &dyn Progress) -> Result<Lock> {
            use std::os::unix::fs::PermissionsExt;
            let uv = self.folder.path().join("uv");
            let script = format!(
                "#!/bin/sh\necho run >> runs\nwhile [ \"$1\" != --output-file ]; do shift; done\n\
                 echo 'six==1.17.0 --hash=sha256:aa' > \"$2\"\nprintf '{}' >&2\n",
                self.says
            );
            fs::write(&uv, script).unwrap();
            fs::set_permissions(&uv, fs::Permissions::from_mode(0o755)).unwrap();
            let uv = Uv {
                program: &uv,
                project: self.folder.path(),
                ..Uv::idle()
            };
            let spare = self.folder.path().join("out");
            obtain(
                &uv,
                &self.plan,
                &LockPolicy {
                    locked,
                    spare: &spare,
                },
                Basis {
                    recipes: Recipes(&[]),
                    locals: &[],
                    settings: self.settings,
                },
                progress,
            )
        }

        fn runs(&self) -> usize {
            fs::read_to_string(self.folder.path().join("runs"))
                .map_or(0, |text| text.lines().count())
        }
    }

    #[derive(Default)]
    struct Notes(RefCell<Vec<String>>);

    impl Progress for Notes {
        fn begin(&self, _: &str) {}
        fn end(&self, _: &str) {}
        fn note(&self, message: &str) {
            self.0.borrow_mut().push(message.to_owned());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_new_lock_has_the_modification_time_of_its_input() {
        let guest = Guest::with("six");
        let time = |file: &str| {
            fs::metadata(guest.folder.path().join(file))
                .unwrap()
                .modified()
                .unwrap()
        };

        guest.lock(false, &Silent).unwrap();

        assert_eq!(time("wadup.lock"), time("pyproject.toml"));
    }

    #[test]
    fn a_guest_without_dependencies_has_no_lock() {
        let mut guest = Guest::with("six");
        guest.plan.dependencies.clear();

        let lock = guest.lock(true, &Silent).unwrap();

        assert!(lock.file.is_none() && lock.packages.is_empty());
        assert_eq!(guest.runs(), 0);
    }

    #[test]
    fn the_second_build_uses_the_lock_until_a_dependency_changes() {
        let mut guest = Guest::with("six");

        let lock = guest.lock(false, &Silent).unwrap();
        guest.lock(true, &Silent).unwrap();

        assert_eq!(lock.file, Some(guest.plan.project.join("wadup.lock")));
        assert_eq!(lock.packages[0].name, "six");
        assert_eq!(guest.runs(), 1);

        guest.plan.dependencies = vec!["six>1".parse().unwrap()];
        guest.lock(false, &Silent).unwrap();
        assert_eq!(guest.runs(), 2);

        guest.settings = "resolution = \"lowest\"\n";
        guest.lock(false, &Silent).unwrap();
        guest.lock(true, &Silent).unwrap();
        assert_eq!(guest.runs(), 3);
    }

    #[test]
    fn settings_that_uv_ignores_are_an_error_and_no_lock_is_written() {
        let mut guest = Guest::with("six");
        guest.says = "warning: Failed to parse `pyproject.toml` during settings discovery:\\n  TOML parse error at line 6\\n  \
                      unknown field `indx`\\nResolved 1 package\\n";

        let error = guest.lock(false, &Silent).unwrap_err().to_string();

        assert!(
            error.contains("line 6\n  unknown field `indx`\nhelp: "),
            "{error}"
        );
        assert!(!guest.plan.project.join("wadup.lock").exists());
    }

    #[test]
    fn with_wadup_locked_a_missing_or_outdated_lock_is_an_error() {
        let mut guest = Guest::with("six");
        let missing = guest.lock(true, &Silent).unwrap_err().to_string();
        guest.lock(false, &Silent).unwrap();
        guest.plan.dependencies = vec!["six>1".parse().unwrap()];
        let outdated = guest.lock(true, &Silent).unwrap_err().to_string();

        assert!(
            missing.contains("wadup.lock: is missing, and WADUP_LOCKED"),
            "{missing}"
        );
        assert!(
            outdated.contains("wadup.lock: is older than the dependencies"),
            "{outdated}"
        );
    }

    #[test]
    fn the_lock_of_a_read_only_folder_is_in_the_builds_own() {
        let guest = Guest::with("six");
        let notes = Notes::default();
        // A dangling link into a missing folder reads as absent and cannot be written, even by root.
        #[cfg(unix)]
        std::os::unix::fs::symlink("/nonexistent/lock", guest.plan.project.join("wadup.lock"))
            .unwrap();

        let first = guest.lock(false, &notes).unwrap();
        let second = guest.lock(false, &notes).unwrap();

        let spare = guest.folder.path().join("out/wadup.lock");
        assert_eq!(
            (first.file.as_ref(), second.file.as_ref()),
            (Some(&spare), Some(&spare))
        );
        assert_eq!(guest.runs(), 1);
        assert!(
            notes.0.borrow()[0].contains("the lock is kept in"),
            "{:?}",
            notes.0
        );
    }

    #[test]
    fn a_requirements_file_is_used_unchanged() {
        let mut guest = Guest::with("six");
        let file = guest.plan.project.join("pins.txt");
        fs::write(&file, "attrs==25.1.0 --hash=sha256:aa\n").unwrap();
        guest.plan.requirements = Some(file.clone());

        let lock = guest.lock(false, &Silent).unwrap();

        assert_eq!(lock.file, Some(file));
        assert_eq!(lock.packages[0].name, "attrs");
        assert_eq!(lock.reason("attrs"), "required by pins.txt");
        assert_eq!(guest.runs(), 0);
    }
}
