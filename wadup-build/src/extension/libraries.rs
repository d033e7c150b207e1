//! C libraries that packages expect, built from the sources in Rust's -sys crates if an overlay names them.

use std::fs;
use std::path::Path;

use super::BuildContext;
use crate::command::Program;
use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};
use crate::source::{Archive, unpack};
use crate::store::{Inputs, Recipe, RecipeDirs, code};
use crate::temporary;
use crate::tree;

/// A library as data: its crate, its files and how to compile them.
#[derive(Debug)]
pub(super) struct Library {
    /// Its name in `lib<name>.a` and in overlays.
    pub(super) name: &'static str,
    /// The crate with the sources, its version and the hash of its archive.
    package: &'static str,
    version: &'static str,
    sha256: &'static str,
    /// The folder of the `.c` files, all of them compiled.
    sources: &'static str,
    /// The folder of the public headers.
    headers: &'static str,
    flags: &'static [&'static str],
}

const ALL: [Library; 1] = [Library {
    name: "yaml",
    package: "libyaml-sys",
    version: "0.1.0",
    sha256: "3c0db97a2d3c6e1498825300c7608e14e1ce2fab0f1fdb6be83efae55decef94",
    sources: "libyaml/src",
    headers: "libyaml/include",
    flags: &[
        "-DYAML_VERSION_MAJOR=0",
        "-DYAML_VERSION_MINOR=2",
        "-DYAML_VERSION_PATCH=2",
        "-DYAML_VERSION_STRING=\"0.2.2\"",
    ],
}];

/// The library of this name.
pub(super) fn of(name: &str) -> Option<&'static Library> {
    ALL.iter().find(|library| library.name == name)
}

impl Library {
    fn archive(&self) -> Archive {
        Archive {
            file: format!("{}-{}.crate", self.package, self.version),
            sha256: self.sha256.to_owned(),
            urls: Vec::new(),
        }
    }

    /// Fetches the crate with Cargo, and copies its archive to `file`.
    fn fetch(&self, context: &BuildContext<'_>, file: &Path) -> Result<()> {
        let scratch = temporary::folder()?;
        let manifest = scratch.path().join("Cargo.toml");
        let text = format!(
            "[package]\nname = \"source\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[lib]\npath = \"Cargo.toml\"\n\
             [dependencies]\n{} = \"={}\"\n[workspace]\n",
            self.package, self.version
        );
        fs::write(&manifest, text).on("write", &manifest)?;
        Program::new(
            Tool::Cargo,
            context.cargo,
            format!("fetching the source of lib{}", self.name),
        )
        .arg("fetch")
        .current_dir(scratch.path())
        .run()?;
        let cache = context.cargo_home.join("registry/cache");
        let name = self.archive().file;
        for registry in fs::read_dir(&cache).on("list", &cache)? {
            let fetched = registry.on("list", &cache)?.path().join(&name);
            if fetched.is_file() {
                return fs::copy(&fetched, file).map(drop).on("copy", &fetched);
            }
        }
        Err(Error::missing(
            format!("{name} in Cargo's cache"),
            "supply it in the folder that WADUP_SOURCES names",
        ))
    }
}

/// The recipe of a library: `lib/` and `include/`.
pub(super) struct BuiltLibrary<'a> {
    pub(super) library: &'static Library,
    pub(super) context: &'a BuildContext<'a>,
}

impl Recipe for BuiltLibrary<'_> {
    fn name(&self) -> String {
        format!("lib{}", self.library.name)
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(code!["libraries.rs"])
            .with("library", format!("{:?}", self.library))
            .with("toolchain", self.context.base.toolchain.identity())
    }

    fn step(&self) -> String {
        format!("building lib{} for wasm", self.library.name)
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let library = self.library;
        let toolchain = &self.context.base.toolchain;
        let fetch = |file: &Path| library.fetch(self.context, file);
        let archive = self
            .context
            .sources
            .obtain(&library.archive(), Some(&fetch))?;
        let root = unpack(&archive, dirs.scratch)?;
        let headers = root.join(library.headers);
        let mut flags = vec![
            "-O2".to_owned(),
            "-w".to_owned(),
            toolchain.assertion_flag().to_owned(),
            format!("-ffile-prefix-map={}=/{}", root.display(), library.name),
            format!("-I{}", headers.display()),
        ];
        flags.extend(library.flags.iter().map(|flag| (*flag).to_owned()));
        let sources = root.join(library.sources);
        let mut objects = Vec::new();
        for file in tree::files(&sources)? {
            if file.ends_with(".c") {
                let object = dirs
                    .scratch
                    .join(file.replace('/', "_"))
                    .with_extension("o");
                toolchain.compile(&sources.join(&file), &object, &flags, dirs.log)?;
                objects.push(object);
            }
        }
        let built = dirs.content.join(format!("lib/lib{}.a", library.name));
        toolchain.archive(&built, &objects, dirs.log)?;
        tree::copy(&headers, &dirs.content.join("include"), |file| {
            file.ends_with(".h")
        })
    }
}
