//! The plan of a guest: pure data, read from pyproject.toml, changed by the builder, and printable.

mod document;
mod entry;
mod excluded;
mod groups;
mod keys;
mod layout;
pub(crate) mod markers;
mod native;
mod profile;
mod pyproject;
mod requirement;
mod settings;
mod size;
mod table;
mod uv;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use pep508_rs::Requirement;
use pep508_rs::pep440_rs::VersionSpecifiers;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub(crate) use entry::{EntryPoint, Function, is_identifier};
pub(crate) use excluded::Excluded;
pub(crate) use native::OwnOverlay;
pub use profile::Profile;
pub(crate) use requirement::parse_requirement;
pub use size::Size;
#[cfg(test)]
pub(crate) use table::{Method, OVERLAY, SETTINGS};
pub(crate) use uv::{LocalPackage, UvTables};

use crate::cpython::Wanted;
use crate::error::{Error, FileContext, Result};
use crate::tree;

/// The unit in which WebAssembly memories grow.
const PAGE: u64 = 64 << 10;

/// The file with the plan, in the folder `wadup` of the build script's OUT_DIR.
const FILE: &str = "plan.json";

/// The most that a 32-bit memory can hold.
const LARGEST_MEMORY: u64 = 4 << 30;

/// What a guest is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be called by hosts.
    Hosts,
    /// To run its own tests as well.
    Tests,
}

/// Everything that decides what goes into a guest.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Plan {
    /// The guest's folder, which contains pyproject.toml and wadup.lock.
    pub(crate) project: PathBuf,
    /// `[project] name`.
    pub(crate) name: Option<String>,
    /// `[project] dependencies`, each by name and without a URL.
    pub(crate) dependencies: Vec<Requirement>,
    /// The Python that the guest runs.
    pub(crate) python: Wanted,
    /// `[project] requires-python`, which the newest release of `python` fulfils.
    pub(crate) requires_python: Option<VersionSpecifiers>,
    /// A file of pinned requirements with hashes, used instead of resolving the dependencies.
    pub(crate) requirements: Option<PathBuf>,
    /// Packages whose native code is wanted though they have a pure-Python wheel, by their normalized names.
    pub(crate) native: Vec<String>,
    /// The user's additions to the builds of such packages.
    pub(crate) overlays: BTreeMap<String, OwnOverlay>,
    /// What runs for each input.
    pub(crate) entry_point: Option<EntryPoint>,
    /// The folder of the user's modules and packages. It may not exist.
    pub(crate) python_source: PathBuf,
    /// Warnings about pyproject.toml, each with its line.
    pub(crate) notes: Vec<String>,
    /// Which `.py` files go into the guest beside their `.pyc`.
    pub(crate) sources: Sources,
    /// What the compiled code of its packages asks of hosts.
    pub(crate) profile: Profile,
    /// How much of the standard library goes into the guest.
    pub(crate) stdlib: Stdlib,
    /// Modules and packages to add to a traced standard library.
    pub(crate) stdlib_modules: Vec<String>,
    /// Whether to take a snapshot, and how.
    pub(crate) snapshot: Snapshot,
    /// Whether the finished guest is optimized where wasm-opt is installed.
    pub(crate) wasm_opt: bool,
    /// The modules of packages to leave out.
    pub(crate) exclude: Excluded,
    /// Whether to link the native modules that packages have only for their own tests.
    pub(crate) test_modules: bool,
    /// Whether the guest is built to run its own tests.
    pub(crate) is_for_tests: bool,
    /// Where to ask for artifacts before building them.
    #[serde(flatten)]
    pub(crate) mirrors: Mirrors,
    #[serde(flatten)]
    pub(crate) memory: Memory,
}

/// The mirrors of the store that the project names, and the public key of those who fill them.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Mirrors {
    pub(crate) store_mirror: Vec<String>,
    pub(crate) store_mirror_key: Option<String>,
}

/// The modules that a guest with the whole standard library has only if it imports them, and those that need them.
pub(crate) const ON_DEMAND: [&str; 5] = ["_ctypes", "_hashlib", "_ssl", "ctypes", "ssl"];

impl Plan {
    /// The plan of the guest in a folder, from its pyproject.toml, or the defaults if it has none.
    ///
    /// # Errors
    /// If pyproject.toml cannot be read or is invalid.
    pub(crate) fn read(project: &Path) -> Result<Self> {
        pyproject::read(project, Purpose::Hosts)
    }

    /// The plan of a guest that runs its own tests, with the requirements of these.
    ///
    /// # Errors
    /// Those of [`Plan::read`], and an invalid dependency group.
    pub(crate) fn read_for_tests(project: &Path) -> Result<Self> {
        pyproject::read(project, Purpose::Tests)
    }

    /// The plan that the text of a pyproject.toml describes.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn parse(project: &Path, text: &str) -> Result<Self> {
        pyproject::parse(project, Path::new(pyproject::FILE), text, Purpose::Hosts)
    }

    pub(crate) fn new(project: &Path) -> Self {
        Self {
            project: project.to_owned(),
            name: None,
            dependencies: Vec::new(),
            python: Wanted::default(),
            requires_python: None,
            requirements: None,
            native: Vec::new(),
            overlays: BTreeMap::new(),
            entry_point: None,
            python_source: layout::python_source(project),
            notes: Vec::new(),
            sources: Sources::default(),
            profile: Profile::default(),
            stdlib: Stdlib::default(),
            stdlib_modules: Vec::new(),
            snapshot: Snapshot::default(),
            wasm_opt: true,
            exclude: Excluded::default(),
            test_modules: false,
            is_for_tests: false,
            mirrors: Mirrors::default(),
            memory: Memory::default(),
        }
    }

    /// Whether the user's Python is in the same folder as Rust code.
    pub(crate) fn is_beside_rust(&self) -> bool {
        self.python_source == self.project.join(layout::RUST)
    }

    /// Writes the plan to the build script's folder, for the commands that run after linking.
    pub(crate) fn leave_in(&self, folder: &Path) -> Result<()> {
        tree::write_if_changed(&folder.join(FILE), self.to_string())
    }

    /// The path of pyproject.toml.
    pub(crate) fn pyproject(&self) -> PathBuf {
        self.project.join(pyproject::FILE)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string_pretty(self).map_err(|_| fmt::Error)?;
        formatter.write_str(&text)
    }
}

/// Which `.py` files go into the guest beside their `.pyc`, so that tracebacks can show source lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sources {
    /// Those of the user.
    #[default]
    App,
    /// Those of the user, the packages and the standard library.
    All,
    /// None.
    None,
}

/// Whether to take a snapshot of the finished guest, and what to run before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Snapshot {
    /// Whether `cargo wadup build --release` takes one.
    pub(crate) wanted: bool,
    /// Modules to import beside those of the entry point, the exports and the functions.
    pub(crate) preload: Vec<String>,
    /// A function to call after the imports.
    pub(crate) init: Option<Function>,
}

impl Default for Snapshot {
    fn default() -> Self {
        Self {
            wanted: true,
            preload: Vec::new(),
            init: None,
        }
    }
}

/// How much of the standard library goes into the guest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stdlib {
    /// All of it.
    #[default]
    Whole,
    /// What the imports in the source of the guest and its packages can reach.
    Traced,
}

/// The folder of the user's modules and packages, in the plan that a build script saved in the folder `wadup` of its
/// OUT_DIR.
pub(crate) fn python_source_left_in(folder: &Path) -> Result<PathBuf> {
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Saved {
        python_source: PathBuf,
    }
    read_saved::<Saved>(folder).map(|saved| saved.python_source)
}

fn read_saved<T: DeserializeOwned>(folder: &Path) -> Result<T> {
    let file = folder.join(FILE);
    let text = fs::read(&file).on("read", &file)?;
    serde_json::from_slice(&text).map_err(|error| Error::malformed(&file, error))
}

/// How large the guest's memory and stack are, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Memory {
    /// The size of the stack in linear memory.
    pub stack_size: Size,
    /// The size that the memory begins with.
    ///
    /// `None` is as little as stack and data need. Anything beyond would be a hole in a snapshot, which hosts copy at
    /// every start instead of mapping it.
    pub initial_memory: Option<Size>,
    /// The size that the memory cannot grow beyond.
    pub maximum_memory: Size,
}

impl Memory {
    /// The sizes in the plan that a build script saved in the folder `wadup` of its OUT_DIR.
    ///
    /// # Errors
    /// If the folder has no plan, or the plan cannot be read.
    pub fn left_in(folder: &Path) -> Result<Self> {
        read_saved(folder)
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            stack_size: Size::mebibytes(8),
            initial_memory: None,
            maximum_memory: Size::mebibytes(256),
        }
    }
}

impl Memory {
    /// The first invalid value: its key, and what is wrong with it.
    pub(crate) fn problem(&self) -> Option<(&'static str, String)> {
        let (stack, initial, maximum) = ("stack-size", "initial-memory", "maximum-memory");
        let stack_size = self.stack_size;
        let maximum_memory = self.maximum_memory;
        // A size chosen by the linker is between the two.
        let initial_memory = self.initial_memory.unwrap_or(maximum_memory);
        for (key, size) in [
            (stack, stack_size),
            (initial, initial_memory),
            (maximum, maximum_memory),
        ] {
            if size.bytes() == 0 || !size.bytes().is_multiple_of(PAGE) {
                return Some((
                    key,
                    format!("{size} is not a multiple of 64 KiB, the size of a wasm page"),
                ));
            }
        }
        if stack_size >= initial_memory {
            let holds = self.initial_memory.map_or(maximum, |_| initial);
            return Some((
                stack,
                format!(
                    "a stack of {stack_size} does not fit into `{holds}`, which is {initial_memory}"
                ),
            ));
        }
        if initial_memory > maximum_memory {
            return Some((
                initial,
                format!("{initial_memory} is more than `{maximum}`, which is {maximum_memory}"),
            ));
        }
        (maximum_memory.bytes() > LARGEST_MEMORY).then(|| {
            (
                maximum,
                format!("{maximum_memory} is more than 4 GiB, the address space of wasm32"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_memory_sizes_are_reported_with_their_key() {
        let valid = Memory::default();
        let odd = Memory {
            stack_size: Size::of(1000),
            ..valid
        };
        let deep = Memory {
            stack_size: Size::mebibytes(256),
            ..valid
        };
        let crossed = Memory {
            initial_memory: Some(Size::mebibytes(512)),
            ..valid
        };
        let huge = Memory {
            maximum_memory: Size::mebibytes(8 << 10),
            ..valid
        };

        assert_eq!(valid.problem(), None);
        for (memory, key) in [
            (odd, "stack-size"),
            (deep, "stack-size"),
            (crossed, "initial-memory"),
            (huge, "maximum-memory"),
        ] {
            assert_eq!(memory.problem().map(|(key, _)| key), Some(key));
        }
    }

    #[test]
    fn a_saved_plan_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        let mut plan = Plan::new(Path::new("guest"));
        plan.memory.stack_size = Size::mebibytes(4);

        plan.leave_in(folder.path()).unwrap();

        assert_eq!(Memory::left_in(folder.path()).unwrap(), plan.memory);
        let source = python_source_left_in(folder.path()).unwrap();
        assert_eq!(source, plan.python_source);
    }

    #[test]
    fn plan_prints_the_keys_of_pyproject_toml() {
        let mut plan = Plan::new(Path::new("guest"));
        plan.entry_point = "users:main".parse().ok();
        plan.dependencies.push("pydantic==2.12.5".parse().unwrap());

        let printed: serde_json::Value = serde_json::from_str(&plan.to_string()).unwrap();

        assert_eq!(printed["entry-point"], "users:main");
        assert_eq!(printed["dependencies"][0], "pydantic==2.12.5");
        assert_eq!(printed["stack-size"], 8 << 20);
        assert_eq!(printed["sources"], "app");
    }
}
