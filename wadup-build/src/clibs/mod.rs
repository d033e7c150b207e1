//! The C libraries behind zlib, bz2, lzma and sqlite3, built from the sources in Rust's -sys crates.

mod libraries;
mod sources;

use std::path::{Path, PathBuf};

pub(crate) use sources::{CSources, locked};

use crate::error::{FileContext, Result};
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};
use crate::toolchain::Toolchain;
use crate::tree;
use libraries::{LIBRARIES, Library};

/// The files in `lib` of the artifact.
pub(crate) fn archives() -> impl Iterator<Item = String> {
    LIBRARIES.iter().map(Library::archive)
}

/// The recipe of all four libraries: `lib/*.a` and `include/`.
pub(crate) struct CLibraries<'a> {
    pub(crate) sources: &'a Artifact,
    pub(crate) toolchain: &'a Toolchain,
}

impl Recipe for CLibraries<'_> {
    fn name(&self) -> String {
        "c-libraries".into()
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(code!["mod.rs", "libraries.rs"])
            .with_artifact(self.sources)
            .with("toolchain", self.toolchain.identity())
            .with("libraries", format!("{LIBRARIES:?}"))
    }

    fn step(&self) -> String {
        "building zlib, bzip2, xz and sqlite for wasm".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        LIBRARIES
            .iter()
            .try_for_each(|library| self.build(library, dirs))
    }
}

impl CLibraries<'_> {
    fn build(&self, library: &Library, dirs: &RecipeDirs<'_>) -> Result<()> {
        let root = self.sources.join(library.package);
        let objects = dirs.scratch.join(library.name);
        std::fs::create_dir_all(&objects).on("create", &objects)?;
        let flags: Vec<String> = [
            library.optimisation,
            self.toolchain.assertion_flag(),
            "-std=gnu11",
            "-w",
        ]
        .map(str::to_owned)
        .into_iter()
        // Assertions of sqlite and others must not contain paths of the build machine.
        .chain([format!("-ffile-prefix-map={}=/c", root.display())])
        .chain(library.flags.iter().map(|flag| (*flag).to_owned()))
        .chain(
            library
                .includes
                .iter()
                .map(|folder| format!("-I{}", root.join(folder).display())),
        )
        .collect();
        let mut made = Vec::new();
        for source in library.sources(&root)? {
            let object = object_for(&objects, &source);
            self.toolchain
                .compile(&root.join(&source), &object, &flags, dirs.log)?;
            made.push(object);
        }
        let archive = dirs.content.join("lib").join(library.archive());
        self.toolchain.archive(&archive, &made, dirs.log)?;
        for header in library.headers(&root)? {
            tree::copy_file(
                &root.join(library.header_folder).join(&header),
                &dirs.content.join("include").join(&header),
            )?;
        }
        Ok(())
    }
}

/// Named by the whole path, because xz has files with the same name in several folders.
fn object_for(folder: &Path, source: &str) -> PathBuf {
    folder.join(format!("{}.o", source.replace('/', "_")))
}
