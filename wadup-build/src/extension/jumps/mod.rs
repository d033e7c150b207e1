//! Makes `setjmp` and `longjmp` work in an extension, on hosts without WebAssembly's exceptions.
//!
//! clang compiles a function that calls `setjmp` to a `try` around its calls, with a `catch` that continues where the
//! jump goes. Here, in the merged object, `longjmp` notes the jump and returns (compat/c/jumps.c). After each call that may
//! end so, the caller looks for the note: it branches to the `catch`, or returns too. No `try` is left.

mod calls;
mod lower;

use std::borrow::Cow;

use wasm_encoder::{CustomSection, Encode, Module, RawSection};
use wasmparser::{BinaryReader, RelocationEntry, RelocationType, SymbolFlags, SymbolInfo};

use self::calls::Calls;
use super::thunks::reader::{Object, Role, Target};
use super::thunks::{refusal, rewrite};
use crate::object;
use crate::store::code;

/// The code that decides the bytes of a lowered object.
pub(super) const CODE: &[&str] = code!["calls.rs", "lower.rs", "mod.rs"];

/// Makes clang compile `setjmp`, and nothing else, to exceptions.
pub(super) const FLAGS: [&str; 4] = [
    "-mllvm",
    "-wasm-enable-sjlj",
    "-U__WASM_EXCEPTIONS__",
    "-U__wasm_exception_handling__",
];

/// The variable with the jump that is on its way.
const PENDING: &str = "wadup_pending_jump";

/// Why an object could not be lowered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// It is not an object that this module can read.
    #[error(transparent)]
    Object(#[from] refusal::Refusal),
    /// Its code uses exceptions for more than jumps.
    #[error(
        "its code contains `{0}`, and guests have no WebAssembly exceptions: compile it without them"
    )]
    Exceptions(&'static str),
    /// It catches jumps and cannot start any.
    #[error("it calls `setjmp`, and it was merged without the functions for that")]
    NoRuntime,
}

impl From<wasmparser::Error> for Refusal {
    fn from(error: wasmparser::Error) -> Self {
        refusal::Refusal::from(error).into()
    }
}

/// The object without exceptions: its bytes are the same if it had none.
///
/// # Errors
/// When the bytes are not a relocatable object, or throw exceptions themselves. No input causes a panic.
pub(super) fn lower(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Refusal> {
    let object = Object::read(bytes)?;
    let calls = Calls::of(&object)?;
    let code = if calls.has_jumps() {
        let pending = pending(&object).ok_or(Refusal::NoRuntime)?;
        Some(lower::functions(&object, &calls, pending)?)
    } else {
        None
    };
    let features = object
        .sections
        .iter()
        .find_map(|section| match section.role {
            Role::Other if section.id == 0 => without_exceptions(section.content).transpose(),
            _ => None,
        })
        .transpose()?;
    if code.is_none() && features.is_none() {
        return Ok(Cow::Borrowed(bytes));
    }
    Ok(Cow::Owned(written(&object, code, features)))
}

/// The symbol of the variable with the pending jump.
fn pending(object: &Object<'_>) -> Option<u32> {
    let is_it = |symbol: &SymbolInfo<'_>| matches!(symbol, SymbolInfo::Data { name: PENDING, flags, .. } if !flags.contains(SymbolFlags::UNDEFINED));
    object.symbols.iter().position(is_it).map(|at| at as u32)
}

/// Code with its relocations.
struct Lowered {
    code: Vec<u8>,
    relocations: Vec<RelocationEntry>,
}

fn written(object: &Object<'_>, code: Option<Lowered>, features: Option<Vec<u8>>) -> Vec<u8> {
    let mut module = Module::new();
    for section in &object.sections {
        let id = section.id;
        match (&section.role, &code) {
            (Role::Code, Some(lowered)) => {
                let data = &lowered.code;
                module.section(&RawSection { id, data });
            }
            (
                Role::Relocations {
                    name,
                    section,
                    target: Target::Code,
                    ..
                },
                Some(lowered),
            ) => rewrite::relocations(&mut module, name, *section, &lowered.relocations),
            (Role::Linking(content), _) => {
                module.section(&CustomSection {
                    name: "linking".into(),
                    data: (*content).into(),
                });
            }
            (
                Role::Relocations {
                    name,
                    section,
                    entries,
                    ..
                },
                _,
            ) => {
                rewrite::relocations(&mut module, name, *section, entries);
            }
            _ => {
                let data = match &features {
                    Some(features) if id == 0 && is_features(section.content) => features,
                    _ => section.content,
                };
                module.section(&RawSection { id, data });
            }
        }
    }
    module.finish()
}

const FEATURES: &str = "target_features";

fn is_features(content: &[u8]) -> bool {
    BinaryReader::new(content, 0)
        .read_string()
        .is_ok_and(|name| name == FEATURES)
}

/// The section of features without that of exceptions, if it lists it.
fn without_exceptions(content: &[u8]) -> Result<Option<Vec<u8>>, Refusal> {
    if !is_features(content) {
        return Ok(None);
    }
    let mut reader = BinaryReader::new(content, 0);
    reader.read_string()?;
    let mut kept = Vec::new();
    let mut has_exceptions = false;
    for _ in 0..reader.read_var_u32()? {
        let feature = (reader.read_u8()?, reader.read_string()?);
        if feature.1 == "exception-handling" {
            has_exceptions = true;
        } else {
            kept.push(feature);
        }
    }
    let mut written = Vec::new();
    FEATURES.encode(&mut written);
    kept.len().encode(&mut written);
    for (prefix, name) in kept {
        written.push(prefix);
        name.encode(&mut written);
    }
    Ok(has_exceptions.then_some(written))
}

/// A relocation that names the variable in the offset of a load or a store.
fn relocation_of_pending(offset: u32, symbol: u32) -> RelocationEntry {
    RelocationEntry {
        ty: RelocationType::MemoryAddrLeb,
        offset,
        index: symbol,
        addend: 0,
    }
}

/// For any bytes, lowering fails or returns an object that it does not change again.
#[cfg(any(test, fuzzing))]
pub(crate) fn hostile_object(bytes: &[u8]) {
    if let Ok(once) = lower(bytes) {
        match lower(&once) {
            Ok(twice) if !once.is_empty() => assert!(matches!(twice, Cow::Borrowed(_))),
            _ => {}
        }
    }
}

impl From<object::Refusal> for Refusal {
    fn from(refusal: object::Refusal) -> Self {
        refusal::Refusal::from(refusal).into()
    }
}

#[cfg(test)]
mod tests;
