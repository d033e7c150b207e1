//! Appends functions to an object and has relocations name them. No index of the object changes.

use std::collections::BTreeMap;

use wasm_encoder::{CustomSection, Encode, Module, RawSection};
use wasmparser::{
    BinaryReader, FuncType, RelocAddendKind, RelocationEntry, RelocationType, SymbolFlags, ValType,
};

use super::reader::{Object, Relocation, Role, Target};
use super::refusal::Refusal;
use crate::object;

/// A function to append, which calls functions of the object.
pub(in crate::extension) struct NewFunction {
    /// The name that only the object knows.
    pub(in crate::extension) name: String,
    /// The names by which all of the guest knows it.
    pub(in crate::extension) visible: Vec<String>,
    pub(in crate::extension) ty: FuncType,
    /// Its code, without the size before it.
    pub(in crate::extension) code: Vec<u8>,
    /// Where in the code the index of a function lies that it calls, and the symbol of that function.
    pub(in crate::extension) calls: Vec<(usize, u32)>,
}

/// Encodes the call of a function, and returns where in the code its index lies.
pub(in crate::extension) fn call(function: u32, code: &mut Vec<u8>) -> usize {
    const CALL: u8 = 0x10;
    code.push(CALL);
    let place = code.len();
    code.extend_from_slice(&padded(function));
    place
}

/// A number in LEB128 of five bytes, as a linker needs it that writes another one there.
fn padded(number: u32) -> [u8; 5] {
    [0, 7, 14, 21, 28].map(|shift| {
        let seven = (number >> shift) as u8 & 0x7f;
        if shift < 28 { seven | 0x80 } else { seven }
    })
}

/// The object with these functions, where `retargeted` says which relocations name which of them.
///
/// # Errors
/// When the object has no code, or its sections do not fit together.
pub(in crate::extension) fn append(
    object: &Object<'_>,
    new: &[NewFunction],
    retargeted: &BTreeMap<Relocation, usize>,
) -> Result<Vec<u8>, Refusal> {
    let functions = Appended::to(object, new)?;
    // Each goes into one section: the object has only one of each kind, or the linker rejects it.
    let mut calls = Some(functions.calls);
    let has_code_relocations = object.sections.iter().any(|section| {
        matches!(
            section.role,
            Role::Relocations {
                target: Target::Code,
                ..
            }
        )
    });
    let mut numbers = BTreeMap::new();
    let mut module = Module::new();
    for section in &object.sections {
        let id = section.id;
        match &section.role {
            Role::Types => {
                let data = &functions.types;
                module.section(&RawSection { id, data });
            }
            Role::Functions => {
                let data = &functions.declarations;
                module.section(&RawSection { id, data });
            }
            Role::Code => {
                let data = &functions.code;
                module.section(&RawSection { id, data });
            }
            Role::Linking(content) => {
                module.section(&CustomSection {
                    name: "linking".into(),
                    data: with_symbols(content, functions.symbol_count, &functions.symbols)?.into(),
                });
                if !has_code_relocations {
                    // The linker wants relocations behind this section, and nothing refers to a later one by its index.
                    let entries = calls.take().unwrap_or_default();
                    relocations(&mut module, "reloc.CODE", functions.code_section, &entries);
                }
            }
            Role::Relocations {
                name,
                section,
                target,
                entries,
            } => {
                let mut entries = entries.clone();
                let number = numbers.entry(*target).or_insert(0);
                for entry in &mut entries {
                    if let Some(function) = retargeted.get(&(*target, *number)) {
                        entry.index = (object.symbols.len() + function) as u32;
                    }
                    *number += 1;
                }
                if *target == Target::Code {
                    for entry in &mut entries {
                        entry.offset = entry
                            .offset
                            .checked_add_signed(functions.code_moved)
                            .ok_or(object::Refusal::Truncated)?;
                    }
                    entries.extend(calls.take().unwrap_or_default());
                }
                relocations(&mut module, name, *section, &entries);
            }
            Role::Data | Role::Other => {
                let data = section.content;
                module.section(&RawSection { id, data });
            }
        }
    }
    Ok(module.finish())
}

/// The sections that hold functions, with the new ones behind those that were there.
struct Appended {
    types: Vec<u8>,
    declarations: Vec<u8>,
    code: Vec<u8>,
    code_section: u32,
    /// By how many bytes the code moved that was there.
    code_moved: i32,
    /// The relocations of the calls in the new functions.
    calls: Vec<RelocationEntry>,
    /// The new symbols: first that of each function, then the visible ones.
    symbols: Vec<u8>,
    symbol_count: u32,
}

impl Appended {
    fn to(object: &Object<'_>, new: &[NewFunction]) -> Result<Self, Refusal> {
        let one = |is_it: fn(&Role<'_>) -> bool| {
            let mut found = (0..).zip(&object.sections);
            let found = found.find(|(_, section)| is_it(&section.role));
            found
                .map(|(index, section)| (index, section.content))
                .ok_or(Refusal::NoCode)
        };
        let (_, types) = one(|role| matches!(role, Role::Types))?;
        let (_, declarations) = one(|role| matches!(role, Role::Functions))?;
        let (code_section, code) = one(|role| matches!(role, Role::Code))?;

        let mut known = object.types.clone();
        let mut new_types = Vec::new();
        let (mut new_declarations, mut new_code) = (vec![], vec![]);
        let (mut symbols, mut visible, mut visible_count) = (vec![], vec![], 0);
        let mut calls = Vec::new();
        for (index, function) in (object.function_count() as u32..).zip(new) {
            let ty = known.iter().position(|known| *known == function.ty);
            let ty = ty.unwrap_or_else(|| {
                encode_type(&function.ty, &mut new_types);
                known.push(function.ty.clone());
                known.len() - 1
            });
            (ty as u32).encode(&mut new_declarations);
            (function.code.len() as u32).encode(&mut new_code);
            let places = function.calls.iter();
            calls.extend(places.map(|(place, symbol)| (new_code.len() + place, *symbol)));
            new_code.extend_from_slice(&function.code);
            let name = &function.name;
            encode_symbol(index, name, SymbolFlags::BINDING_LOCAL, &mut symbols);
            for name in &function.visible {
                encode_symbol(index, name, SymbolFlags::VISIBILITY_HIDDEN, &mut visible);
                visible_count += 1;
            }
        }
        symbols.extend_from_slice(&visible);
        let type_count = (known.len() - object.types.len()) as u32;
        let count = new.len() as u32;
        let (code, code_moved) = longer(code, count, &new_code)?;
        let start = code.len() - new_code.len();
        Ok(Self {
            types: longer(types, type_count, &new_types)?.0,
            declarations: longer(declarations, count, &new_declarations)?.0,
            code,
            code_section,
            code_moved,
            calls: calls
                .into_iter()
                .map(|(place, index)| RelocationEntry {
                    ty: RelocationType::FunctionIndexLeb,
                    offset: (start + place) as u32,
                    index,
                    addend: 0,
                })
                .collect(),
            symbols,
            symbol_count: count + visible_count,
        })
    }
}

/// The content of a section that is a count and items, with more items; and by how many bytes those before them move.
fn longer(content: &[u8], count: u32, items: &[u8]) -> Result<(Vec<u8>, i32), object::Refusal> {
    let mut reader = BinaryReader::new(content, 0);
    let old_count = reader.read_var_u32()?;
    let old_items = reader.read_bytes(reader.bytes_remaining())?;
    let mut longer = Vec::new();
    old_count
        .checked_add(count)
        .ok_or(object::Refusal::Truncated)?
        .encode(&mut longer);
    // A number takes five bytes at most.
    let moved = longer.len() as i32 - (content.len() - old_items.len()) as i32;
    longer.extend_from_slice(old_items);
    longer.extend_from_slice(items);
    Ok((longer, moved))
}

/// The linking section with more symbols.
fn with_symbols(content: &[u8], count: u32, symbols: &[u8]) -> Result<Vec<u8>, object::Refusal> {
    const SYMBOL_TABLE: u8 = 8;
    let mut reader = BinaryReader::new(content, 0);
    let mut longer_content = Vec::new();
    reader.read_var_u32()?.encode(&mut longer_content);
    let mut symbols = Some((count, symbols));
    while !reader.eof() {
        let subsection = reader.read_u8()?;
        let size = reader.read_var_u32()?;
        let content = reader.read_bytes(size as usize)?;
        longer_content.push(subsection);
        match symbols.take_if(|_| subsection == SYMBOL_TABLE) {
            Some((count, symbols)) => {
                longer(content, count, symbols)?
                    .0
                    .encode(&mut longer_content);
            }
            None => content.encode(&mut longer_content),
        }
    }
    Ok(longer_content)
}

fn encode_type(ty: &FuncType, sink: &mut Vec<u8>) {
    const FUNCTION: u8 = 0x60;
    const I32: u8 = 0x7f;
    sink.push(FUNCTION);
    for values in [ty.params(), ty.results()] {
        debug_assert!(values.iter().all(|value| *value == ValType::I32));
        values.len().encode(sink);
        sink.extend(values.iter().map(|_| I32));
    }
}

fn encode_symbol(function: u32, name: &str, flags: SymbolFlags, sink: &mut Vec<u8>) {
    const FUNCTION: u8 = 0;
    sink.push(FUNCTION);
    flags.bits().encode(sink);
    function.encode(sink);
    name.encode(sink);
}

pub(in crate::extension) fn relocations(
    module: &mut Module,
    name: &str,
    section: u32,
    entries: &[RelocationEntry],
) {
    let mut data = Vec::new();
    section.encode(&mut data);
    entries.len().encode(&mut data);
    for entry in entries {
        data.push(entry.ty as u8);
        entry.offset.encode(&mut data);
        entry.index.encode(&mut data);
        if entry.ty.addend_kind() != RelocAddendKind::None {
            entry.addend.encode(&mut data);
        }
    }
    module.section(&CustomSection {
        name: name.into(),
        data: data.into(),
    });
}
