//! The data of an object as CPython will see it: words that are numbers, pointers to data, or functions.

use std::collections::BTreeMap;

use wasmparser::{RelocationType, SymbolFlags, SymbolInfo};

use super::reader::Object;

/// A place in the data of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address {
    segment: u32,
    offset: u32,
}

impl Address {
    /// The place that many bytes further; no segment is so long that it would matter where this saturates.
    pub(super) fn plus(self, bytes: u32) -> Self {
        Self {
            offset: self.offset.saturating_add(bytes),
            ..self
        }
    }
}

/// What lies at an address, four bytes long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Number(u32),
    /// A pointer into the object's own data.
    Data(Address),
    /// A pointer to data of another object.
    External,
    Function {
        symbol: u32,
        /// Which of the relocations of data this is.
        relocation: usize,
    },
    /// Nothing that a structure of CPython holds.
    Other,
}

/// A defined data symbol.
#[derive(Debug, Clone, Copy)]
pub(super) struct Variable<'a> {
    pub(super) name: &'a str,
    pub(super) address: Address,
    pub(super) size: u32,
}

/// The data of an object.
pub(super) struct Memory<'o, 'a> {
    object: &'o Object<'a>,
    /// The relocations by offset in the section, each with its number.
    relocations: BTreeMap<u32, (usize, RelocationType, u32, i64)>,
    /// The variables by where they begin.
    variables: BTreeMap<Address, Variable<'a>>,
}

impl<'o, 'a> Memory<'o, 'a> {
    pub(super) fn new(object: &'o Object<'a>) -> Self {
        let relocations = object
            .data_relocations()
            .enumerate()
            .map(|(number, entry)| {
                let relocation = (number, entry.ty, entry.index, entry.addend);
                (entry.offset, relocation)
            })
            .collect();
        let mut variables: BTreeMap<Address, Variable<'a>> = BTreeMap::new();
        for variable in object.symbols.iter().filter_map(variable) {
            let known = variables.entry(variable.address).or_insert(variable);
            // Of two names for one place, the one that covers more of it.
            if known.size < variable.size {
                *known = variable;
            }
        }
        Self {
            object,
            relocations,
            variables,
        }
    }

    /// All variables, in the order of their addresses.
    pub(super) fn variables(&self) -> impl Iterator<Item = Variable<'a>> {
        self.variables.values().copied()
    }

    /// The name of the variable that an address lies in.
    pub(super) fn variable_at(&self, address: Address) -> &'a str {
        self.variables
            .range(..=address)
            .next_back()
            .filter(|(start, _)| start.segment == address.segment)
            .map_or("?", |(_, variable)| variable.name)
    }

    /// The word at an address; none beyond the end of the segment.
    pub(super) fn word(&self, at: Address) -> Option<Word> {
        let segment = self.object.segments.get(at.segment as usize)?;
        let bytes = segment.bytes.get(at.offset as usize..)?.first_chunk()?;
        let place = segment.start.checked_add(at.offset)?;
        let Some(&(number, ty, symbol, addend)) = self.relocations.get(&place) else {
            return Some(Word::Number(u32::from_le_bytes(*bytes)));
        };
        Some(match ty {
            RelocationType::TableIndexI32 => Word::Function {
                symbol,
                relocation: number,
            },
            RelocationType::MemoryAddrI32 => self.pointer(symbol, addend),
            _ => Word::Other,
        })
    }

    fn pointer(&self, symbol: u32, addend: i64) -> Word {
        match self.object.symbols.get(symbol as usize) {
            Some(SymbolInfo::Data {
                symbol: Some(definition),
                ..
            }) => i64::from(definition.offset)
                .checked_add(addend)
                .and_then(|offset| u32::try_from(offset).ok())
                .map_or(Word::Other, |offset| {
                    Word::Data(Address {
                        segment: definition.index,
                        offset,
                    })
                }),
            Some(SymbolInfo::Data { symbol: None, .. }) => Word::External,
            _ => Word::Other,
        }
    }

    /// The C string at an address, if a NUL ends it and all of it is UTF-8.
    pub(super) fn string(&self, at: Address) -> Option<&'a str> {
        let segment = self.object.segments.get(at.segment as usize)?;
        let bytes = segment.bytes.get(at.offset as usize..)?;
        let end = bytes.iter().position(|byte| *byte == 0)?;
        str::from_utf8(&bytes[..end]).ok()
    }
}

fn variable<'a>(symbol: &SymbolInfo<'a>) -> Option<Variable<'a>> {
    let SymbolInfo::Data {
        name,
        symbol: Some(definition),
        flags,
    } = *symbol
    else {
        return None;
    };
    let address = Address {
        segment: definition.index,
        offset: definition.offset,
    };
    (!flags.contains(SymbolFlags::ABSOLUTE)).then_some(Variable {
        name,
        address,
        size: definition.size,
    })
}
