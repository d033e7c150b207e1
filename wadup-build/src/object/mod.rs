//! Rewrites the symbols of relocatable objects. Code and data stay unchanged.
//!
//! A relocatable object is a WebAssembly module with the custom sections of [Linking.md] in the tool conventions.
//! Relocations refer to symbols by index, and indices stay the same.
//!
//! [Linking.md]: https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md

#[cfg(test)]
pub(crate) mod bench;
mod imports;
mod linking;

use std::borrow::Cow;

use wasm_encoder::{CustomSection, Module, RawSection};
use wasmparser::{BinaryReader, Encoding, Parser, Payload, SymbolFlags, SymbolInfo};

use crate::store::code;

/// What decides the bytes of a rewritten object.
pub(crate) const CODE: &[&str] = code!["imports.rs", "linking.rs", "mod.rs"];

/// Why an object could not be rewritten.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The bytes are a linked WebAssembly module or a component.
    #[error("it is not a relocatable object: compile it with `-c`, or link it with `-r`")]
    NotRelocatable,
    /// A section is longer than the rest of the file.
    #[error("it ends within a section")]
    Truncated,
    /// The bytes are not WebAssembly, or the symbol table cannot be read.
    #[error(transparent)]
    Malformed(#[from] wasmparser::Error),
}

/// The changes to make in an object.
pub(crate) trait Edit<'a> {
    /// Changes a symbol. Its kind and its index stay the same.
    fn symbol(&mut self, symbol: &mut SymbolInfo<'a>);

    /// The name of an undefined function that the object imports.
    fn import(&mut self, name: &'a str) -> &'a str {
        name
    }

    /// The new name of a COMDAT group, or `None` to dissolve the group.
    fn group(&mut self, name: &'a str) -> Option<Cow<'a, str>>;

    /// Whether the object's constructors stay on the list of those that run when the linked module starts.
    fn keeps_constructors(&self) -> bool {
        true
    }
}

/// Applies `edit` to an object.
///
/// # Errors
/// If the bytes are not a relocatable object. No input causes a panic.
pub(crate) fn rewrite<'a>(object: &'a [u8], edit: &mut impl Edit<'a>) -> Result<Vec<u8>, Refusal> {
    let mut rewritten = Module::new();
    let mut relocatable = false;
    for payload in Parser::new(0).parse_all(object) {
        let payload = payload?;
        match &payload {
            Payload::Version {
                encoding: Encoding::Component,
                ..
            } => return Err(Refusal::NotRelocatable),
            Payload::CustomSection(section) if section.name() == linking::SECTION => {
                relocatable = true;
                rewritten.section(&CustomSection {
                    name: Cow::Borrowed(linking::SECTION),
                    data: linking::rewrite(section.data_reader(), edit)?.into(),
                });
            }
            _ => {
                let Some((id, range)) = payload.as_section() else {
                    continue;
                };
                // The parser announces the code section before it checks that all of it is there.
                let data = object
                    .get(range.start as usize..range.end as usize)
                    .ok_or(Refusal::Truncated)?;
                if matches!(payload, Payload::ImportSection(_)) {
                    let data = imports::rewrite(BinaryReader::new(data, range.start), edit)?;
                    rewritten.section(&RawSection { id, data: &data });
                } else {
                    rewritten.section(&RawSection { id, data });
                }
            }
        }
    }
    if relocatable {
        Ok(rewritten.finish())
    } else {
        Err(Refusal::NotRelocatable)
    }
}

/// The symbols of the constructors that run when the linked module starts, in their order.
///
/// # Errors
/// See [`rewrite`].
pub(crate) fn constructors(object: &[u8]) -> Result<Vec<u32>, Refusal> {
    for payload in Parser::new(0).parse_all(object) {
        if let Payload::CustomSection(section) = payload?
            && section.name() == linking::SECTION
        {
            return Ok(linking::constructors(section.data_reader())?);
        }
    }
    Err(Refusal::NotRelocatable)
}

/// The flags and the name of a symbol that the object defines and other objects can see.
pub(crate) fn global_definition<'s, 'a>(
    symbol: &'s mut SymbolInfo<'a>,
) -> Option<(&'s mut SymbolFlags, &'s mut &'a str)> {
    let (flags, name) = named(symbol)?;
    let global = !flags.intersects(SymbolFlags::UNDEFINED | SymbolFlags::BINDING_LOCAL);
    global.then_some((flags, name))
}

/// The flags and the name of a symbol with an explicit name. Sections have none, and most imports take theirs from the
/// import section.
pub(crate) fn named<'s, 'a>(
    symbol: &'s mut SymbolInfo<'a>,
) -> Option<(&'s mut SymbolFlags, &'s mut &'a str)> {
    match symbol {
        SymbolInfo::Func { flags, name, .. }
        | SymbolInfo::Global { flags, name, .. }
        | SymbolInfo::Event { flags, name, .. }
        | SymbolInfo::Table { flags, name, .. } => Some((flags, name.as_mut()?)),
        SymbolInfo::Data { flags, name, .. } => Some((flags, name)),
        SymbolInfo::Section { .. } => None,
    }
}

/// The names of the global definitions in an object.
///
/// # Errors
/// See [`rewrite`].
pub(crate) fn definitions(object: &[u8]) -> Result<Vec<&str>, Refusal> {
    let mut names = Vec::new();
    let mut relocatable = false;
    for payload in Parser::new(0).parse_all(object) {
        if let Payload::CustomSection(section) = payload?
            && section.name() == linking::SECTION
        {
            relocatable = true;
            for symbol in linking::symbols(section.data_reader())? {
                let mut symbol = symbol?;
                names.extend(global_definition(&mut symbol).map(|(_, name)| *name));
            }
        }
    }
    if relocatable {
        Ok(names)
    } else {
        Err(Refusal::NotRelocatable)
    }
}
