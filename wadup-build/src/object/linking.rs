//! Rewrites the "linking" section of a relocatable object, which contains its symbols.
//!
//! The layout is described in "Linking Metadata Section" of [Linking.md], and `wasmparser` reads it. `wasm-encoder`
//! writes only part of it (neither section nor tag symbols), so the symbols are encoded here.
//!
//! [Linking.md]: https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md

use wasm_encoder::Encode;
use wasmparser::{
    BinaryReader, ComdatMap, ComdatSymbolKind, Linking, LinkingSectionReader, SymbolFlags,
    SymbolInfo, SymbolInfoMap,
};

use super::Edit;

/// The name of the custom section.
pub(super) const SECTION: &str = "linking";

const INIT_FUNCTIONS: u8 = 6;
const COMDAT_INFO: u8 = 7;
const SYMBOL_TABLE: u8 = 8;

/// The content of the section with the symbols, groups and constructors that `edit` keeps.
pub(super) fn rewrite<'a>(
    mut section: BinaryReader<'a>,
    edit: &mut impl Edit<'a>,
) -> wasmparser::Result<Vec<u8>> {
    // This checks the version. It does not return the bytes of the subsections, so they are read again.
    LinkingSectionReader::new(section.clone())?;
    let mut rewritten = Vec::new();
    section.read_var_u32()?.encode(&mut rewritten);
    while !section.eof() {
        let subsection = section.read_u8()?;
        let size = section.read_var_u32()?;
        let start = section.original_position();
        let content = section.read_bytes(size as usize)?;
        let reader = BinaryReader::new(content, start);
        match subsection {
            INIT_FUNCTIONS if !edit.keeps_constructors() => {}
            COMDAT_INFO => {
                if let Some(groups) = groups(ComdatMap::new(reader)?, edit)? {
                    rewritten.push(COMDAT_INFO);
                    groups.encode(&mut rewritten);
                }
            }
            SYMBOL_TABLE => {
                rewritten.push(SYMBOL_TABLE);
                symbol_table(SymbolInfoMap::new(reader)?, edit)?.encode(&mut rewritten);
            }
            _ => {
                rewritten.push(subsection);
                content.encode(&mut rewritten);
            }
        }
    }
    Ok(rewritten)
}

/// The symbols of the section.
pub(super) fn symbols(
    section: BinaryReader<'_>,
) -> wasmparser::Result<impl Iterator<Item = wasmparser::Result<SymbolInfo<'_>>>> {
    let mut tables = Vec::new();
    for subsection in LinkingSectionReader::new(section)?.subsections() {
        if let Linking::SymbolTable(symbols) = subsection? {
            tables.push(symbols);
        }
    }
    Ok(tables.into_iter().flatten())
}

/// The symbols of the constructors, in the order in which they run.
pub(super) fn constructors(section: BinaryReader<'_>) -> wasmparser::Result<Vec<u32>> {
    let mut constructors = Vec::new();
    for subsection in LinkingSectionReader::new(section)?.subsections() {
        if let Linking::InitFuncs(functions) = subsection? {
            for function in functions {
                constructors.push(function?);
            }
        }
    }
    constructors.sort_by_key(|constructor| constructor.priority);
    let symbols = constructors
        .iter()
        .map(|constructor| constructor.symbol_index);
    Ok(symbols.collect())
}

fn symbol_table<'a>(
    symbols: SymbolInfoMap<'a>,
    edit: &mut impl Edit<'a>,
) -> wasmparser::Result<Vec<u8>> {
    let mut rewritten = Vec::new();
    symbols.count().encode(&mut rewritten);
    for symbol in symbols {
        let mut symbol = symbol?;
        edit.symbol(&mut symbol);
        encode(&symbol, &mut rewritten);
    }
    Ok(rewritten)
}

/// The COMDAT groups to keep, or `None` if all are dissolved.
fn groups<'a>(
    groups: ComdatMap<'a>,
    edit: &mut impl Edit<'a>,
) -> wasmparser::Result<Option<Vec<u8>>> {
    let mut left: u32 = 0;
    let mut encoded = Vec::new();
    for group in groups {
        let group = group?;
        let Some(name) = edit.group(group.name) else {
            continue;
        };
        left += 1;
        name.as_ref().encode(&mut encoded);
        group.flags.encode(&mut encoded);
        group.symbols.count().encode(&mut encoded);
        for member in group.symbols {
            let member = member?;
            encoded.push(match member.kind {
                ComdatSymbolKind::Data => 0,
                ComdatSymbolKind::Func => 1,
                ComdatSymbolKind::Global => 2,
                ComdatSymbolKind::Event => 3,
                ComdatSymbolKind::Table => 4,
                ComdatSymbolKind::Section => 5,
            });
            member.index.encode(&mut encoded);
        }
    }
    let mut rewritten = Vec::new();
    left.encode(&mut rewritten);
    rewritten.extend_from_slice(&encoded);
    Ok((left > 0).then_some(rewritten))
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
