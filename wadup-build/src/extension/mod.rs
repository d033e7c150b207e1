//! Native packages: each becomes one object that exports its init functions and nothing else, and its Python files.

mod constructors;
mod imports;
mod isolate;
mod jumps;
mod libraries;
mod meson;
mod numpy;
pub(crate) mod on_demand;
mod packages;
mod pandas;
mod pydantic_core;
mod recipes;
mod runtime;
mod sdist;
mod thunks;
mod workspace;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::Base;
pub(crate) use packages::RECIPES;

use crate::error::{Error, FileContext, Result};
use crate::hide::{CxxLibraries, CxxUser};
use crate::link::{NamedArchive, NativeObject};
use crate::plan::{Excluded, Plan};
use crate::site::{BuildLock, NativePackage, Uv};
use crate::source::Sources;
use crate::store::{Artifact, RecipeDirs, Store};
use crate::toolchain::Toolchain;

/// A module that is linked into the guest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ExtensionModule {
    /// Its dotted name in Python.
    pub(crate) name: String,
    /// The symbol of its init function.
    pub(crate) symbol: String,
}

impl ExtensionModule {
    /// A module whose symbol contains the whole dotted name, because two packages may both have a `_common`.
    ///
    /// A dot becomes `_` and an underscore `_1`, so that symbols are unique: no component of a
    /// Python name begins with a digit.
    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            symbol: format!("wadup_init_{}", name.replace('_', "_1").replace('.', "_")),
        }
    }

    /// The symbol of the function that runs the module's static constructors. A module without any does not define it.
    pub(crate) fn constructors(&self) -> String {
        constructors::of(&self.symbol)
    }

    /// The init function's name in the package (PEP 489).
    fn original_symbol(&self) -> String {
        format!(
            "PyInit_{}",
            self.name.rsplit('.').next().unwrap_or_default()
        )
    }

    /// The file name of an object with only this module.
    fn object(&self) -> String {
        format!("{}.o", self.name)
    }
}

/// The build context of every recipe of this folder.
pub(crate) struct BuildContext<'a> {
    pub(crate) base: &'a Base,
    /// It has the user's overlays.
    pub(crate) plan: &'a Plan,
    pub(crate) sources: &'a Sources<'a>,
    pub(crate) uv: Uv<'a>,
    /// The folders to search for programs.
    pub(crate) path: &'a str,
    pub(crate) cargo: &'a str,
    /// The folder of Cargo with the sources of crates.
    pub(crate) cargo_home: &'a Path,
    /// The folder of rustup with its toolchains, if it is installed.
    pub(crate) rustup_home: Option<&'a Path>,
    /// The first lines of `rustc -vV`.
    pub(crate) rustc: &'a str,
}

impl BuildContext<'_> {
    /// The value of PATH with a folder before all others.
    fn path_with(&self, folder: &Path) -> String {
        format!("{}:{}", folder.display(), self.path)
    }
}

/// A native package, ready to be linked and bundled.
#[derive(Debug)]
pub(crate) struct Extension {
    name: String,
    artifact: Artifact,
    /// Its folder `objects` contains the objects to link.
    linked: Artifact,
    contents: Contents,
    /// Whether it was built without native code, although the index has native wheels.
    fell_back: bool,
}

/// `extension.json` in the artifact of every recipe of this folder, beside `objects/` and `python/`.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Contents {
    modules: Vec<ExtensionModule>,
    objects: Vec<String>,
    /// Modules that only the package's tests import; each has an object of its own.
    #[serde(default)]
    test_modules: Vec<ExtensionModule>,
    /// Whether it contains C++.
    #[serde(default)]
    cxx: bool,
    /// The C libraries that it contains and wadup built.
    #[serde(default)]
    libraries: Vec<CLibrary>,
}

/// A C library that a package contains.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct CLibrary {
    /// The crate with its source, or its own name.
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) sha256: String,
    /// SPDX.
    pub(crate) license: String,
    pub(crate) is_crate: bool,
}

impl Contents {
    fn admit_test_modules(&mut self) {
        self.objects
            .extend(self.test_modules.iter().map(ExtensionModule::object));
        self.modules.append(&mut self.test_modules);
    }
}

impl Extension {
    fn of(
        package: &NativePackage,
        artifact: Artifact,
        toolchain: &Toolchain,
        store: &Store,
    ) -> Result<Self> {
        let file = artifact.join("extension.json");
        let text = fs::read(&file).on("read", &file)?;
        let contents: Contents =
            serde_json::from_slice(&text).map_err(|error| Error::malformed(&file, error))?;
        let linked = if contents.cxx {
            let runtime = runtime(toolchain, store)?;
            store.artifact(&CxxUser {
                package: &artifact,
                runtime: &runtime,
                libraries: &runtime::archives(&runtime),
            })?
        } else {
            artifact.clone()
        };
        Ok(Self {
            fell_back: contents.modules.is_empty() && package.has_native_wheels,
            name: package.name.clone(),
            artifact,
            linked,
            contents,
        })
    }

    /// The same package with the modules that only its tests import.
    pub(crate) fn with_test_modules(mut self) -> Self {
        self.contents.admit_test_modules();
        self
    }

    /// The warning if it was built without native code.
    pub(crate) fn warning(&self) -> Option<String> {
        self.fell_back.then(|| {
            format!(
                "{}: was built without its native code, so the guest has only its Python; it may be slower or lack features",
                self.name
            )
        })
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The C libraries that it contains, except for CPython's and those in its own source.
    pub(crate) fn libraries(&self) -> &[CLibrary] {
        &self.contents.libraries
    }

    /// Its folder `python` contains the package's Python files and metadata, with the layout of a site folder.
    pub(crate) fn artifact(&self) -> &Artifact {
        &self.artifact
    }

    /// Its folder `objects` contains the objects to link.
    pub(crate) fn linked(&self) -> &Artifact {
        &self.linked
    }

    /// The modules that the guest contains.
    pub(crate) fn modules<'a>(
        &'a self,
        excluded: &'a Excluded,
    ) -> impl Iterator<Item = &'a ExtensionModule> {
        self.contents
            .modules
            .iter()
            .filter(|module| !excluded.contains(&module.name))
    }

    /// The modules of the standard library that its native code may import, which Python sources do not show.
    ///
    /// # Errors
    /// When an object cannot be read.
    pub(crate) fn imports<'m>(&self, library: &BTreeSet<&'m str>) -> Result<BTreeSet<&'m str>> {
        if let Some(recipe) = packages::of(&self.name) {
            return Ok(recipe.imports.iter().copied().collect());
        }
        let mut found = BTreeSet::new();
        for object in &self.contents.objects {
            let file = self.artifact.join("objects").join(object);
            let bytes = fs::read(&file).on("read", &file)?;
            let named = imports::named(&bytes, library);
            found.extend(named.map_err(|error| Error::malformed(&file, error))?);
        }
        Ok(found)
    }

    /// The objects of those modules, and their shared objects.
    pub(crate) fn objects<'a>(
        &'a self,
        excluded: &'a Excluded,
    ) -> impl Iterator<Item = NativeObject> {
        let of_excluded: Vec<String> = self
            .contents
            .modules
            .iter()
            .filter(|module| excluded.contains(&module.name))
            .map(ExtensionModule::object)
            .collect();
        self.contents
            .objects
            .iter()
            .filter(move |object| !of_excluded.contains(object))
            .map(|object| NativeObject {
                package: self.name.clone(),
                file: self.linked.join("objects").join(object),
            })
    }
}

/// Builds the native packages of a guest, or finds them in the store. Locks the build requirements of those without a recipe.
///
/// # Errors
/// When sources are not available or do not build: the error lists every such package.
pub(crate) fn build_all(
    packages: &[NativePackage],
    context: &BuildContext<'_>,
    store: &Store,
    mut lock: BuildLock,
) -> Result<(Vec<Extension>, Option<PathBuf>)> {
    let mut errors = Vec::new();
    let mut extensions = Vec::new();
    let mut ready = Vec::new();
    for package in packages {
        let locked = match packages::of(&package.name) {
            Some(_) => Ok(()),
            None => sdist::lock(package, packages, context, store, &mut lock),
        };
        match locked {
            Ok(()) => ready.push(package),
            Err(error) => errors.push(about(package, error)),
        }
        lock.keep(&package.name);
    }
    for package in ready {
        let built = match packages::of(&package.name) {
            Some(recipe) => recipe.build(package, packages, context, store),
            None => sdist::build(package, packages, context, store, &lock),
        };
        let extension =
            built.and_then(|made| Extension::of(package, made, &context.base.toolchain, store));
        match extension {
            Ok(extension) => extensions.push(extension),
            Err(error) => errors.push(about(package, error)),
        }
    }
    let lock = lock.write(store.progress())?;
    match errors.len() {
        0 => Ok((extensions, lock)),
        1 => Err(errors.remove(0)),
        _ => Err(Error::Several(errors)),
    }
}

/// A failed program as the error of the package that it was run for, whose name users know.
fn about(package: &NativePackage, error: Error) -> Error {
    match error {
        Error::ProgramFailed { .. } => Error::Package {
            package: package.titled(),
            problem: error.report(),
            help: "use another version of the package, or one with a pure-Python wheel".to_owned(),
        },
        named => named,
    }
}

/// The libraries that only guests with native packages link.
pub(crate) struct Shared {
    pub(crate) artifacts: [Artifact; 2],
    pub(crate) archives: Vec<PathBuf>,
    pub(crate) before_libc: NamedArchive,
}

/// Whether the file name is that of a library that extensions share.
pub(crate) fn is_shared(library: &str) -> bool {
    runtime::ARCHIVES.contains(&library)
}

/// Prepares the libraries that the extensions need.
///
/// # Errors
/// When one of them is in C++ and libc++ is missing.
pub(crate) fn shared(
    extensions: &[Extension],
    toolchain: &Toolchain,
    store: &Store,
) -> Result<Option<Shared>> {
    if !extensions.iter().any(|extension| extension.contents.cxx) {
        return Ok(None);
    }
    let runtime = runtime(toolchain, store)?;
    let artifact = store.artifact(&CxxLibraries {
        runtime: &runtime,
        libraries: &runtime::archives(&runtime),
        toolchain,
    })?;
    Ok(Some(Shared {
        archives: runtime::archives(&artifact),
        before_libc: runtime::before_libc(&runtime),
        artifacts: [artifact, runtime],
    }))
}

fn runtime(toolchain: &Toolchain, store: &Store) -> Result<Artifact> {
    store.artifact(&runtime::Runtime {
        toolchain,
        cxx: &toolchain.cxx()?,
    })
}

fn write_contents(dirs: &RecipeDirs<'_>, contents: &Contents) -> Result<()> {
    let file = dirs.content.join("extension.json");
    let text =
        serde_json::to_vec_pretty(contents).map_err(|error| Error::malformed(&file, error))?;
    fs::write(&file, text).on("write", &file)
}

#[cfg(any(test, fuzzing))]
pub(crate) use jumps::hostile_object as hostile_jumps;
#[cfg(any(test, fuzzing))]
pub(crate) use thunks::hostile_object as hostile_tables;

/// For any bytes, isolation fails or returns an object whose only visible symbol is the export; then either its constructors
/// cannot be called, or none is left that runs when the guest starts.
#[cfg(any(test, fuzzing))]
pub(crate) fn hostile_object(bytes: &[u8]) {
    use crate::object;

    let export = isolate::Export {
        from: "PyInit_lib".to_owned(),
        to: "wadup_init_lib".to_owned(),
    };
    if let Ok(isolated) = isolate::isolate(bytes, std::slice::from_ref(&export)) {
        // A corrupt table cannot be read completely.
        let visible = object::definitions(&isolated).unwrap_or_default();
        assert!(visible.iter().all(|name| *name == export.to), "{visible:?}");
        if let Ok(deferred) = constructors::defer(&isolated, [&*export.to]) {
            assert!(
                object::constructors(&deferred)
                    .unwrap_or_default()
                    .is_empty()
            );
        }
        // All symbols are hidden.
        assert!(matches!(
            isolate::isolate(&isolated, &[]),
            Ok(_) | Err(isolate::Refusal::Object(object::Refusal::Malformed(_)))
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_modules_share_a_symbol() {
        assert_ne!(
            ExtensionModule::named("a._b").symbol,
            ExtensionModule::named("a_.b").symbol
        );
    }

    #[test]
    fn a_module_of_tests_is_linked_once_it_is_included() {
        let mut contents = Contents {
            modules: vec![ExtensionModule::named("x.lib")],
            objects: vec!["x.lib.o".to_owned()],
            test_modules: vec![ExtensionModule::named("x.lib_tests")],
            cxx: false,
            libraries: Vec::new(),
        };

        contents.admit_test_modules();

        assert_eq!(contents.modules[1].name, "x.lib_tests");
        assert_eq!(contents.objects, ["x.lib.o", "x.lib_tests.o"]);
    }

    #[test]
    fn the_symbol_of_a_module_contains_its_package() {
        let module = ExtensionModule::named("pydantic_core._pydantic_core");

        assert_eq!(module.symbol, "wadup_init_pydantic_1core__1pydantic_1core");
        assert_eq!(module.original_symbol(), "PyInit__pydantic_core");
    }
}
