//! The data of an object from CPython's view: words that are numbers, pointers to data, or functions.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{RelocationEntry, RelocationType, SymbolFlags, SymbolInfo};

use super::reader::{Object, Relocation, Target};

/// A place in the data of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address {
    segment: u32,
    offset: u32,
}

impl Address {
    /// The address that many bytes further. No segment is long enough for the saturation to matter.
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
        /// Which relocation names it.
        relocation: Relocation,
    },
    /// Anything else, which no structure of CPython contains.
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
    /// The relocations of data by offset in the section.
    relocations: Relocations<'o>,
    /// What code writes into variables.
    written: BTreeMap<Address, Vec<Word>>,
    /// The addresses that functions which call CPython's API refer to.
    handed_over: BTreeSet<Address>,
    /// The variables by where they begin.
    variables: BTreeMap<Address, Variable<'a>>,
}

impl<'o, 'a> Memory<'o, 'a> {
    pub(super) fn new(object: &'o Object<'a>) -> Self {
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
            relocations: relocations(object, Target::Data),
            written: written(object),
            handed_over: handed_over(object),
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
        Some(match self.relocations.get(&place) {
            Some((relocation, entry)) => word(self.object, *relocation, entry),
            None => Word::Number(u32::from_le_bytes(*bytes)),
        })
    }

    /// The words that code writes to an address.
    pub(super) fn written(&self, at: Address) -> &[Word] {
        self.written.get(&at).map_or(&[], Vec::as_slice)
    }

    /// Whether a function that calls CPython's API refers to a variable.
    pub(super) fn is_handed_over(&self, variable: &Variable<'_>) -> bool {
        let start = variable.address;
        let mut addresses = self.handed_over.range(start..start.plus(variable.size));
        addresses.next().is_some()
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

/// Relocations by offset in their section.
type Relocations<'o> = BTreeMap<u32, (Relocation, &'o RelocationEntry)>;

fn relocations<'o>(object: &'o Object<'_>, of: Target) -> Relocations<'o> {
    let entries = object.relocations(of).enumerate();
    entries
        .map(|(number, entry)| (entry.offset, ((of, number), entry)))
        .collect()
}

/// What a relocation puts where it points, in data or in the number of an `i32.const`.
fn word(object: &Object<'_>, relocation: Relocation, entry: &RelocationEntry) -> Word {
    match entry.ty {
        RelocationType::TableIndexI32 | RelocationType::TableIndexSleb => Word::Function {
            symbol: entry.index,
            relocation,
        },
        RelocationType::MemoryAddrI32 | RelocationType::MemoryAddrSleb => pointer(object, entry),
        _ => Word::Other,
    }
}

fn pointer(object: &Object<'_>, entry: &RelocationEntry) -> Word {
    match object.symbols.get(entry.index as usize) {
        Some(SymbolInfo::Data {
            symbol: Some(definition),
            ..
        }) => i64::from(definition.offset)
            .checked_add(entry.addend)
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

/// The pointers that code writes into variables: `i32.const value`, `i32.store variable`, each with its relocation.
///
/// Compilers write `variable.field = &value` so: the store holds the whole address.
fn written(object: &Object<'_>) -> BTreeMap<Address, Vec<Word>> {
    const I32_CONST: &[u8] = &[0x41];
    /// With an alignment of four bytes.
    const I32_STORE: &[u8] = &[0x36, 2];
    /// Of a number that is relocated.
    const SIZE: usize = 5;
    let (start, code) = object.code();
    let is_before = |instruction: &[u8], end: Option<usize>| {
        end.and_then(|end| code.get(start..end))
            .is_some_and(|code| code.ends_with(instruction))
    };
    let relocations = relocations(object, Target::Code);
    let mut written: BTreeMap<Address, Vec<Word>> = BTreeMap::new();
    for (offset, (_, store)) in &relocations {
        let store_at = *offset as usize;
        let value_at = store_at.checked_sub(I32_STORE.len() + SIZE);
        if store.ty == RelocationType::MemoryAddrLeb
            && is_before(I32_STORE, Some(store_at))
            && is_before(I32_CONST, value_at)
            && let Word::Data(variable) = pointer(object, store)
            && let Some((relocation, value)) = value_at.and_then(|at| relocations.get(&(at as u32)))
        {
            let value = word(object, *relocation, value);
            written.entry(variable).or_default().push(value);
        }
    }
    written
}

/// The addresses that functions which call CPython's API refer to. The functions of a bundled C library do not call it.
fn handed_over(object: &Object<'_>) -> BTreeSet<Address> {
    let relocations = relocations(object, Target::Code);
    let mut handed_over = BTreeSet::new();
    for body in &object.bodies {
        let entries = || {
            relocations
                .range(body.clone())
                .map(|(_, (_, entry))| *entry)
        };
        let calls_cpython = |entry: &RelocationEntry| {
            entry.ty == RelocationType::FunctionIndexLeb && object.is_of_cpython(entry.index)
        };
        if !entries().any(calls_cpython) {
            continue;
        }
        for entry in entries() {
            if let RelocationType::MemoryAddrSleb | RelocationType::MemoryAddrLeb = entry.ty
                && let Word::Data(address) = pointer(object, entry)
            {
                handed_over.insert(address);
            }
        }
    }
    handed_over
}
