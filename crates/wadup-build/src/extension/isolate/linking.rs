//! Rewrites the "linking" section of a relocatable object, which says what other objects can see of it.
//!
//! The layout is that of "Linking Metadata Section" in [Linking.md]; `wasmparser` reads it. `wasm-encoder` writes only
//! part of it (neither section nor tag symbols), so the symbols are written here.
//!
//! [Linking.md]: https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md

use wasm_encoder::Encode;
use wasmparser::{BinaryReader, LinkingSectionReader, SymbolFlags, SymbolInfo, SymbolInfoMap};

use super::{Export, Refusal};

/// The name of the custom section.
pub(super) const SECTION: &str = "linking";

const COMDAT_INFO: u8 = 7;
const SYMBOL_TABLE: u8 = 8;

/// The section's content with all definitions made local but for `exports`, and without COMDAT groups.
pub(super) fn localise(
    mut section: BinaryReader<'_>,
    exports: &[Export],
) -> Result<Vec<u8>, Refusal> {
    // This knows the versions. It takes the subsections apart and does not give their bytes, so they are read again.
    LinkingSectionReader::new(section.clone())?;
    let mut rewritten = Vec::new();
    section.read_var_u32()?.encode(&mut rewritten);
    let mut missing: Vec<&Export> = exports.iter().collect();
    while !section.eof() {
        let subsection = section.read_u8()?;
        let size = section.read_var_u32()?;
        let start = section.original_position();
        let content = section.read_bytes(size as usize)?;
        match subsection {
            COMDAT_INFO => {}
            SYMBOL_TABLE => {
                let symbols = SymbolInfoMap::new(BinaryReader::new(content, start))?;
                rewritten.push(SYMBOL_TABLE);
                symbol_table(symbols, exports, &mut missing)?.encode(&mut rewritten);
            }
            _ => {
                rewritten.push(subsection);
                content.encode(&mut rewritten);
            }
        }
    }
    match missing.first() {
        Some(export) => Err(Refusal::MissingExport(export.from.clone())),
        None => Ok(rewritten),
    }
}

fn symbol_table(
    symbols: SymbolInfoMap<'_>,
    exports: &[Export],
    missing: &mut Vec<&Export>,
) -> Result<Vec<u8>, Refusal> {
    let mut rewritten = Vec::new();
    symbols.count().encode(&mut rewritten);
    for symbol in symbols {
        let mut symbol = symbol?;
        if let Some((flags, name)) = global_definition(&mut symbol) {
            // None of these says anything about a symbol that only the guest's own link can see.
            flags.remove(SymbolFlags::BINDING_WEAK | SymbolFlags::EXPORTED | SymbolFlags::NO_STRIP);
            if let Some(export) = exports.iter().find(|export| export.from == *name) {
                missing.retain(|other| other.from != export.from);
                flags.insert(SymbolFlags::VISIBILITY_HIDDEN);
                *name = &export.to;
            } else {
                flags.insert(SymbolFlags::BINDING_LOCAL);
            }
        }
        encode(&symbol, &mut rewritten);
    }
    Ok(rewritten)
}

/// The flags and the name of a symbol that the object defines and that other objects can see.
fn global_definition<'s, 'a>(
    symbol: &'s mut SymbolInfo<'a>,
) -> Option<(&'s mut SymbolFlags, &'s mut &'a str)> {
    let (flags, name) = match symbol {
        SymbolInfo::Func { flags, name, .. }
        | SymbolInfo::Global { flags, name, .. }
        | SymbolInfo::Event { flags, name, .. }
        | SymbolInfo::Table { flags, name, .. } => (flags, name.as_mut()?),
        SymbolInfo::Data { flags, name, .. } => (flags, name),
        SymbolInfo::Section { .. } => return None,
    };
    let global = !flags.intersects(SymbolFlags::UNDEFINED | SymbolFlags::BINDING_LOCAL);
    global.then_some((flags, name))
}

/// The names of what the section defines for other objects; those after damage are left out.
#[cfg(any(test, fuzzing))]
pub(super) fn visible(section: BinaryReader<'_>) -> Vec<String> {
    let Ok(reader) = LinkingSectionReader::new(section) else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for subsection in reader.subsections().map_while(Result::ok) {
        if let wasmparser::Linking::SymbolTable(symbols) = subsection {
            for mut symbol in symbols.into_iter().map_while(Result::ok) {
                if let Some((_, name)) = global_definition(&mut symbol) {
                    names.push((*name).to_owned());
                }
            }
        }
    }
    names
}

fn encode(symbol: &SymbolInfo<'_>, sink: &mut Vec<u8>) {
    let mut indexed = |kind: u8, flags: SymbolFlags, index: u32, name: Option<&str>| {
        sink.push(kind);
        flags.bits().encode(sink);
        index.encode(sink);
        if let Some(name) = name {
            name.encode(sink);
        }
    };
    match *symbol {
        SymbolInfo::Func { flags, index, name } => indexed(0, flags, index, name),
        SymbolInfo::Global { flags, index, name } => indexed(2, flags, index, name),
        SymbolInfo::Section { flags, section } => indexed(3, flags, section, None),
        SymbolInfo::Event { flags, index, name } => indexed(4, flags, index, name),
        SymbolInfo::Table { flags, index, name } => indexed(5, flags, index, name),
        SymbolInfo::Data {
            flags,
            name,
            symbol,
        } => {
            sink.push(1);
            flags.bits().encode(sink);
            name.encode(sink);
            if let Some(definition) = symbol {
                definition.index.encode(sink);
                definition.offset.encode(sink);
                definition.size.encode(sink);
            }
        }
    }
}
