//! pydantic-core: its Rust crate as a static library, isolated into one object, whatever its version.

use std::fs;
use std::path::{Path, PathBuf};

use super::isolate::{self, Constructors, Export};
use super::recipes::{Method, PackageRecipe};
use super::{BuildContext, Contents, ExtensionModule, workspace, write_contents};
use crate::command::Program;
use crate::environment::{self, Tool};
use crate::error::{Error, FileContext, Result};
use crate::site::NativePackage;
use crate::source::unpack;
use crate::store::{Inputs, Recipe, RecipeDirs, code};
use crate::toolchain::TARGET;
use crate::tree;

const PACKAGE: &str = "pydantic-core";

pub(super) const RECIPE: PackageRecipe = PackageRecipe {
    name: PACKAGE,
    versions: "",
    imports: &IMPORTS,
    method: Method::PydanticCore,
};

/// What the Rust code imports by name, and through PyO3's conversions.
const IMPORTS: [&str; 14] = [
    "builtins",
    "collections.abc",
    "copy",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "ipaddress",
    "pathlib",
    "re",
    "time",
    "types",
    "uuid",
];

const MODULE: &str = "pydantic_core._pydantic_core";
const OBJECT: &str = "_pydantic_core.o";

/// Settings of the release profile, which override the crate's.
///
/// Optimized for size, its code is a sixth smaller, and validation takes an eighth longer.
const PROFILE: [(&str, &str); 5] = [
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "2"),
    ("CARGO_PROFILE_RELEASE_LTO", "fat"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
];

/// Dependencies that few validations run, which are optimized for size.
const COLD: [&str; 7] = [
    "aho-corasick",
    "idna",
    "num-bigint",
    "regex",
    "regex-automata",
    "regex-syntax",
    "url",
];

/// The recipe of one version of pydantic-core.
pub(super) struct PydanticCore<'a> {
    pub(super) package: &'a NativePackage,
    pub(super) context: &'a BuildContext<'a>,
}

impl Recipe for PydanticCore<'_> {
    fn name(&self) -> String {
        format!("{PACKAGE}-{}", self.package.version)
    }

    fn inputs(&self) -> Inputs {
        isolate::with_code(Inputs::of_code(code!["pydantic_core.rs"]))
            .with_code("workspace", workspace::CODE)
            .with("source", &self.package.sdist.sha256)
            .with("rustc", self.context.rustc)
            .with("toolchain", self.context.base.toolchain.identity())
            .with("profile", format!("{PROFILE:?} {COLD:?}"))
            .with("python", self.context.base.release.series.name)
    }

    fn step(&self) -> String {
        format!(
            "building {PACKAGE} {} (about four minutes)",
            self.package.version
        )
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let sdist = self
            .context
            .sources
            .obtain(&self.package.sdist.archive(), None)?;
        let tree = unpack(&sdist, dirs.scratch)?;
        workspace::separate(&tree)?;
        let library = self.compile(&tree, dirs)?;

        let module = ExtensionModule::named(MODULE);
        let object = dirs.content.join("objects").join(OBJECT);
        fs::create_dir_all(dirs.content.join("objects")).on("create", dirs.content)?;
        let export = Export {
            from: module.original_symbol(),
            to: module.symbol.clone(),
        };
        isolate::merge_isolated(
            self.context.base.toolchain.wasm_ld(),
            &[library],
            &[export],
            Constructors::AtImport,
            &object,
            dirs.log,
        )?;
        self.collect_python(&tree, &dirs.content.join("python"))?;
        write_contents(
            dirs,
            &Contents {
                modules: vec![module],
                objects: vec![OBJECT.to_owned()],
                ..Contents::default()
            },
        )
    }
}

impl PydanticCore<'_> {
    /// The static library of the crate, with Rust's standard library inside.
    fn compile(&self, tree: &Path, dirs: &RecipeDirs<'_>) -> Result<PathBuf> {
        // PyO3 must neither search for a Python on this machine nor link one: the guest has libpython.
        let python = dirs.scratch.join("pyo3.txt");
        let configuration = format!(
            "implementation=CPython\nversion={}\nshared=false\nabi3=false\npointer_width=32\n\
             suppress_build_script_link_lines=true\n",
            self.context.base.release.series.name
        );
        fs::write(&python, configuration).on("write", &python)?;
        let target = dirs.scratch.join("target");
        // No path of this machine goes into the guest, not even in a panic's message.
        let remap = [
            (tree, "/pydantic-core"),
            (self.context.cargo_home, "/cargo"),
        ]
        .map(|(path, stands_for)| format!("--remap-path-prefix={}={stands_for}", path.display()));
        let features = self.context.base.toolchain.rustc_flags();
        let flags: Vec<&str> = remap
            .iter()
            .map(String::as_str)
            .chain(features.iter().copied())
            .collect();
        let mut cargo = Program::new(
            Tool::Cargo,
            self.context.cargo,
            format!("building {PACKAGE}"),
        )
        .current_dir(tree)
        .log(dirs.log)
        .env("PYO3_CONFIG_FILE", &python)
        .env("CARGO_TARGET_DIR", &target)
        .env("CARGO_BUILD_JOBS", environment::jobs().to_string())
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .args(["rustc", "--release", "--locked", "--lib"])
        .args(["--crate-type", "staticlib", "--target", TARGET])
        .args(self.context.sources.is_offline().then_some("--offline"));
        for (name, value) in PROFILE {
            cargo = cargo.env(name, value);
        }
        // Cargo has no variables for the profile of a single package.
        for name in COLD {
            cargo = cargo.args([
                "--config",
                &format!("profile.release.package.{name}.opt-level='s'"),
            ]);
        }
        cargo.run()?;
        Ok(target.join(TARGET).join("release/lib_pydantic_core.a"))
    }

    /// The package's own Python files, and the metadata that `importlib.metadata` reads.
    fn collect_python(&self, tree: &Path, site: &Path) -> Result<()> {
        let package = site.join("pydantic_core");
        tree::copy(&tree.join("python/pydantic_core"), &package, |file| {
            [".py", ".pyi", "py.typed"]
                .iter()
                .any(|ending| file.ends_with(ending))
        })?;
        if !package.join("__init__.py").is_file() {
            return Err(Error::malformed(
                tree,
                "the sdist holds no python/pydantic_core package",
            ));
        }
        let info = site.join(format!("pydantic_core-{}.dist-info", self.package.version));
        tree::copy_file(&tree.join("PKG-INFO"), &info.join("METADATA"))
    }
}
