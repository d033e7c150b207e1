//! Compiles a group's modules against CPython's headers and a library, into one object that exports their init functions.

use std::fs;

use super::openssl::LICENSE_FILE;
use super::{Context, Group};
use crate::compat;
use crate::cpython;
use crate::error::{FileContext, Result};
use crate::extension::ExtensionModule;
use crate::extension::isolate::{self, Constructors, Export};
use crate::patch;
use crate::source::unpack;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::tree;

/// The flags with which CPython compiles its own modules.
const FLAGS: [&str; 6] = [
    "-O2",
    "-fwrapv",
    "-fno-strict-aliasing",
    "-Wall",
    "-Wno-deprecated-declarations",
    "-DPy_BUILD_CORE_MODULE",
];

/// The recipe of `objects/NAME.o` and the license.
pub(super) struct GroupRecipe<'a> {
    pub(super) group: &'a Group,
    /// The artifact with the library's `lib`, `include` and license.
    pub(super) library: Option<&'a Artifact>,
    pub(super) compat: &'a Artifact,
    pub(super) context: &'a Context<'a>,
}

impl Recipe for GroupRecipe<'_> {
    fn name(&self) -> String {
        let version = self.group.version;
        let version = version.unwrap_or(self.context.base.release.version);
        format!("{}-{version}", self.group.name)
    }

    fn inputs(&self) -> Inputs {
        let base = self.context.base;
        let inputs = isolate::with_code(Inputs::of_code(code!["recipe.rs"]))
            .with("group", format!("{:?}", self.group))
            .with("source", cpython::archive(base.release).sha256)
            .with("toolchain", base.toolchain.identity())
            .with_artifact(&base.python)
            .with_artifact(self.compat);
        self.library.into_iter().fold(inputs, Inputs::with_artifact)
    }

    fn step(&self) -> String {
        let modules = self.group.modules.iter().map(|module| module.name);
        let modules: Vec<&str> = modules.collect();
        format!("compiling {}", modules.join(" and "))
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let base = self.context.base;
        let toolchain = &base.toolchain;
        let tree = unpack(
            &cpython::obtain(base.release, self.context.sources)?,
            dirs.scratch,
        )?;
        patch::apply(self.group.patches, &tree)?;
        let sources = tree.join("Modules");
        let ours = dirs.scratch.join("ours");
        fs::create_dir_all(&ours).on("create", &ours)?;
        for (name, text) in self.group.files {
            let file = ours.join(name);
            fs::write(&file, text).on("write", &file)?;
        }
        let include = base.python.join("include");
        let flags: Vec<String> = FLAGS
            .into_iter()
            .chain([toolchain.assertion_flag()])
            .chain(self.group.flags.iter().copied())
            .map(str::to_owned)
            .chain([
                format!("-ffile-prefix-map={}=/python", tree.display()),
                format!("-isystem{}", self.compat.join("include").display()),
                format!("-I{}", include.display()),
                format!("-I{}", include.join("internal").display()),
                format!("-I{}", sources.display()),
                format!("-I{}", ours.display()),
            ])
            .chain(
                self.library
                    .map(|library| format!("-I{}", library.join("include").display())),
            )
            .collect();
        let mut inputs = Vec::new();
        let mut exports = Vec::new();
        for module in self.group.modules {
            let files = module.sources.iter().map(|file| sources.join(file));
            for (number, source) in files.enumerate() {
                let object = dirs.scratch.join(format!("{}.{number}.o", module.name));
                toolchain.compile(&source, &object, &flags, dirs.log)?;
                inputs.push(object);
            }
            let module = ExtensionModule::named(module.name);
            exports.push(Export {
                from: module.original_symbol(),
                to: module.symbol,
            });
        }
        let ours_in_c = self.group.files.iter().map(|(name, _)| ours.join(name));
        for source in ours_in_c.filter(|file| file.extension().is_some_and(|end| end == "c")) {
            let object = source.with_extension("o");
            toolchain.compile(&source, &object, &flags, dirs.log)?;
            inputs.push(object);
        }
        if let Some(library) = self.library {
            inputs.extend(super::openssl::archives(library));
            let license = dirs.content.join(LICENSE_FILE);
            tree::copy_file(&library.join(LICENSE_FILE), &license)?;
        }
        inputs.push(compat::library(self.compat));
        let object = dirs.content.join(self.group.object());
        fs::create_dir_all(dirs.content.join("objects")).on("create", &object)?;
        let linker = toolchain.wasm_ld();
        let constructors = Constructors::AtStart;
        isolate::merge_isolated(linker, &inputs, &exports, constructors, &object, dirs.log)
    }
}
