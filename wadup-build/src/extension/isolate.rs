//! Isolates an extension module: merges it into one relocatable object whose only visible symbols are its exports.
//!
//! A dynamic loader gives each extension module its own scope (`RTLD_LOCAL`): two modules may carry the same C
//! library, the same templates, or a Rust standard library each. In one static link all of these are duplicate
//! symbols. So an extension is first merged into one object and that object's symbols are then made local, but for the
//! functions that the interpreter asks for; those also get names that no two packages share.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use wasmparser::{SymbolFlags, SymbolInfo};

use super::{constructors, jumps, thunks};
use crate::command::Program;
use crate::environment::Tool;
use crate::error::{Error, FileContext, Result};
use crate::object;
use crate::store::{Inputs, code};

/// Adds the code that decides the bytes of an isolated object to the inputs of a recipe.
pub(super) fn with_code(inputs: Inputs) -> Inputs {
    inputs
        .with_code("isolate", code!["constructors.rs", "isolate.rs"])
        .with_code("jumps", jumps::CODE)
        .with_code("object", object::CODE)
        .with_code("thunks", thunks::CODE)
}

/// A symbol that stays visible, and its name in the rest of the guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Export {
    /// The name in the extension: `PyInit__pydantic_core`.
    pub(crate) from: String,
    /// The name in the isolated object, which no other object of the guest may define.
    pub(crate) to: String,
}

/// When the static constructors of an object run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Constructors {
    /// When the guest starts, before Python does.
    AtStart,
    /// When the first module of the object is imported.
    AtImport,
}

/// Why an object could not be isolated.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// No global symbol of that name is defined in the object.
    #[error("it defines no global symbol `{0}`")]
    MissingExport(String),
    /// The object cannot be parsed.
    #[error(transparent)]
    Object(#[from] object::Refusal),
}

/// Merges `inputs` into the object `out`, in which CPython can call all that it reads, and only `exports` can be seen from
/// outside. Which functions got adapters is added to `log`.
///
/// # Errors
/// As [`merge`], [`jumps::lower`] and [`thunks::adapt`], and when the merged object is not what [`isolate`] can read.
pub(crate) fn merge_isolated(
    linker: &Path,
    inputs: &[PathBuf],
    exports: &[Export],
    constructors: Constructors,
    out: &Path,
    log: &Path,
) -> Result<()> {
    merge(linker, inputs, exports, out)?;
    let merged = fs::read(out).on("read", out)?;
    let lowered = jumps::lower(&merged).map_err(|refusal| Error::malformed(out, refusal))?;
    let adapted = thunks::adapt(&lowered, out)?;
    adapted.write_log(log)?;
    let isolated =
        isolate(&adapted.object, exports).map_err(|refusal| Error::malformed(out, refusal))?;
    let finished = match constructors {
        Constructors::AtStart => isolated.into(),
        Constructors::AtImport => {
            let inits = exports.iter().map(|export| &*export.to);
            constructors::defer(&isolated, inits)
                .map_err(|refusal| Error::malformed(out, refusal))?
        }
    };
    fs::write(out, finished).on("write", out)
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

/// Makes every definition of an object local except `exports`, which are renamed.
///
/// What the object leaves undefined stays so: the Python API and libc are shared by all of a guest. COMDAT groups are
/// dropped, since of a group that another object has too the linker would discard members that local symbols still
/// name; each object then keeps its own copy of an inline function's static variables, as under `RTLD_LOCAL`. All
/// other sections keep their bytes, for relocations name symbols by index and no index changes.
///
/// # Errors
/// When the bytes are not a relocatable object or an export is not defined; it never panics.
pub(crate) fn isolate(object: &[u8], exports: &[Export]) -> Result<Vec<u8>, Refusal> {
    let mut isolation = Isolation {
        exports,
        missing: exports.iter().collect(),
    };
    let isolated = object::rewrite(object, &mut isolation)?;
    match isolation.missing.first() {
        Some(export) => Err(Refusal::MissingExport(export.from.clone())),
        None => Ok(isolated),
    }
}

struct Isolation<'a> {
    exports: &'a [Export],
    /// The exports that were not found yet.
    missing: Vec<&'a Export>,
}

impl<'a> object::Edit<'a> for Isolation<'a> {
    fn symbol(&mut self, symbol: &mut SymbolInfo<'a>) {
        let Some((flags, name)) = object::global_definition(symbol) else {
            return;
        };
        // None of these says anything about a symbol that only the guest's own link can see.
        flags.remove(SymbolFlags::BINDING_WEAK | SymbolFlags::EXPORTED | SymbolFlags::NO_STRIP);
        if let Some(export) = self.exports.iter().find(|export| export.from == *name) {
            self.missing.retain(|other| other.from != export.from);
            flags.insert(SymbolFlags::VISIBILITY_HIDDEN);
            *name = &export.to;
        } else {
            flags.insert(SymbolFlags::BINDING_LOCAL);
        }
    }

    fn group(&mut self, _name: &'a str) -> Option<Cow<'a, str>> {
        None
    }
}

#[cfg(test)]
mod tests;
