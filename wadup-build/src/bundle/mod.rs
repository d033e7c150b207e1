//! The bundle: standard library, packages and the user's Python in one zip, which becomes the guest's mount.
//!
//! What seldom changes is compiled and compressed once, as a [`CompileRecipe`] in the store; the user's files one by
//! one, in the build's own folder; [`assemble`] then copies compressed entries and does nothing else, so
//! that editing one Python file costs a fraction of a second.

mod app;
mod archive;
mod compile;
mod compiled;
mod homonyms;
mod index;
mod library;
mod links;
mod refused;
mod shares;
mod shipped;
mod trace;

pub(crate) use app::App;
pub(crate) use archive::{ZipSlice, assemble};
pub(crate) use compiled::{CompileRecipe, CompiledTree};
pub(crate) use homonyms::{Others, homonyms};
pub(crate) use index::index;
pub(crate) use library::{FullLibrary, Library};
pub(crate) use trace::Import;

use crate::cpython::{SERIES, stdlib_prefix};
use crate::plan::{Sources, is_identifier};

/// The folder of the packages below the mount.
pub(crate) const SITE: &str = "site";

/// In which form Python modules go into the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// `x.pyc` in place of `x.py`.
    Compiled,
    /// `x.py`, and its bytecode in `__pycache__`, where Python looks for it first.
    CompiledWithSource,
    /// `x.py` alone, compiled in the guest at every start.
    Source,
}

impl Mode {
    /// The form of the user's own modules.
    pub(crate) fn of_app(sources: Sources, skip_precompile: bool) -> Self {
        match sources {
            _ if skip_precompile => Self::Source,
            Sources::App | Sources::All => Self::CompiledWithSource,
            Sources::None => Self::Compiled,
        }
    }

    /// The form of the standard library's and the packages' modules.
    pub(crate) fn of_library(sources: Sources, skip_precompile: bool) -> Self {
        match sources {
            _ if skip_precompile => Self::Source,
            Sources::All => Self::CompiledWithSource,
            Sources::App | Sources::None => Self::Compiled,
        }
    }

    /// Whether tracebacks can show the lines of these modules.
    pub(crate) fn ships_source(self) -> bool {
        self != Self::Compiled
    }

    /// The names of the entries that a module becomes.
    fn entries(self, source: &str) -> ModuleEntries {
        let stem = source.trim_end_matches(".py");
        let (folder, name) = stem
            .rsplit_once('/')
            .map_or(("", stem), |(folder, name)| (folder, name));
        let slash = if folder.is_empty() { "" } else { "/" };
        let cached = format!(
            "{folder}{slash}__pycache__/{name}.cpython-{}.pyc",
            SERIES.replace('.', "")
        );
        let (source, bytecode) = match self {
            Self::Compiled => (None, Some(format!("{stem}.pyc"))),
            Self::CompiledWithSource => (Some(source.to_owned()), Some(cached)),
            Self::Source => (Some(source.to_owned()), None),
        };
        ModuleEntries { source, bytecode }
    }
}

/// What a module's source and its bytecode are called in the zip, where they are in it.
struct ModuleEntries {
    source: Option<String>,
    bytecode: Option<String>,
}

/// Whether a file can be imported: a template or a script with a hyphen is data that ends in `.py`.
fn is_module(file: &str) -> bool {
    file.strip_suffix(".py")
        .is_some_and(|path| path.split('/').all(is_identifier))
}

/// The name by which a module is imported, of a file for which [`is_module`] holds.
fn dotted(file: &str) -> String {
    let path = file.trim_end_matches(".py");
    path.strip_suffix("/__init__")
        .unwrap_or(path)
        .replace('/', ".")
}

/// The module that an entry below the folder of modules is the source or the bytecode of.
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

/// The path of an entry below the folder of the standard library, if it is in there.
fn library_file(entry: &str) -> Option<&str> {
    entry.strip_prefix(&stdlib_prefix())?.strip_prefix('/')
}

/// Whether a file is another Python's bytecode, which no guest could load.
fn is_bytecode(file: &str) -> bool {
    file.ends_with(".pyc")
        || file.ends_with(".pyo")
        || file.split('/').any(|part| part == "__pycache__")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(mode: Mode, source: &str) -> (Option<String>, Option<String>) {
        let entries = mode.entries(source);
        (entries.source, entries.bytecode)
    }

    #[test]
    fn each_mode_puts_source_and_bytecode_where_python_looks() {
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
    fn the_plan_decides_which_sources_are_there() {
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
    fn only_what_can_be_imported_is_a_module() {
        for module in ["os.py", "xml/etree/ElementTree.py", "café.py"] {
            assert!(is_module(module), "{module}");
        }
        for other in [
            "my-script.py",
            "x-1.0.dist-info/licence.py",
            "data.txt",
            "2to3.py",
            "a/.hidden.py",
        ] {
            assert!(!is_module(other), "{other}");
        }
    }
}
