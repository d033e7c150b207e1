//! A trial link of everything but the user's crate, because rustc ignores undefined symbols.
//!
//! Up to Rust 1.95, rustc passes `--allow-undefined`, which no later argument can undo: undefined functions become
//! imports, and undefined data is at address 0.

use std::fs;
use std::path::{Path, PathBuf};

use crate::command::Program;
use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};
use crate::extension::ExtensionModule;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::toolchain::Toolchain;

/// An object of a native package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NativeObject {
    /// The package's name.
    pub(crate) package: String,
    pub(crate) file: PathBuf,
}

impl NativeObject {
    fn file_name(&self) -> String {
        let name = self.file.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }
}

/// The recipe of an empty artifact that records a successful link.
pub(crate) struct TrialLink<'a> {
    /// The artifacts of the objects and archives.
    pub(crate) artifacts: &'a [Artifact],
    pub(crate) toolchain: &'a Toolchain,
    pub(crate) objects: &'a [NativeObject],
    /// The modules in the objects.
    pub(crate) modules: &'a [ExtensionModule],
    pub(crate) archives: Vec<PathBuf>,
}

impl Recipe for TrialLink<'_> {
    fn name(&self) -> String {
        "trial-link".into()
    }

    fn inputs(&self) -> Inputs {
        // A guest may link only some of an artifact's objects.
        let objects: Vec<_> = self.objects.iter().map(NativeObject::file_name).collect();
        let modules: Vec<_> = self.modules.iter().map(|module| &*module.symbol).collect();
        self.artifacts.iter().fold(
            Inputs::of_code(code!["trial.rs"])
                .with("toolchain", self.toolchain.identity())
                .with("objects", objects.join(" "))
                .with("modules", modules.join(" ")),
            Inputs::with_artifact,
        )
    }

    fn step(&self) -> String {
        "looking for symbols that no library defines".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        self.link(&dirs.scratch.join("trial.wasm"), dirs.log)
    }
}

impl TrialLink<'_> {
    fn link(&self, module: &Path, log: &Path) -> Result<()> {
        let linked = Program::new(
            Tool::Compiler,
            self.toolchain.wasm_ld(),
            "linking CPython and the native packages",
        )
        // The shim's call to this function pulls in the whole interpreter.
        .args(["--no-entry", "--export=Py_InitializeFromConfig"])
        // The linker drops unreferenced code before it looks for undefined symbols.
        .args(
            self.modules
                .iter()
                .map(|module| format!("--export={}", module.symbol)),
        )
        .args(
            self.modules
                .iter()
                .map(|module| format!("--export-if-defined={}", module.constructors())),
        )
        .arg("--error-limit=0")
        .args(self.objects.iter().map(|object| &object.file))
        .args(&self.archives)
        // Guests link Rust's libc, but any wasi-libc defines the same symbols.
        .arg(self.toolchain.sysroot_library("libc.a"))
        .arg("-o")
        .arg(module)
        .log(log)
        .run();
        let Err(error) = linked else {
            return Ok(());
        };
        let printed = fs::read_to_string(log).on("read", log)?;
        let undefined = self.undefined(&printed);
        if undefined.is_empty() {
            return Err(error);
        }
        Err(Error::Undefined {
            symbols: undefined,
            log: log.to_owned(),
        })
    }

    /// One line per undefined symbol, with the object that refers to it.
    fn undefined(&self, printed: &str) -> Vec<String> {
        printed
            .lines()
            .filter_map(|line| {
                let (place, symbol) = line.split_once(": undefined symbol: ")?;
                let (_, file) = place.split_once("error: ")?;
                Some(format!("`{symbol}`, called by {}", self.named(file)))
            })
            .collect()
    }

    /// An object by its name in the linker's output, with its package.
    fn named(&self, file: &str) -> String {
        let object = self
            .objects
            .iter()
            .find(|object| object.file == Path::new(file));
        match object {
            Some(object) => format!("`{}` of the package {}", object.file_name(), object.package),
            // A member of an archive: `folder/libx.a(member.o)`.
            None => {
                let end = file.find(".a(").unwrap_or(file.len());
                let start = file[..end].rfind('/').map_or(0, |slash| slash + 1);
                format!("`{}`", &file[start..])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::environment::Environment;
    use crate::store;

    /// Native code compiled by the project's toolchain, with a fake interpreter.
    struct Fixture {
        folder: TempDir,
        toolchain: Toolchain,
    }

    impl Fixture {
        fn new() -> Self {
            let environment = Environment::of_process();
            let store = store::folder(&environment).unwrap();
            Self {
                folder: tempfile::tempdir().unwrap(),
                toolchain: Toolchain::find(&environment, &store).unwrap(),
            }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn compile(&self, name: &str, source: &str) -> PathBuf {
            let (file, object) = (self.path(&format!("{name}.c")), self.path(name));
            fs::write(&file, source).unwrap();
            self.toolchain
                .compile(&file, &object, ["-O1"], &self.path("log"))
                .unwrap();
            object
        }

        /// Links a package with one object compiled from `source`.
        fn link(&self, source: &str) -> Result<()> {
            let interpreter = self.path("libpython.a");
            let object = self.compile(
                "python.o",
                "int Py_InitializeFromConfig(void) { return 0; } int PyErr_Clear(void) { return 0; }",
            );
            self.toolchain
                .archive(&interpreter, &[object], &self.path("log"))
                .unwrap();
            TrialLink {
                artifacts: &[],
                toolchain: &self.toolchain,
                objects: &[NativeObject {
                    package: "orjson".into(),
                    file: self.compile("orjson.o", source),
                }],
                modules: &[ExtensionModule {
                    name: "orjson.orjson".into(),
                    symbol: "wadup_init_orjson_orjson".into(),
                }],
                archives: vec![interpreter],
            }
            .link(&self.path("trial.wasm"), &self.path("log"))
        }
    }

    #[test]
    fn undefined_symbols_are_named_with_object_and_package() {
        let error = Fixture::new()
            .link(
                "int yyjson_alc_pool_init(int); extern int yyjson_version; int PyErr_Clear(void);
                 static int use(int n) { return yyjson_alc_pool_init(n) + yyjson_version; }
                 int wadup_init_orjson_orjson(void) { return use(PyErr_Clear()); }",
            )
            .unwrap_err()
            .to_string();

        for symbol in ["yyjson_alc_pool_init", "yyjson_version"] {
            let line = format!("`{symbol}`, called by `orjson.o` of the package orjson");
            assert!(error.contains(&line), "{line} is not in: {error}");
        }
    }

    #[test]
    fn what_only_a_constructor_calls_must_be_defined() {
        let error = Fixture::new()
            .link(
                "void set_up(void);
                 void wadup_init_orjson_orjson_constructors(void) { set_up(); }
                 int wadup_init_orjson_orjson(void) { return 0; }",
            )
            .unwrap_err()
            .to_string();

        assert!(error.contains("`set_up`, called by `orjson.o`"), "{error}");
    }

    #[test]
    fn references_to_interpreter_and_libc_are_defined() {
        Fixture::new()
            .link(
                "#include <stdlib.h>
                 int PyErr_Clear(void);
                 int wadup_init_orjson_orjson(void) { return PyErr_Clear() + (malloc(8) != 0); }",
            )
            .unwrap();
    }

    #[test]
    fn missing_init_functions_are_refused() {
        let error = Fixture::new()
            .link("int another(void) { return 0; }")
            .unwrap_err();

        let text = error.to_string();
        assert!(text.contains("wadup_init_orjson_orjson"), "{text}");
    }
}
