//! The recipe of a compiled tree, which rarely changes: the standard library or a package.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use wadup_contract::mount::MOUNT;

use super::archive::{self, Entry, ZipSlice};
use super::compile::{Compiler, Job, Outcome, Owner, SCRIPTS};
use super::record::{self, Shipped};
use super::shipped::is_shipped;
use super::trace::Imports;
use super::{Mode, dotted, is_module};
use crate::cpython::{Release, Series};
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::plan::Excluded;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::tree;

const ARCHIVE: &str = "tree.zip";

/// The imports of each module, by dotted name.
const IMPORTS: &str = "imports.json";

/// The contents of the recipe's artifact.
pub(crate) struct CompiledTree {
    pub(crate) slice: ZipSlice,
    /// The imports of its modules.
    pub(crate) imports: Imports,
}

/// The recipe of a zip with one folder of an artifact and its modules compiled.
pub(crate) struct CompileRecipe<'a> {
    /// The name of the tree: "stdlib", "site", "pydantic-core".
    pub(crate) name: &'a str,
    /// The artifact with the files.
    pub(crate) tree: &'a Artifact,
    /// The folder in the artifact; "" is all of it.
    pub(crate) folder: &'a str,
    /// The folder below the mount: "site", or that of the standard library.
    pub(crate) prefix: &'a str,
    pub(crate) mode: Mode,
    pub(crate) release: &'static Release,
    /// The build Python.
    pub(crate) python: &'a Path,
}

impl CompiledTree {
    /// The same tree without these modules of packages.
    pub(crate) fn without(self, excluded: &Excluded) -> Self {
        let slice = self.slice.without(excluded.clone());
        Self { slice, ..self }
    }
}

impl CompileRecipe<'_> {
    /// Reads the artifact that this recipe made.
    pub(crate) fn compiled(&self, artifact: &Artifact) -> Result<CompiledTree> {
        let file = artifact.join(IMPORTS);
        let text = fs::read(&file).on("read", &file)?;
        Ok(CompiledTree {
            slice: ZipSlice::new(self.name, artifact.join(ARCHIVE)),
            imports: serde_json::from_slice(&text)
                .map_err(|error| Error::malformed(&file, error))?,
        })
    }
}

impl Recipe for CompileRecipe<'_> {
    fn name(&self) -> String {
        format!("compiled-{}", self.name)
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(code![
            "archive.rs",
            "compile.rs",
            "compiled.rs",
            "links.rs",
            "record.rs",
            "shipped.rs"
        ])
        .with_artifact(self.tree)
        .with("folder", self.folder)
        .with("prefix", self.prefix)
        .with("mode", format!("{:?}", self.mode))
        .with("python", self.release.version)
        .with("scripts", hash::of_bytes(format!("{SCRIPTS:?}")))
    }

    fn step(&self) -> String {
        format!("compiling the Python modules of {}", self.name)
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let files = Files {
            folder: &self.tree.join(self.folder),
            prefix: self.prefix,
            mode: self.mode,
            series: self.release.series,
        };
        let (entries, imports) = files.compile(self.python, dirs)?;
        let file = dirs.content.join(IMPORTS);
        let text = serde_json::to_vec(&imports).map_err(|error| Error::malformed(&file, error))?;
        fs::write(&file, text).on("write", &file)?;
        archive::write(entries, &dirs.content.join(ARCHIVE))
    }
}

struct Files<'a> {
    folder: &'a Path,
    prefix: &'a str,
    mode: Mode,
    series: &'static Series,
}

impl Files<'_> {
    fn compile(&self, python: &Path, dirs: &RecipeDirs<'_>) -> Result<(Vec<Entry>, Imports)> {
        let (modules, data): (Vec<_>, Vec<_>) = tree::files(self.folder)?
            .into_iter()
            .filter(|file| is_shipped(file))
            .partition(|file| is_module(file));
        let mut shipped: Vec<Shipped> = data
            .iter()
            .map(|file| self.shipped(file, file, self.folder.join(file)))
            .collect();
        let jobs: Vec<Job> = modules
            .iter()
            .map(|file| Job {
                source: self.folder.join(file),
                target: dirs.scratch.join("compiled").join(file),
                guest: format!("{MOUNT}/{}/{file}", self.prefix),
                module: dotted(file),
                owner: self.owner(),
            })
            .collect();
        let compiler = Compiler {
            python,
            columns: self.mode.ships_source(),
            scratch: dirs.scratch,
            log: dirs.log,
        };
        let outcomes = compiler.compile(&jobs)?;
        let mut imports = Imports::new();
        for ((file, job), outcome) in modules.iter().zip(jobs).zip(outcomes) {
            imports.insert(job.module, outcome.imports(self.mode.ships_source()));
            match outcome {
                Outcome::Compiled(_) => {
                    let names = self.mode.entries(file, self.series);
                    let source = names.source.map(|name| (name, job.source));
                    let bytecode = names.bytecode.map(|name| (name, job.target));
                    let both = source.into_iter().chain(bytecode);
                    shipped.extend(both.map(|(name, path)| self.shipped(file, &name, path)));
                }
                // Packages contain templates and test data for other Pythons, which nothing imports.
                Outcome::Refused(refused) => {
                    let problem = refused.problem;
                    note(dirs.log, &format!("{file} is shipped as it is: {problem}"))?;
                    shipped.push(self.shipped(file, file, job.source));
                }
            }
        }
        let entries = record::renewed(shipped, self.prefix, dirs.scratch)?;
        Ok((entries, imports))
    }

    fn owner(&self) -> Owner {
        if self.prefix == self.series.stdlib_prefix() {
            Owner::Library
        } else {
            Owner::Package
        }
    }

    fn shipped(&self, source: &str, name: &str, path: PathBuf) -> Shipped {
        let name = format!("{}/{name}", self.prefix);
        Shipped {
            source: source.to_owned(),
            entry: Entry { name, path },
        }
    }
}

fn note(log: &Path, message: &str) -> Result<()> {
    let mut file = fs::File::options()
        .create(true)
        .append(true)
        .open(log)
        .on("open", log)?;
    writeln!(file, "{message}").on("write", log)
}

/// These tests need a Python of any version.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;
    use crate::store::Store;

    const FILES: [(&str, &str); 8] = [
        ("x/__init__.py", "name = 'x'"),
        ("x/data.txt", "data"),
        ("x/.schema.json", "{}"),
        ("x/.git/config", ""),
        ("x/template.py", "class {{ name }}: pass"),
        ("x/__pycache__/__init__.cpython-312.pyc", "stale"),
        ("x-1.dist-info/METADATA", "Name: x"),
        ("run-me.py", "print()"),
    ];

    /// A recipe that writes the files.
    struct Written;

    impl Recipe for Written {
        fn name(&self) -> String {
            "written".into()
        }
        fn inputs(&self) -> Inputs {
            Inputs::default()
        }
        fn step(&self) -> String {
            "writing".into()
        }
        fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
            for (file, text) in FILES {
                let path = dirs.content.join("files").join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
            Ok(())
        }
    }

    /// The names in the zip, and the log.
    fn compiled(mode: Mode) -> (Vec<String>, String) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path(), Box::new(Silent));
        let tree = store.artifact(&Written).unwrap();
        let recipe = CompileRecipe {
            name: "site",
            tree: &tree,
            folder: "files",
            prefix: "site",
            mode,
            release: Series::default().newest(),
            python: Path::new("python3"),
        };
        let artifact = store.artifact(&recipe).unwrap();
        let names = archive::assemble(
            &[recipe.compiled(&artifact).unwrap().slice],
            &folder.path().join("bundle.zip"),
        )
        .unwrap();
        let log = folder
            .path()
            .join("logs")
            .join(format!("{}.log", artifact.id()));
        (names, fs::read_to_string(log).unwrap_or_default())
    }

    #[test]
    fn modules_are_compiled_and_data_is_kept() {
        let (names, log) = compiled(Mode::Compiled);

        assert_eq!(
            names,
            [
                "site/run-me.py",
                "site/x-1.dist-info/METADATA",
                "site/x-1.dist-info/RECORD",
                "site/x/.schema.json",
                "site/x/__init__.pyc",
                "site/x/data.txt",
                "site/x/template.py",
            ]
        );
        assert!(
            log.contains("x/template.py is shipped as it is: line 1: SyntaxError"),
            "{log}"
        );
    }

    #[test]
    fn sources_ship_beside_bytecode_or_alone() {
        let (with_source, _) = compiled(Mode::CompiledWithSource);
        let (source, _) = compiled(Mode::Source);

        assert!(
            with_source.contains(&"site/x/__init__.py".to_owned()),
            "{with_source:?}"
        );
        assert!(
            with_source.contains(&"site/x/__pycache__/__init__.cpython-313.pyc".to_owned()),
            "{with_source:?}"
        );
        assert_eq!(
            source,
            [
                "site/run-me.py",
                "site/x-1.dist-info/METADATA",
                "site/x-1.dist-info/RECORD",
                "site/x/.schema.json",
                "site/x/__init__.py",
                "site/x/data.txt",
                "site/x/template.py",
            ]
        );
    }
}
