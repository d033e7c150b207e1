//! Makes one relocatable object of an extension module, of which nothing but its exports can be seen from outside.
//!
//! A dynamic loader gives each extension module a scope of its own (`RTLD_LOCAL`): two modules may carry the same C
//! library, the same templates, or a Rust standard library each. In one static link all of these are duplicate
//! symbols. So an extension is first merged into one object and that object's symbols are then made local, but for the
//! functions that the interpreter asks for; those also get names that no two packages share.
//!
//! A relocatable object is a WebAssembly module with the custom sections of [Linking.md] in the tool conventions.
//!
//! [Linking.md]: https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md

mod linking;

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use wasm_encoder::{CustomSection, Module, RawSection};
use wasmparser::{Encoding, Parser, Payload};

use crate::command::Program;
use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};

/// A symbol that stays visible, and the name by which the rest of the guest knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Export {
    /// The name that the extension gives it: `PyInit__pydantic_core`.
    pub(crate) from: String,
    /// The name in the isolated object, which no other object of the guest may define.
    pub(crate) to: String,
}

/// Why an object could not be isolated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The bytes are a WebAssembly module or component that a linker has finished.
    #[error("it is no relocatable object: compile it with `-c`, or link it with `-r`")]
    NotRelocatable,
    /// No global symbol of that name is defined in the object.
    #[error("it defines no global symbol `{0}`")]
    MissingExport(String),
    /// A section is longer than what is left of the file.
    #[error("it ends within a section")]
    Truncated,
    /// The bytes are no WebAssembly, or the symbol table cannot be read.
    #[error(transparent)]
    Malformed(#[from] wasmparser::Error),
}

/// Merges `inputs` into the object `out`, in which only `exports` can be seen from outside.
///
/// # Errors
/// As [`merge`], and when the merged object is not what [`isolate`] can read.
pub(crate) fn merge_isolated(
    linker: &Path,
    inputs: &[PathBuf],
    exports: &[Export],
    out: &Path,
) -> Result<()> {
    merge(linker, inputs, exports, out)?;
    let merged = fs::read(out).on("read", out)?;
    let isolated = isolate(&merged, exports).map_err(|refusal| Error::malformed(out, refusal))?;
    fs::write(out, isolated).on("write", out)
}

/// Merges objects and archives into one relocatable object without debug information, names or producers.
///
/// An object is taken whole. Of an archive only those members are taken that define an export or that a taken member
/// refers to, so one archive of an extension (a Rust `staticlib`) needs no object beside it.
///
/// # Errors
/// When the linker cannot be run or fails: two inputs define the same symbol, or none defines an export.
pub(crate) fn merge(
    linker: &Path,
    inputs: &[PathBuf],
    exports: &[Export],
    out: &Path,
) -> Result<()> {
    Program::new(
        Tool::Compiler,
        linker,
        format!("merging the objects of `{}`", out.display()),
    )
    .or_else("install LLVM's lld")
    .arg("-r")
    // The linker drops these sections better than anyone after it: the indices that relocations and section
    // symbols hold must follow. What a processor must support to run the code has to stay known.
    .args(["--strip-all", "--keep-section=target_features"])
    // `--undefined` would say this better, but cannot be combined with `-r`.
    .args(
        exports
            .iter()
            .map(|export| format!("--export={}", export.from)),
    )
    .args(inputs)
    .arg("-o")
    .arg(out)
    .run()
}

/// The same object with every definition made local but for `exports`, which are renamed.
///
/// What the object leaves undefined stays so: the Python API and libc are shared by all of a guest. COMDAT groups are
/// dropped, since of a group that another object has too the linker would discard members that local symbols still
/// name; each object then keeps its own copy of an inline function's static variables, as under `RTLD_LOCAL`. All
/// other sections keep their bytes, for relocations name symbols by index and no index changes.
///
/// # Errors
/// When the bytes are no relocatable object or an export is not defined; no input makes it panic.
pub(crate) fn isolate(object: &[u8], exports: &[Export]) -> Result<Vec<u8>, Refusal> {
    let mut isolated = Module::new();
    let mut relocatable = false;
    for payload in Parser::new(0).parse_all(object) {
        match payload? {
            Payload::Version {
                encoding: Encoding::Component,
                ..
            } => return Err(Refusal::NotRelocatable),
            Payload::CustomSection(section) if section.name() == linking::SECTION => {
                relocatable = true;
                isolated.section(&CustomSection {
                    name: Cow::Borrowed(linking::SECTION),
                    data: linking::localise(section.data_reader(), exports)?.into(),
                });
            }
            payload => {
                if let Some((id, range)) = payload.as_section() {
                    // The code section is announced before all of it is seen to be there.
                    let data = object
                        .get(range.start as usize..range.end as usize)
                        .ok_or(Refusal::Truncated)?;
                    isolated.section(&RawSection { id, data });
                }
            }
        }
    }
    if relocatable {
        Ok(isolated.finish())
    } else {
        Err(Refusal::NotRelocatable)
    }
}

/// The names that other objects can see of an isolated object.
#[cfg(any(test, fuzzing))]
pub(crate) fn visible(object: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(object) {
        if let Ok(Payload::CustomSection(section)) = payload
            && section.name() == linking::SECTION
        {
            names.extend(linking::visible(section.data_reader()));
        }
    }
    names
}

#[cfg(test)]
mod tests;
