//! What is wanted of a guest: pure data, read from pyproject.toml, changed by the builder, and printable.

mod document;
mod entry;
mod excluded;
mod keys;
mod layout;
pub(crate) mod markers;
mod pyproject;
mod requirement;
mod settings;
mod size;
mod uv;

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use pep508_rs::Requirement;
use serde::{Deserialize, Serialize};

pub(crate) use entry::{EntryPoint, Function, is_identifier};
pub(crate) use excluded::Excluded;
pub(crate) use requirement::parse_requirement;
pub use size::Size;
pub(crate) use uv::{LocalPackage, UvTables};

use crate::error::{Error, FileContext, Result};
use crate::tree;

/// The unit in which WebAssembly memories grow.
const PAGE: u64 = 64 << 10;

/// The plan as the build script followed it, in the folder `wadup` of its OUT_DIR.
const LEFT: &str = "plan.json";

/// More than this a 32-bit memory cannot hold.
const LARGEST_MEMORY: u64 = 4 << 30;

/// Everything that decides what goes into a guest.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Plan {
    /// The guest's folder, where pyproject.toml and wadup.lock lie.
    pub(crate) project: PathBuf,
    /// `[project] name`.
    pub(crate) name: Option<String>,
    /// `[project] dependencies`, each by name and without an address.
    pub(crate) dependencies: Vec<Requirement>,
    /// A file of pinned requirements with hashes, taken instead of resolving the dependencies.
    pub(crate) requirements: Option<PathBuf>,
    /// What is run for an input.
    pub(crate) entry_point: Option<EntryPoint>,
    /// The folder of the user's own modules and packages; it need not exist.
    pub(crate) python_source: PathBuf,
    /// What the user is told of the file, each with its line; nothing of it stops the build.
    pub(crate) notes: Vec<String>,
    /// Which `.py` files go into the guest beside their `.pyc`.
    pub(crate) sources: Sources,
    /// How much of the standard library goes into the guest.
    pub(crate) stdlib: Stdlib,
    /// Modules and packages that a traced standard library has although no import tells of them.
    pub(crate) stdlib_modules: Vec<String>,
    /// What a snapshot of the guest begins with.
    pub(crate) snapshot: Snapshot,
    /// The modules of packages that stay out.
    pub(crate) exclude: Excluded,
    /// Whether the native modules come along that packages have for their own tests alone.
    pub(crate) test_modules: bool,
    #[serde(flatten)]
    pub(crate) memory: Memory,
}

impl Plan {
    /// The plan of the guest in a folder: from its pyproject.toml, or the defaults if it has none.
    ///
    /// # Errors
    /// When pyproject.toml cannot be read or says something that cannot be followed.
    pub(crate) fn read(project: &Path) -> Result<Self> {
        pyproject::read(project)
    }

    /// The plan that the text of a pyproject.toml describes.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn parse(project: &Path, text: &str) -> Result<Self> {
        pyproject::parse(project, Path::new(pyproject::FILE), text)
    }

    pub(crate) fn new(project: &Path) -> Self {
        Self {
            project: project.to_owned(),
            name: None,
            dependencies: Vec::new(),
            requirements: None,
            entry_point: None,
            python_source: layout::python_source(project),
            notes: Vec::new(),
            sources: Sources::default(),
            stdlib: Stdlib::default(),
            stdlib_modules: Vec::new(),
            snapshot: Snapshot::default(),
            exclude: Excluded::default(),
            test_modules: false,
            memory: Memory::default(),
        }
    }

    /// Whether Rust code lies in the same folder as the user's Python.
    pub(crate) fn is_beside_rust(&self) -> bool {
        self.python_source == self.project.join(layout::RUST)
    }

    /// Leaves the plan in the build script's folder, for those who come after the linker.
    pub(crate) fn leave_in(&self, folder: &Path) -> Result<()> {
        tree::write_if_changed(&folder.join(LEFT), self.to_string())
    }

    /// The file that the user writes.
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

/// Which `.py` files go into the guest beside their `.pyc`, so that tracebacks can show their lines.
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

/// Whether the finished guest is to be written out as it is after its imports, and what it does before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Snapshot {
    /// Whether `cargo wadup build --release` takes one.
    pub(crate) wanted: bool,
    /// Modules to import beside those of the entry point and the exports.
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

/// How large the guest's memory and stack are, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Memory {
    pub(crate) stack_size: Size,
    /// None is as little as the stack and the data need: whatever lies beyond would be a hole in a snapshot, which hosts
    /// then copy at every start instead of mapping it.
    pub(crate) initial_memory: Option<Size>,
    pub(crate) maximum_memory: Size,
}

impl Memory {
    /// The sizes in the plan that a build script left in its folder.
    pub(crate) fn left_in(folder: &Path) -> Result<Self> {
        let file = folder.join(LEFT);
        let text = fs::read(&file).on("read", &file)?;
        serde_json::from_slice(&text).map_err(|error| Error::malformed(&file, error))
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
    /// The first value that no linker or host would accept: its key, and what is wrong with it.
    pub(crate) fn problem(&self) -> Option<(&'static str, String)> {
        let (stack, initial, maximum) = ("stack-size", "initial-memory", "maximum-memory");
        let stack_size = self.stack_size;
        let maximum_memory = self.maximum_memory;
        // What the linker chooses lies between the two.
        let initial_memory = self.initial_memory.unwrap_or(maximum_memory);
        for (key, size) in [
            (stack, stack_size),
            (initial, initial_memory),
            (maximum, maximum_memory),
        ] {
            if size.bytes() == 0 || !size.bytes().is_multiple_of(PAGE) {
                return Some((
                    key,
                    format!("{size} is no multiple of 64 KiB, the size of a wasm page"),
                ));
            }
        }
        if stack_size >= initial_memory {
            let holds = self.initial_memory.map_or(maximum, |_| initial);
            return Some((
                stack,
                format!("{stack_size} of stack do not fit into {initial_memory} of `{holds}`"),
            ));
        }
        if initial_memory > maximum_memory {
            return Some((
                initial,
                format!("{initial_memory} are more than {maximum_memory} of `{maximum}`"),
            ));
        }
        (maximum_memory.bytes() > LARGEST_MEMORY).then(|| {
            (
                maximum,
                format!("{maximum_memory} are more than 4 GiB, all that wasm32 can address"),
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_memory_is_accepted_and_nonsense_is_not() {
        let fine = Memory::default();
        let odd = Memory {
            stack_size: Size::of(1000),
            ..fine
        };
        let deep = Memory {
            stack_size: Size::mebibytes(256),
            ..fine
        };
        let crossed = Memory {
            initial_memory: Some(Size::mebibytes(512)),
            ..fine
        };
        let huge = Memory {
            maximum_memory: Size::mebibytes(8 << 10),
            ..fine
        };

        assert_eq!(fine.problem(), None);
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
    fn a_plan_is_left_for_those_who_come_after_the_linker() {
        let folder = tempfile::tempdir().unwrap();
        let mut plan = Plan::new(Path::new("guest"));
        plan.memory.stack_size = Size::mebibytes(4);

        plan.leave_in(folder.path()).unwrap();

        assert_eq!(Memory::left_in(folder.path()).unwrap(), plan.memory);
    }

    #[test]
    fn a_plan_prints_under_the_names_that_the_user_writes() {
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
