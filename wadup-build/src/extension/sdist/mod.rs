//! Builds any package from its source archive with its own backend (PEP 517), in a build Python with the guest's sysconfig.
//!
//! ```text
//! sdist ── overlay ── build requirements ── backend ──> wheel ──> modules, isolated
//!                        compiler.py in the compiler's place       └> Python files
//! ```
//!
//! Each "shared library" that a build system links is a relocatable object, because compiler.py links it as one. A package
//! without modules is pure.

mod backend;
mod collect;
mod environment;
mod machine;
#[cfg(test)]
mod network_tests;
mod offline;
mod overlay;
mod requires;
mod variables;

use std::fs;
use std::path::Path;

use self::backend::Backend;
use self::environment::BuildEnvironment;
use self::machine::Machine;
use self::overlay::Overlay;
use super::isolate::{self, Constructors, Export};
use super::libraries::{self, Built};
use super::{
    BuildContext, Contents, ExtensionModule, numpy, on_demand, packages, workspace, write_contents,
};
use crate::command::Program;
use crate::compat;
use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};
use crate::hash;
use crate::site::{BuildLock, NativePackage, dist_info};
use crate::source::unpack;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, Store, code};
use crate::toolchain::Cxx;
use crate::tree;

/// Ensures that the build requirements of a package are locked.
pub(super) fn lock(
    package: &NativePackage,
    packages: &[NativePackage],
    context: &BuildContext<'_>,
    store: &Store,
    lock: &mut BuildLock,
) -> Result<()> {
    let overlay = Overlay::of(package, context.plan)?;
    let inputs = requires::inputs(package, &overlay, context.base.release.series);
    if lock.pins(&package.name, &inputs).is_some() {
        return Ok(());
    }
    lock.refuse_if_locked(&package.name)?;
    let step = format!("resolving the build requirements of {}", package.name);
    store.progress().begin(&step);
    let pins = requires::resolve(package, packages, &overlay, context, store)?;
    store.progress().end(&step);
    lock.add(&package.name, &inputs, pins);
    Ok(())
}

/// Builds a package with its locked build requirements, or finds it in the store.
pub(super) fn build(
    package: &NativePackage,
    packages: &[NativePackage],
    context: &BuildContext<'_>,
    store: &Store,
    lock: &BuildLock,
) -> Result<Artifact> {
    let overlay = Overlay::of(package, context.plan)?;
    let pins = lock
        .pins(
            &package.name,
            &requires::inputs(package, &overlay, context.base.release.series),
        )
        .ok_or_else(|| {
            Error::missing(
                format!("the build requirements of {}", package.name),
                "build again",
            )
        })?;
    let base = context.base;
    let tools = store.artifact(&BuildEnvironment {
        uv: context.uv,
        pins,
        build_python: &base.build_python,
    })?;
    let numpy = match requires::use_numpy(pins) {
        true => Some(packages::numpy(packages, context, store)?),
        false => None,
    };
    let libraries = libraries::build(&overlay.libraries, &base.compat, context, store)?;
    let mut on_demand = Vec::new();
    for name in overlay.on_demand() {
        on_demand.extend(on_demand::libraries::build(name, context, store)?);
    }
    store.artifact(&NativeSdist {
        package,
        context,
        cxx: &base.toolchain.cxx()?,
        compat: &base.compat,
        tools: &tools,
        numpy: numpy.as_ref(),
        with_rust: requires::use_rust(pins),
        overlay: &overlay,
        libraries: &libraries,
        on_demand: &on_demand,
    })
}

/// The recipe of a package at one version.
struct NativeSdist<'a> {
    package: &'a NativePackage,
    context: &'a BuildContext<'a>,
    cxx: &'a Cxx,
    compat: &'a Artifact,
    tools: &'a Artifact,
    numpy: Option<&'a Artifact>,
    with_rust: bool,
    overlay: &'a Overlay,
    libraries: &'a [Built],
    /// Libraries that guests link on demand, which the package links too.
    on_demand: &'a [Artifact],
}

impl Recipe for NativeSdist<'_> {
    fn name(&self) -> String {
        format!("{}-{}", self.package.name, self.package.version)
    }

    fn inputs(&self) -> Inputs {
        let base = self.context.base;
        let texts = [
            backend::DRIVER,
            machine::COMPILER,
            machine::SITECUSTOMIZE,
            machine::TOOLCHAIN_FILE,
            machine::PLATFORM_FILE,
            machine::PKG_CONFIG,
        ];
        let mut inputs = isolate::with_code(Inputs::of_code(code![
            "backend.rs",
            "collect.rs",
            "machine.rs",
            "mod.rs",
            "variables.rs"
        ]))
        .with_code("workspace", workspace::CODE)
        .with_code("tidying", dist_info::CODE)
        .with("source", &self.package.sdist.sha256)
        .with("overlay", self.overlay.identity())
        .with("driver and compiler", hash::of_bytes(texts.concat()))
        .with("toolchain", base.toolchain.identity())
        .with("libc++", self.cxx.identity())
        .with_artifact(self.tools)
        .with_artifact(self.compat)
        .with_artifact(&base.python)
        .with_artifact(&base.c_libraries);
        if self.with_rust {
            inputs = inputs.with("rustc", self.context.rustc);
        }
        let libraries = self.libraries.iter().map(|built| &built.artifact);
        let artifacts = libraries.chain(self.on_demand).chain(self.numpy);
        artifacts.fold(inputs, Inputs::with_artifact)
    }

    fn step(&self) -> String {
        format!(
            "building {} {} from source",
            self.package.name, self.package.version
        )
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let archive = self.package.sdist.archive();
        let sdist = self.context.sources.obtain(&archive, None)?;
        let tree = unpack(&sdist, dirs.scratch)?;
        self.overlay.apply_patches(&tree)?;
        let machine = Machine {
            context: self.context,
            cxx: self.cxx,
            compat: self.compat,
            tools: self.tools,
            numpy: self.numpy.map(numpy::for_builds),
            overlay: self.overlay,
            libraries: self.libraries,
            on_demand: self.on_demand,
            package: &self.package.name,
            tree: &tree,
            scratch: dirs.scratch,
        };
        machine.write()?;
        if self.with_rust {
            workspace::separate(&tree)?;
            self.fetch_crates(&tree, dirs)?;
        }
        let titled = self.package.titled();
        let backend = Backend {
            machine: &machine,
            titled: &titled,
            log: dirs.log,
        };
        let wheel = backend.build_wheel(&dirs.scratch.join("wheel"))?;
        let site = dirs.scratch.join("site");
        collect::install(&wheel, &site)?;
        let mut private: Vec<(String, String)> = machine
            .private()
            .map(|(path, stands_for)| (path.display().to_string(), stands_for))
            .collect();
        // Folders come before those that contain them.
        private.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        collect::hide_paths(&site, &private)?;
        self.collect(&site, dirs).map_err(|error| Error::Package {
            package: titled.clone(),
            problem: error.to_string(),
            help: "remove the package, or use a version with a pure-Python wheel".to_owned(),
        })
    }
}

impl NativeSdist<'_> {
    /// Fetches the crates of every Cargo.lock in the source, because the build has no network.
    fn fetch_crates(&self, tree: &Path, dirs: &RecipeDirs<'_>) -> Result<()> {
        let files = tree::files(tree)?;
        let mut folders: Vec<&str> = files
            .iter()
            .filter_map(|file| file.strip_suffix("Cargo.lock"))
            .filter(|folder| {
                let beside = |name: &str| files.contains(&format!("{folder}{name}"));
                // A vendored crate is part of another crate's lock.
                beside("Cargo.toml") && !beside(".cargo-checksum.json")
            })
            .collect();
        let locked = !folders.is_empty();
        if !locked {
            let manifests = files
                .iter()
                .filter_map(|file| file.strip_suffix("Cargo.toml"));
            folders.extend(manifests.min_by_key(|folder| folder.len()));
        }
        for folder in folders {
            Program::new(
                Tool::Cargo,
                self.context.cargo,
                format!("fetching the crates of {}", self.package.name),
            )
            .current_dir(tree.join(folder))
            .log(dirs.log)
            // Those for other platforms too: setuptools-rust has Cargo list them all.
            .arg("fetch")
            .args(locked.then_some("--locked"))
            .args(self.context.sources.is_offline().then_some("--offline"))
            .run()?;
        }
        Ok(())
    }

    /// Creates the artifact's content from an installed wheel.
    fn collect(&self, site: &Path, dirs: &RecipeDirs<'_>) -> Result<()> {
        let objects = dirs.content.join("objects");
        fs::create_dir_all(&objects).on("create", &objects)?;
        let found = collect::modules(site)?;
        let mut contents = Contents::default();
        for found in &found {
            let module = ExtensionModule::named(&found.name);
            let object = objects.join(module.object());
            self.isolate(&site.join(&found.file), &module, &object, dirs.log)?;
            contents.cxx |= collect::calls_cxx(&object)?;
            contents.objects.push(module.object());
            contents.modules.push(module);
        }
        collect::tidy(site, &found)?;
        for built in self.libraries {
            contents.libraries.push(built.library.as_component());
            collect::add_licenses(built.library.name(), &built.artifact.join("licenses"), site)?;
        }
        let python = dirs.content.join("python");
        fs::create_dir_all(&python).on("create", &python)?;
        tree::copy(site, &python, |_| true)?;
        write_contents(dirs, &contents)
    }

    /// Creates the object of a module: merged with the functions that fail, with adapters for CPython, and with one export.
    fn isolate(
        &self,
        linked: &Path,
        module: &ExtensionModule,
        object: &Path,
        log: &Path,
    ) -> Result<()> {
        let exports = [Export {
            from: module.original_symbol(),
            to: module.symbol.clone(),
        }];
        let inputs = [linked.to_owned(), compat::library(self.compat)];
        let linker = self.context.base.toolchain.wasm_ld();
        let constructors = Constructors::AtImport;
        isolate::merge_isolated(linker, &inputs, &exports, constructors, object, log)
    }
}
