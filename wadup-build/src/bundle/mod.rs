//! The bundle: the standard library, packages and the user's Python in one zip, which is mounted in the guest.
//!
//! Trees that rarely change are compiled and compressed once, by a [`CompileRecipe`] in the store. The user's files are
//! compiled one by one, in the build's own folder. [`assemble`] then only copies compressed entries, so that editing
//! one Python file costs a fraction of a second.

mod app;
mod archive;
mod compile;
mod compiled;
mod index;
mod library;
mod licenses;
mod links;
mod record;
mod refused;
mod shadowing;
mod shares;
mod shipped;
mod trace;

pub(crate) use app::{App, Python};
pub(crate) use archive::{ZipSlice, assemble};
pub(crate) use compiled::{CompileRecipe, CompiledTree};
pub(crate) use index::{index, of as index_of};
pub(crate) use library::{FullLibrary, Library, OnDemand};
pub(crate) use licenses::license_slices;
pub(crate) use shadowing::{OtherModules, shadowing_warnings};
pub(crate) use trace::Import;

use crate::cpython::Series;
use crate::plan::{Sources, is_identifier};

/// The folder of packages below the mount.
pub(crate) const SITE: &str = "site";

/// The folder of the standard library, before the version in its name.
const LIBRARY: &str = "lib/python";

/// The form of Python modules in the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// `x.pyc` instead of `x.py`.
    Compiled,
    /// `x.py`, and its bytecode in `__pycache__`, where Python looks first.
    CompiledWithSource,
    /// `x.py` only, compiled in the guest at every start.
    Source,
}

impl Mode {
    /// The form of the user's modules.
    pub(crate) fn of_app(sources: Sources, skip_precompile: bool) -> Self {
        match sources {
            _ if skip_precompile => Self::Source,
            Sources::App | Sources::All => Self::CompiledWithSource,
            Sources::None => Self::Compiled,
        }
    }

    /// The form of modules of the standard library and packages.
    pub(crate) fn of_library(sources: Sources, skip_precompile: bool) -> Self {
        match sources {
            _ if skip_precompile => Self::Source,
            Sources::All => Self::CompiledWithSource,
            Sources::App | Sources::None => Self::Compiled,
        }
    }

    /// Whether tracebacks can show the source lines of these modules.
    pub(crate) fn ships_source(self) -> bool {
        self != Self::Compiled
    }

    /// The names of a module's entries in the zip.
    fn entries(self, source: &str, series: &Series) -> ModuleEntries {
        let stem = source.trim_end_matches(".py");
        let (folder, name) = stem
            .rsplit_once('/')
            .map_or(("", stem), |(folder, name)| (folder, name));
        let slash = if folder.is_empty() { "" } else { "/" };
        let cached = format!(
            "{folder}{slash}__pycache__/{name}.{}.pyc",
            series.cache_tag()
        );
        let (source, bytecode) = match self {
            Self::Compiled => (None, Some(format!("{stem}.pyc"))),
            Self::CompiledWithSource => (Some(source.to_owned()), Some(cached)),
            Self::Source => (Some(source.to_owned()), None),
        };
        ModuleEntries { source, bytecode }
    }
}

/// The names of a module's source and bytecode in the zip, if they are in it.
struct ModuleEntries {
    source: Option<String>,
    bytecode: Option<String>,
}

/// Whether a file can be imported. Templates and scripts with a hyphen are data that ends in `.py`.
fn is_module(file: &str) -> bool {
    file.strip_suffix(".py")
        .is_some_and(|path| path.split('/').all(is_identifier))
}

/// The dotted name of a module, for a file that [`is_module`] accepts.
fn dotted(file: &str) -> String {
    let path = file.trim_end_matches(".py");
    path.strip_suffix("/__init__")
        .unwrap_or(path)
        .replace('/', ".")
}

/// The module of a source or bytecode file, by its path below the folder of modules.
fn module_of(file: &str) -> Option<String> {
    let source = match file.strip_suffix(".pyc") {
        Some(stem) => match stem.rsplit_once("__pycache__/") {
            Some((folder, name)) => format!("{folder}{}.py", name.split('.').next()?),
            None => format!("{stem}.py"),
        },
        None => file.to_owned(),
    };
    is_module(&source).then(|| dotted(&source))
}

/// The path of an entry below the folder of the standard library, if it is there.
pub(crate) fn library_file(entry: &str) -> Option<&str> {
    let below = entry.strip_prefix(LIBRARY)?;
    below.split_once('/').map(|(_version, file)| file)
}

/// Whether a file is bytecode of another Python, which no guest can load.
fn is_bytecode(file: &str) -> bool {
    file.ends_with(".pyc")
        || file.ends_with(".pyo")
        || file.split('/').any(|part| part == "__pycache__")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(mode: Mode, source: &str) -> (Option<String>, Option<String>) {
        let entries = mode.entries(source, Series::default());
        (entries.source, entries.bytecode)
    }

    #[test]
    fn modes_put_source_and_bytecode_where_python_looks() {
        let file = "site/x/__init__.py";

        assert_eq!(
            entries(Mode::Compiled, file),
            (None, Some("site/x/__init__.pyc".into()))
        );
        assert_eq!(
            entries(Mode::CompiledWithSource, file),
            (
                Some(file.into()),
                Some("site/x/__pycache__/__init__.cpython-313.pyc".into())
            )
        );
        assert_eq!(entries(Mode::Source, file), (Some(file.into()), None));
        assert_eq!(
            entries(Mode::CompiledWithSource, "top.py").1.as_deref(),
            Some("__pycache__/top.cpython-313.pyc")
        );
    }

    #[test]
    fn sources_setting_decides_the_modes() {
        use Mode::{Compiled, CompiledWithSource, Source};
        let modes = |sources| {
            (
                Mode::of_app(sources, false),
                Mode::of_library(sources, false),
            )
        };

        assert_eq!(modes(Sources::App), (CompiledWithSource, Compiled));
        assert_eq!(
            modes(Sources::All),
            (CompiledWithSource, CompiledWithSource)
        );
        assert_eq!(modes(Sources::None), (Compiled, Compiled));
        assert_eq!(
            (
                Mode::of_app(Sources::None, true),
                Mode::of_library(Sources::None, true)
            ),
            (Source, Source)
        );
    }

    #[test]
    fn only_importable_files_are_modules() {
        for module in ["os.py", "xml/etree/ElementTree.py", "café.py"] {
            assert!(is_module(module), "{module}");
        }
        for other in [
            "my-script.py",
            "x-1.0.dist-info/license.py",
            "data.txt",
            "2to3.py",
            "a/.hidden.py",
        ] {
            assert!(!is_module(other), "{other}");
        }
    }
}
