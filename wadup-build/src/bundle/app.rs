//! The user's own Python, of which each file is compiled and compressed only when it changes.
//!
//! The cache is a folder of the build. For each file it contains a zip of its entries and, for a module, the names that
//! it defines, under a hash of the file's path and content.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use wadup_contract::mount::MOUNT;

use super::archive::{self, Entry, ZipSlice};
use super::compile::{Compiler, Job, Outcome, Owner, Problem, SCRIPTS};
use super::shipped;
use super::trace::Import;
use super::{Mode, dotted, is_module};
use crate::cpython::Release;
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::tree;

/// The folder below the mount.
const PREFIX: &str = "app";

/// The build Python.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Python<'a> {
    pub(crate) interpreter: &'a Path,
    pub(crate) release: &'static Release,
}

/// The user's Python, ready to be assembled into the bundle.
#[derive(Debug)]
pub(crate) struct App {
    pub(super) folder: PathBuf,
    /// One zip for each file.
    pub(crate) slices: Vec<ZipSlice>,
    /// Every file in it, for Cargo to track.
    pub(crate) files: Vec<PathBuf>,
    /// Warnings for the user.
    pub(crate) warnings: Vec<String>,
    /// The user's modules by dotted name.
    pub(super) modules: BTreeMap<String, SourceModule>,
}

/// One of the user's modules.
#[derive(Debug)]
pub(super) struct SourceModule {
    pub(super) file: PathBuf,
    /// What Python reports about it.
    pub(super) outcome: Outcome,
    /// What it imports, and what decoding its source imports.
    pub(super) imports: Vec<Import>,
}

impl App {
    /// Collects the files in a folder that [`shipped::of_user`] selects. A missing folder counts as empty.
    ///
    /// With `beside_rust`, the folder contains Rust sources too, which are left out. A module that does not compile is
    /// shipped as source. `cache` is the folder for compiled files.
    pub(crate) fn collect(
        folder: &Path,
        beside_rust: bool,
        mode: Mode,
        python: &Python<'_>,
        cache: &Path,
    ) -> Result<Self> {
        fs::create_dir_all(cache).on("create", cache)?;
        let mut files = if folder.is_dir() {
            tree::files(folder)?
        } else {
            Vec::new()
        };
        if beside_rust {
            shipped::keep_python(&mut files);
        }
        let shipped::Selection { files, secrets } = shipped::of_user(files);
        let files = files
            .into_iter()
            .map(|file| SourceFile::new(file, folder, mode, python.release, cache))
            .collect::<Result<Vec<_>>>()?;
        let changed: Vec<&SourceFile> = files
            .iter()
            .filter(|file| !file.archive.is_file())
            .collect();
        build(&changed, mode, python, cache)?;
        prune(cache, &files)?;
        let mut modules = BTreeMap::new();
        for file in files.iter().filter(|file| is_module(&file.relative)) {
            let outcome = file.read_outcome()?;
            let module = SourceModule {
                file: file.path.clone(),
                imports: outcome.imports(mode.ships_source()),
                outcome,
            };
            modules.insert(dotted(&file.relative), module);
        }
        let secret_warnings = secrets.iter().map(|file| {
            let file = folder.join(file).display().to_string();
            format!(
                "{file} is left out of the guest, because files of this name contain passwords. help: rename it if it is data"
            )
        });
        let compile_warnings = modules.values().filter_map(|module| {
            let problem = module.refused()?.summary();
            let file = module.file.display();
            Some(format!(
                "{file}: {problem}. It is shipped as source, and importing it raises this error"
            ))
        });
        Ok(Self {
            folder: folder.to_owned(),
            warnings: secret_warnings.chain(compile_warnings).collect(),
            slices: files.iter().map(SourceFile::slice).collect(),
            files: files.into_iter().map(|file| file.path).collect(),
            modules,
        })
    }

    /// Whether a module certainly defines no `main`, so that it does nothing but run once when it is imported.
    pub(crate) fn lacks_main(&self, module: &str) -> bool {
        let outcome = self.modules.get(module).map(|module| &module.outcome);
        matches!(outcome, Some(Outcome::Compiled(compiled))
            if !compiled.names.open && !compiled.names.names.iter().any(|name| name == "main"))
    }

    /// What the modules import.
    pub(crate) fn imports(&self) -> impl Iterator<Item = &Import> {
        self.modules.values().flat_map(|module| &module.imports)
    }
}

impl SourceModule {
    /// Why it does not compile, if so.
    pub(super) fn refused(&self) -> Option<&Problem> {
        match &self.outcome {
            Outcome::Refused(refused) => Some(&refused.problem),
            Outcome::Compiled(_) => None,
        }
    }
}

/// A file of the user, and the cache files made from it.
struct SourceFile {
    relative: String,
    path: PathBuf,
    archive: PathBuf,
    outcome: PathBuf,
    bytecode: PathBuf,
}

impl SourceFile {
    fn new(
        relative: String,
        folder: &Path,
        mode: Mode,
        release: &Release,
        cache: &Path,
    ) -> Result<Self> {
        let path = folder.join(&relative);
        let content = hash::of_file(&path)?;
        let key = hash::of_bytes(format!(
            "{}\n{mode:?}\n{relative}\n{content}\n{SCRIPTS:?}",
            release.version
        ));
        Ok(Self {
            relative,
            path,
            archive: cache.join(format!("{key}.zip")),
            outcome: cache.join(format!("{key}.json")),
            bytecode: cache.join(format!("{key}.pyc")),
        })
    }

    fn slice(&self) -> ZipSlice {
        ZipSlice::new(self.path.display().to_string(), self.archive.clone())
    }

    fn read_outcome(&self) -> Result<Outcome> {
        let bytes = fs::read(&self.outcome).on("read", &self.outcome)?;
        serde_json::from_slice(&bytes).map_err(|error| Error::malformed(&self.outcome, error))
    }

    fn entry(&self, name: &str, path: &Path) -> Entry {
        Entry {
            name: format!("{PREFIX}/{name}"),
            path: path.to_owned(),
        }
    }

    /// Writes to a temporary name first, so that a zip in the cache is always complete.
    fn write_archive(&self, entries: Vec<Entry>) -> Result<()> {
        let unfinished = self.archive.with_extension("part");
        archive::write(entries, &unfinished)?;
        fs::rename(&unfinished, &self.archive).on("rename", &unfinished)
    }
}

fn build(files: &[&SourceFile], mode: Mode, python: &Python<'_>, cache: &Path) -> Result<()> {
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
        python: python.interpreter,
        columns: mode.ships_source(),
        scratch: cache,
        log: &cache.join("log"),
    };
    let outcomes = compiler.compile(&jobs)?;
    for (file, outcome) in modules.into_iter().zip(outcomes) {
        let text =
            serde_json::to_vec(&outcome).map_err(|error| Error::malformed(&file.outcome, error))?;
        fs::write(&file.outcome, text).on("write", &file.outcome)?;
        let mode = match outcome {
            Outcome::Refused(_) => Mode::Source,
            Outcome::Compiled(_) => mode,
        };
        let entries = mode.entries(&file.relative, python.release.series);
        let source = entries.source.map(|name| file.entry(&name, &file.path));
        let bytecode = entries
            .bytecode
            .map(|name| file.entry(&name, &file.bytecode));
        file.write_archive(source.into_iter().chain(bytecode).collect())?;
    }
    Ok(())
}

/// Removes cache files that do not belong to this build.
fn prune(cache: &Path, files: &[SourceFile]) -> Result<()> {
    let kept: BTreeSet<&Path> = files
        .iter()
        .flat_map(|file| [&*file.archive, &*file.outcome])
        .collect();
    for name in tree::files(cache)? {
        let path = cache.join(name);
        if !kept.contains(&*path) {
            fs::remove_file(&path).on("remove", &path)?;
        }
    }
    Ok(())
}

/// These tests need a Python of any version.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpython::Series;

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
            self.collect_from(false, python, mode)
        }

        fn collect_from(&self, beside_rust: bool, python: &str, mode: Mode) -> Result<App> {
            App::collect(
                &self.0.path().join("python"),
                beside_rust,
                mode,
                &Python {
                    interpreter: Path::new(python),
                    release: Series::default().newest(),
                },
                &self.0.path().join("cache"),
            )
        }

        fn collect(&self) -> Result<App> {
            self.collect_with("python3", Mode::CompiledWithSource)
        }

        fn entries(&self, app: &App) -> Vec<String> {
            archive::assemble(&app.slices, &self.0.path().join("bundle.zip")).unwrap()
        }
    }

    fn names<'a>(app: &'a App, module: &str) -> &'a [String] {
        match &app.modules[module].outcome {
            Outcome::Compiled(compiled) => &compiled.names.names,
            Outcome::Refused(refused) => panic!("{refused:?}"),
        }
    }

    #[test]
    fn modules_and_data_are_shipped_and_leftovers_of_tools_are_not() {
        let guest = Guest::new(&[
            ("users/__init__.py", "def main(): pass"),
            ("users/data.txt", "data"),
            ("users/__pycache__/__init__.cpython-311.pyc", ""),
            ("users/_fast.cpython-313-x86_64-linux-gnu.so", ""),
            ("users/edited.py~", ""),
            ("users/.schema.json", "{}"),
            ("users/.env", "TOKEN=1"),
            ("users.egg-info/PKG-INFO", ""),
        ]);

        let app = guest.collect().unwrap();

        assert_eq!(
            guest.entries(&app),
            [
                "app/users/.schema.json",
                "app/users/__init__.py",
                "app/users/__pycache__/__init__.cpython-313.pyc",
                "app/users/data.txt",
            ]
        );
        let folder = guest.0.path().join("python/users");
        assert_eq!(
            app.files,
            [".schema.json", "__init__.py", "data.txt"].map(|file| folder.join(file))
        );
        assert_eq!(names(&app, "users"), ["main"]);
        let [warning] = &app.warnings[..] else {
            panic!("{:?}", app.warnings);
        };
        let secret = folder.join(".env").display().to_string();
        assert!(warning.starts_with(&secret), "{warning}");
    }

    #[test]
    fn rust_sources_in_the_same_folder_are_left_out() {
        let guest = Guest::new(&[
            ("lib.rs", ""),
            ("schema.sql", ""),
            ("my_module.py", "x = 1"),
            ("package/__init__.py", ""),
            ("package/data/table.csv", ""),
            ("package/fast.rs", ""),
            ("geometry/mod.rs", ""),
            ("geometry/shader.wgsl", ""),
        ]);

        let app = guest.collect_from(true, "python3", Mode::Source).unwrap();

        assert_eq!(
            guest.entries(&app),
            [
                "app/my_module.py",
                "app/package/__init__.py",
                "app/package/data/table.csv",
            ]
        );
    }

    #[test]
    fn unchanged_files_are_not_recompiled() {
        let guest = Guest::new(&[("a.py", "x = 1"), ("b.py", "y = 1")]);
        let first = guest.collect().unwrap();

        let second = guest
            .collect_with("/nonexistent/python", Mode::CompiledWithSource)
            .unwrap();
        guest.write("b.py", "z = 1");
        let third = guest.collect().unwrap();

        let archives = |app: &App| {
            app.slices
                .iter()
                .map(|slice| slice.archive.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(archives(&first), archives(&second));
        assert_eq!(archives(&first)[0], archives(&third)[0]);
        assert_ne!(archives(&first)[1], archives(&third)[1]);
        assert_eq!(names(&third, "b"), ["z"]);
        assert!(!archives(&first)[1].exists(), "unused files are removed");
    }

    #[test]
    fn syntax_errors_ship_as_source_with_a_warning_in_every_build() {
        let guest = Guest::new(&[
            ("users/__init__.py", "x = 1\n"),
            ("users/old.py", "x = 1\nprint x\n"),
        ]);

        for mode in [Mode::Compiled, Mode::Compiled, Mode::Source] {
            let app = guest.collect_with("python3", mode).unwrap();

            let entries = guest.entries(&app);
            assert!(
                entries.contains(&"app/users/old.py".to_owned()),
                "{entries:?}"
            );
            let file = guest.0.path().join("python/users/old.py");
            let expected = format!(
                "{}: line 2: SyntaxError: Missing parentheses",
                file.display()
            );
            let [warning] = &app.warnings[..] else {
                panic!("{:?}", app.warnings);
            };
            assert!(warning.starts_with(&expected), "{warning}");
        }
        guest.write("users/old.py", "x = 2\n");
        assert!(guest.collect().unwrap().warnings.is_empty());
    }

    #[test]
    fn names_are_known_even_if_only_the_source_is_shipped() {
        let guest = Guest::new(&[("users/scoring.py", "def score(): pass")]);

        let app = guest.collect_with("python3", Mode::Source).unwrap();

        assert_eq!(guest.entries(&app), ["app/users/scoring.py"]);
        assert_eq!(names(&app, "users.scoring"), ["score"]);
    }

    #[test]
    fn missing_python_folder_gives_an_empty_app() {
        let app = Guest::new(&[]).collect().unwrap();

        assert!(app.slices.is_empty() && app.modules.is_empty());
    }
}
