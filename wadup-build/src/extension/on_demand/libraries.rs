//! The libraries of this folder for packages that link them.

use std::fs;

use super::{Context, openssl};
use crate::error::{FileContext, Result};
use crate::extension::BuildContext;
use crate::hash;
use crate::source::registry::Cargo;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, Store, code};
use crate::toolchain::Toolchain;

const OPENSSL: &str = "openssl";
const FFI: &str = "ffi";

/// The names in overlays.
pub(in crate::extension) const NAMES: [&str; 2] = [FFI, OPENSSL];

/// Builds a library, or finds it in the store. It has the folders `lib` and `include`. `None` for a name of no library
/// here.
///
/// # Errors
/// When the source is not available or does not build.
pub(in crate::extension) fn build(
    name: &str,
    context: &BuildContext<'_>,
    store: &Store,
) -> Result<Option<Artifact>> {
    let artifact = match name {
        OPENSSL => store.artifact(&openssl::OpenSsl {
            context: &Context {
                base: context.base,
                sources: context.sources,
                cargo: Cargo {
                    program: context.cargo,
                    home: context.cargo_home,
                },
                path: context.path,
            },
        })?,
        FFI => store.artifact(&Ffi {
            toolchain: &context.base.toolchain,
        })?,
        _ => return Ok(None),
    };
    Ok(Some(artifact))
}

const HEADER: &str = include_str!("ffi/ffi.h");
const SOURCE: &str = include_str!("ffi/ffi.c");

/// The recipe of the part of libffi that describes types.
struct Ffi<'a> {
    toolchain: &'a Toolchain,
}

impl Recipe for Ffi<'_> {
    fn name(&self) -> String {
        "libffi".into()
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(code!["libraries.rs"])
            .with("source", hash::of_bytes([HEADER, SOURCE].concat()))
            .with("toolchain", self.toolchain.identity())
    }

    fn step(&self) -> String {
        "compiling libffi's types for wasm".into()
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let include = dirs.content.join("include");
        fs::create_dir_all(&include).on("create", &include)?;
        for (folder, name, text) in [
            (&*include, "ffi.h", HEADER),
            (dirs.scratch, "ffi.c", SOURCE),
        ] {
            let file = folder.join(name);
            fs::write(&file, text).on("write", &file)?;
        }
        let object = dirs.scratch.join("ffi.o");
        let flags = ["-O2".to_owned(), format!("-I{}", include.display())];
        self.toolchain
            .compile(&dirs.scratch.join("ffi.c"), &object, &flags, dirs.log)?;
        self.toolchain
            .archive(&dirs.content.join("lib/libffi.a"), &[object], dirs.log)
    }
}
