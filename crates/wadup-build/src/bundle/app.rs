//! The user's own Python: each file compiled and compressed when it changes, and only then.
//!
//! The cache is a folder of the build's own. For each file it holds, under a name made from the file's path
//! and bytes, a zip of its entries and, for a module, the names that it defines.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::archive::{self, Entry, Piece};
use super::compile::{Compiled, Compiler, Job, Outcome, Owner, SCRIPTS};
use super::trace::Import;
use super::{Mode, dotted, is_bytecode, is_module};
use crate::MOUNT;
use crate::cpython::VERSION;
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::tree;

/// The folder below the mount.
const PREFIX: &str = "app";

/// The user's Python, ready to be assembled.
#[derive(Debug)]
pub(crate) struct App {
    /// One zip for each file.
    pub(crate) pieces: Vec<Piece>,
    /// Every file that went in, for the build to be repeated when one changes.
    pub(crate) files: Vec<PathBuf>,
    /// What each module says of itself, by its dotted name.
    pub(super) modules: BTreeMap<String, Compiled>,
}

impl App {
    /// Takes in all files below a folder; a folder that is not there is empty.
    ///
    /// Left out are hidden files, bytecode, editors' backups, what packaging tools write, and extension
    /// modules built for another machine. `cache` is a folder that keeps what has been compiled.
    ///
    /// # Errors
    /// When Python refuses a module: the error names the file and the line.
    pub(crate) fn collect(folder: &Path, mode: Mode, python: &Path, cache: &Path) -> Result<Self> {
        fs::create_dir_all(cache).on("create", cache)?;
        let files = if folder.is_dir() {
            tree::files(folder)?
        } else {
            Vec::new()
        };
        let files = files
            .into_iter()
            .filter(|file| is_shipped(file))
            .map(|file| SourceFile::new(file, folder, mode, cache))
            .collect::<Result<Vec<_>>>()?;
        let changed: Vec<&SourceFile> = files
            .iter()
            .filter(|file| !file.archive.is_file())
            .collect();
        build(&changed, mode, python, cache)?;
        prune(cache, &files)?;
        let modules = files
            .iter()
            .filter(|file| is_module(&file.relative))
            .map(|file| Ok((dotted(&file.relative), file.read_compiled()?)))
            .collect::<Result<_>>()?;
        Ok(Self {
            pieces: files.iter().map(SourceFile::piece).collect(),
            files: files.into_iter().map(|file| file.path).collect(),
            modules,
        })
    }
}

impl App {
    /// What the modules import.
    pub(crate) fn imports(&self) -> impl Iterator<Item = &Import> {
        self.modules.values().flat_map(|compiled| &compiled.imports)
    }
}

fn is_shipped(file: &str) -> bool {
    let hidden_or_metadata = file
        .split('/')
        .any(|part| part.starts_with('.') || part.ends_with(".egg-info"));
    let native = [".so", ".pyd", ".dylib"]
        .iter()
        .any(|suffix| file.ends_with(suffix));
    !hidden_or_metadata && !native && !is_bytecode(file) && !file.ends_with('~')
}

/// A file of the user, and the places in the cache for what it becomes.
struct SourceFile {
    relative: String,
    path: PathBuf,
    archive: PathBuf,
    compiled: PathBuf,
    bytecode: PathBuf,
}

impl SourceFile {
    fn new(relative: String, folder: &Path, mode: Mode, cache: &Path) -> Result<Self> {
        let path = folder.join(&relative);
        let content = hash::of_file(&path)?;
        let key = hash::of_bytes(format!(
            "{VERSION}\n{mode:?}\n{relative}\n{content}\n{SCRIPTS:?}"
        ));
        Ok(Self {
            relative,
            path,
            archive: cache.join(format!("{key}.zip")),
            compiled: cache.join(format!("{key}.json")),
            bytecode: cache.join(format!("{key}.pyc")),
        })
    }

    fn piece(&self) -> Piece {
        Piece::new(self.path.display().to_string(), self.archive.clone())
    }

    fn read_compiled(&self) -> Result<Compiled> {
        let bytes = fs::read(&self.compiled).on("read", &self.compiled)?;
        serde_json::from_slice(&bytes).map_err(|error| Error::malformed(&self.compiled, error))
    }

    fn entry(&self, name: &str, path: &Path) -> Entry {
        Entry {
            name: format!("{PREFIX}/{name}"),
            path: path.to_owned(),
        }
    }

    /// Written under another name first: a zip in the cache is always whole.
    fn write_archive(&self, entries: Vec<Entry>) -> Result<()> {
        let unfinished = self.archive.with_extension("part");
        archive::write(entries, &unfinished)?;
        fs::rename(&unfinished, &self.archive).on("rename", &unfinished)
    }
}

fn build(files: &[&SourceFile], mode: Mode, python: &Path, cache: &Path) -> Result<()> {
    let (modules, data): (Vec<&SourceFile>, Vec<_>) =
        files.iter().partition(|file| is_module(&file.relative));
    for file in data {
        file.write_archive(vec![file.entry(&file.relative, &file.path)])?;
    }
    let jobs: Vec<Job> = modules
        .iter()
        .map(|file| Job {
            source: file.path.clone(),
            target: file.bytecode.clone(),
            guest: format!("{MOUNT}/{PREFIX}/{}", file.relative),
            module: dotted(&file.relative),
            owner: Owner::User,
        })
        .collect();
    let compiler = Compiler {
        python,
        columns: mode.ships_source(),
        scratch: cache,
        log: &cache.join("log"),
    };
    let outcomes = compiler.compile(&jobs)?;
    for (file, outcome) in modules.into_iter().zip(outcomes) {
        let compiled = match outcome {
            Outcome::Refused { problem } => return Err(Error::configuration(&file.path, problem)),
            Outcome::Compiled(compiled) => compiled,
        };
        let text = serde_json::to_vec(&compiled)
            .map_err(|error| Error::malformed(&file.compiled, error))?;
        fs::write(&file.compiled, text).on("write", &file.compiled)?;
        let entries = mode.entries(&file.relative);
        let source = entries.source.map(|name| file.entry(&name, &file.path));
        let bytecode = entries
            .bytecode
            .map(|name| file.entry(&name, &file.bytecode));
        file.write_archive(source.into_iter().chain(bytecode).collect())?;
    }
    Ok(())
}

/// Removes what belongs to no file of this build.
fn prune(cache: &Path, files: &[SourceFile]) -> Result<()> {
    let kept: BTreeSet<&Path> = files
        .iter()
        .flat_map(|file| [&*file.archive, &*file.compiled])
        .collect();
    for name in tree::files(cache)? {
        let path = cache.join(name);
        if !kept.contains(&*path) {
            fs::remove_file(&path).on("remove", &path)?;
        }
    }
    Ok(())
}

/// These need a Python, though not of any particular version.
#[cfg(test)]
mod tests {
    use super::*;

    struct Guest(tempfile::TempDir);

    impl Guest {
        fn new(files: &[(&str, &str)]) -> Self {
            let guest = Self(tempfile::tempdir().unwrap());
            for (file, text) in files {
                guest.write(file, text);
            }
            guest
        }

        fn write(&self, file: &str, text: &str) {
            let path = self.0.path().join("python").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn collect_with(&self, python: &str, mode: Mode) -> Result<App> {
            App::collect(
                &self.0.path().join("python"),
                mode,
                Path::new(python),
                &self.0.path().join("cache"),
            )
        }

        fn collect(&self) -> Result<App> {
            self.collect_with("python3", Mode::CompiledWithSource)
        }

        fn entries(&self, app: &App) -> Vec<String> {
            archive::assemble(&app.pieces, &self.0.path().join("bundle.zip")).unwrap()
        }
    }

    #[test]
    fn modules_and_data_go_in_and_what_tools_leave_behind_does_not() {
        let guest = Guest::new(&[
            ("users/__init__.py", "def main(): pass"),
            ("users/data.txt", "data"),
            ("users/__pycache__/__init__.cpython-311.pyc", ""),
            ("users/_fast.cpython-313-x86_64-linux-gnu.so", ""),
            ("users/edited.py~", ""),
            (".venv/lib/x.py", ""),
            ("users.egg-info/PKG-INFO", ""),
        ]);

        let app = guest.collect().unwrap();

        assert_eq!(
            guest.entries(&app),
            [
                "app/users/__init__.py",
                "app/users/__pycache__/__init__.cpython-313.pyc",
                "app/users/data.txt",
            ]
        );
        let folder = guest.0.path().join("python/users");
        assert_eq!(
            app.files,
            [folder.join("__init__.py"), folder.join("data.txt")]
        );
        assert_eq!(app.modules["users"].names.names, ["main"]);
    }

    #[test]
    fn what_has_not_changed_is_not_compiled_again() {
        let guest = Guest::new(&[("a.py", "x = 1"), ("b.py", "y = 1")]);
        let first = guest.collect().unwrap();

        let second = guest
            .collect_with("/nonexistent/python", Mode::CompiledWithSource)
            .unwrap();
        guest.write("b.py", "z = 1");
        let third = guest.collect().unwrap();

        let archives = |app: &App| {
            app.pieces
                .iter()
                .map(|piece| piece.archive.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(archives(&first), archives(&second));
        assert_eq!(archives(&first)[0], archives(&third)[0]);
        assert_ne!(archives(&first)[1], archives(&third)[1]);
        assert_eq!(third.modules["b"].names.names, ["z"]);
        assert!(!archives(&first)[1].exists(), "what is no longer used goes");
    }

    #[test]
    fn a_syntax_error_names_the_users_file_and_line() {
        let guest = Guest::new(&[("users/__init__.py", "x = 1\nx = = 2\n")]);

        let error = guest.collect().unwrap_err();

        let file = guest.0.path().join("python/users/__init__.py");
        let expected = format!(
            "{}: line 2: SyntaxError: invalid syntax\n    x = = 2\n",
            file.display()
        );
        assert!(matches!(error, Error::Configuration { .. }));
        assert!(error.to_string().starts_with(&expected), "{error}");
        guest.write("users/__init__.py", "x = 2\n");
        assert!(guest.collect().is_ok());
    }

    #[test]
    fn names_are_known_even_where_only_the_source_is_shipped() {
        let guest = Guest::new(&[("users/scoring.py", "def score(): pass")]);

        let app = guest.collect_with("python3", Mode::Source).unwrap();

        assert_eq!(guest.entries(&app), ["app/users/scoring.py"]);
        assert_eq!(app.modules["users.scoring"].names.names, ["score"]);
    }

    #[test]
    fn a_guest_may_have_no_python_of_its_own() {
        let app = Guest::new(&[]).collect().unwrap();

        assert!(app.pieces.is_empty() && app.modules.is_empty());
    }
}
