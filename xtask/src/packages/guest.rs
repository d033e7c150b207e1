//! One project, as `cargo wadup new` makes it, whose packages change: so that nothing else is compiled again.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use xshell::{Cmd, Shell, cmd};

use super::list::Package;
use super::repository;
use crate::cargo::{GUEST_TARGET, Outcome, workspace};

const NAME: &str = "packages-guest";

/// The Python of every guest.
const MAIN: &str = include_str!("../../packages/guest.py");

/// How many of the last lines of a failed build are the error.
const LINES: usize = 40;

/// A quick link: the template's profile optimizes the whole program again for each set of packages.
const PROFILE: [(&str, &str); 2] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
];

/// Nothing, or what went wrong.
pub(super) type Tried = Result<(), String>;

/// The project.
pub(super) struct Guest {
    shell: Shell,
    program: PathBuf,
    pub(super) folder: PathBuf,
}

/// A row that the guest emits.
#[derive(Deserialize)]
struct Line {
    row: Row,
}

#[derive(Deserialize)]
struct Row {
    package: String,
    error: String,
}

impl Guest {
    /// Creates the project if it does not exist.
    pub(super) fn prepare(shell: &Shell) -> Outcome<Self> {
        // Selected by binary: another selection of packages could compile wasmtime with other features.
        cmd!(shell, "cargo build --quiet --bin cargo-wadup").run()?;
        let program = workspace().join("target/debug/cargo-wadup");
        let root = workspace().join("target/packages");
        fs::create_dir_all(&root)?;
        let folder = root.join(NAME);
        if !folder.is_dir() {
            cmd!(shell, "{program} wadup new {folder}").run()?;
        }
        let shell = Shell::new()?;
        shell.change_dir(&folder);
        Ok(Self {
            shell,
            program,
            folder,
        })
    }

    fn wadup(&self) -> Cmd<'_> {
        let program = &self.program;
        cmd!(self.shell, "{program} wadup").envs(PROFILE)
    }

    /// The folder of what Cargo builds for guests.
    pub(super) fn built(&self) -> PathBuf {
        self.folder.join(format!("target/{GUEST_TARGET}/release"))
    }

    fn module(&self) -> PathBuf {
        self.built().join(NAME.replace('-', "_") + ".wasm")
    }

    /// Builds the guest with these packages, and its snapshot. The lock of the last build under this title pins versions.
    ///
    /// # Errors
    /// Inside: why it was not built.
    pub(super) fn build(&self, packages: &[&Package], title: &str) -> Outcome<Tried> {
        self.write(packages)?;
        let lock = self.folder.join("wadup.lock");
        let kept = self.kept_lock(title);
        match kept.is_file() {
            true => fs::copy(&kept, &lock).map(drop)?,
            false => self.shell.remove_path(&lock)?,
        }
        let output = self
            .wadup()
            .args(["build", "--release", "--quiet", "--baseline"])
            .quiet()
            .ignore_status()
            .output()?;
        if lock.is_file() {
            fs::create_dir_all(kept.parent().unwrap_or(&self.folder))?;
            fs::copy(&lock, &kept)?;
        }
        let printed = String::from_utf8_lossy(&output.stderr);
        Ok(match output.status.success() {
            true => Ok(()),
            false => Err(error(&printed)),
        })
    }

    /// The pins of the last build under a title.
    pub(super) fn kept_lock(&self, title: &str) -> PathBuf {
        self.folder.join(format!("locks/{title}.lock"))
    }

    /// Runs the smoke operation of each package, all in one guest.
    pub(super) fn try_all(&self, packages: &[&Package], is_snapshot: bool) -> Outcome<Vec<Tried>> {
        let module = self.module();
        let inputs: Vec<PathBuf> = packages
            .iter()
            .map(|package| self.folder.join("inputs").join(&package.name))
            .collect();
        let variant = match is_snapshot {
            true => "--snapshot",
            false => "--no-snapshot",
        };
        // The baseline compiler's frames are four times as large.
        let options = ["--baseline", "--max-stack", "2 MiB", "--format", "json"];
        let output = self
            .wadup()
            .args(["run", variant])
            .args(options)
            .arg(module)
            .args(&inputs)
            .quiet()
            .ignore_status()
            .output()?;
        let printed = String::from_utf8_lossy(&output.stderr);
        let rows: Vec<Row> = String::from_utf8_lossy(&output.stdout)
            .lines()
            .map(|line| serde_json::from_str(line).map(|line: Line| line.row))
            .collect::<Result<_, _>>()?;
        let tried = |(package, input): (&&Package, &PathBuf)| {
            let row = rows.iter().find(|row| row.package == package.name);
            match row {
                Some(row) if row.error.is_empty() => Ok(()),
                Some(row) => Err(row.error.clone()),
                None => Err(failure(&printed, input)),
            }
        };
        Ok(packages.iter().zip(&inputs).map(tried).collect())
    }

    /// Writes pyproject.toml, the Python and the inputs.
    fn write(&self, packages: &[&Package]) -> Outcome {
        let listed = |names: &mut dyn Iterator<Item = &String>| {
            let mut names: Vec<String> = names.map(|name| format!("{name:?}")).collect();
            names.sort();
            names.dedup();
            names.join(", ")
        };
        let required = packages
            .iter()
            .flat_map(|package| [&package.name].into_iter().chain(&package.with));
        let native = packages.iter().filter(|package| package.native);
        let module = NAME.replace('-', "_");
        let pyproject = format!(
            "[project]\nname = \"{NAME}\"\nversion = \"0.1.0\"\nrequires-python = \"==3.13.*\"\ndependencies = [{}]\n\n\
             [tool.wadup]\nentry-point = \"{module}:main\"\nnative = [{}]\nmaximum-memory = \"1 GiB\"\n",
            listed(&mut required.into_iter()),
            listed(&mut native.map(|package| &package.name)),
        );
        fs::write(self.folder.join("pyproject.toml"), pyproject)?;
        let python = self.folder.join("python");
        fs::write(python.join(module).join("__init__.py"), MAIN)?;
        let smoke = python.join("smoke");
        self.shell.remove_path(&smoke)?;
        fs::create_dir_all(&smoke)?;
        let names = listed(&mut packages.iter().map(|package| &package.name));
        fs::write(
            smoke.join("__init__.py"),
            format!("\"\"\"Smoke operations.\"\"\"\n\nNAMES = [{names}]\n"),
        )?;
        let inputs = self.folder.join("inputs");
        self.shell.remove_path(&inputs)?;
        fs::create_dir_all(&inputs)?;
        for package in packages {
            let file = package.name.replace('-', "_") + ".py";
            fs::write(smoke.join(file), package.smoke()?)?;
            fs::write(inputs.join(&package.name), &package.name)?;
        }
        Ok(())
    }
}

/// The error of a failed build, without what Cargo says around it.
fn error(printed: &str) -> String {
    // What the build script reports; if the linker or Cargo failed, nothing.
    let own = format!("error: {NAME}@0.1.0: ");
    let reported: Vec<&str> = printed
        .lines()
        .filter_map(|line| line.strip_prefix(&own))
        .collect();
    let lines: Vec<&str> = match reported.is_empty() {
        true => printed.lines().collect(),
        false => reported,
    };
    let lines = lines.into_iter().filter(|line| !line.trim().is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// What `cargo wadup run` says of a failed input.
fn failure(printed: &str, input: &Path) -> String {
    let start = format!("{}: ", input.display());
    let from = printed.find(&start).map_or(0, |at| at + start.len());
    let lines: Vec<&str> = printed[from..].lines().take(LINES).collect();
    match lines.is_empty() {
        true => "the guest emitted no row".to_owned(),
        false => lines.join("\n"),
    }
}

/// The first line of what an error says of a package that could not be built, or of one that it requires.
fn position(error: &str, package: &str) -> Option<usize> {
    let beginning = format!("{package} ");
    let requires = format!("required by {package},");
    error.lines().position(|line| {
        let is_about = line.starts_with(&beginning) || line.contains(&requires);
        is_about && line.contains(") could not be built: ")
    })
}

/// Whether an error says that a package could not be built.
pub(super) fn names(error: &str, package: &str) -> bool {
    position(error, package).is_some()
}

/// What an error about several packages says of one.
pub(super) fn part(error: &str, package: &str) -> String {
    let from = position(error, package).unwrap_or_default();
    let mut lines: Vec<&str> = Vec::new();
    for line in error.lines().skip(from) {
        lines.push(line);
        if line.starts_with("help: ") {
            break;
        }
    }
    lines.truncate(LINES);
    lines.join("\n")
}

/// The overlay of a package in the repository, if it has one.
pub(super) fn overlay(name: &str) -> Option<PathBuf> {
    let file = repository(&format!("wadup-build/src/extension/overlays/{name}.toml"));
    file.is_file().then_some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_error_of_a_build_script_is_taken_from_what_cargo_prints() {
        let printed = "error: packages-guest@0.1.0: x could not be built\nerror: packages-guest@0.1.0: help: a\nerror: build script failed\n";

        assert_eq!(error(printed), "x could not be built\nhelp: a");
        assert_eq!(error("error: b\n"), "error: b");
    }

    #[test]
    fn an_error_about_several_packages_is_split() {
        let error = "x 1 (required by a) could not be built: i\nhelp: j\nx-y 2 (required by b) could not be built: k\nhelp: l";

        assert!(names(error, "x") && names(error, "x-y") && !names(error, "y"));
        assert_eq!(
            part(error, "x-y"),
            "x-y 2 (required by b) could not be built: k\nhelp: l"
        );
    }

    #[test]
    fn the_failure_of_an_input_begins_after_its_name() {
        let printed = "noise\n/in/b: trap\n  at f\n";

        assert_eq!(failure(printed, Path::new("/in/b")), "trap\n  at f");
    }
}
