//! What a relocatable object says about its functions, its data, and the relocations between them.

use std::mem;
use std::ops::Range;

use wasmparser::{
    BinaryReader, Encoding, FuncType, Linking, LinkingSectionReader, Parser, Payload,
    RelocSectionReader, RelocationEntry, RelocationType, SymbolInfo, TypeRef,
};

use super::refusal::Refusal;
use crate::object;

/// A section, and its kind for the linker.
pub(in crate::extension) struct Section<'a> {
    pub(in crate::extension) id: u8,
    pub(in crate::extension) content: &'a [u8],
    pub(in crate::extension) role: Role<'a>,
}

/// The sections that matter here.
pub(in crate::extension) enum Role<'a> {
    Types,
    Functions,
    Code,
    Data,
    /// The content behind the section's name.
    Linking(&'a [u8]),
    Relocations {
        name: &'a str,
        /// The index of the section that is relocated.
        section: u32,
        target: Target,
        entries: Vec<RelocationEntry>,
    },
    Other,
}

/// What is relocated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::extension) enum Target {
    Code,
    Data,
    Other,
}

/// A relocation by its place in the order of all that relocate code or data.
pub(in crate::extension) type Relocation = (Target, usize);

/// One segment of the data section.
pub(in crate::extension) struct Segment<'a> {
    /// Where its bytes start, counted from the start of the section as relocations do.
    pub(in crate::extension) start: u32,
    pub(in crate::extension) bytes: &'a [u8],
}

/// A parsed object.
#[derive(Default)]
pub(in crate::extension) struct Object<'a> {
    pub(in crate::extension) sections: Vec<Section<'a>>,
    pub(in crate::extension) types: Vec<FuncType>,
    /// Name and type of each imported function. The others are counted on from these.
    imported: Vec<(&'a str, u32)>,
    defined: Vec<u32>,
    /// Where in the code section the body of each function lies.
    pub(in crate::extension) bodies: Vec<Range<u32>>,
    pub(in crate::extension) segments: Vec<Segment<'a>>,
    pub(in crate::extension) symbols: Vec<SymbolInfo<'a>>,
}

impl<'a> Object<'a> {
    /// # Errors
    /// When the bytes are not a relocatable object; it never panics.
    pub(in crate::extension) fn read(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let mut object = Self::default();
        let mut relocatable = false;
        let (mut code, mut data) = (None, None);
        let mut code_range = 0..0;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            if let Payload::Version {
                encoding: Encoding::Component,
                ..
            } = payload
            {
                return Err(object::Refusal::NotRelocatable.into());
            }
            if let Payload::CodeSectionEntry(body) = &payload {
                let body = body.range();
                let place = |at: u64| at.saturating_sub(code_range.start) as u32;
                object.bodies.push(place(body.start)..place(body.end));
            }
            let Some((id, range)) = payload.as_section() else {
                continue;
            };
            // The code section is announced before all of it is seen to be there.
            let content = bytes
                .get(range.start as usize..range.end as usize)
                .ok_or(object::Refusal::Truncated)?;
            let index = object.sections.len() as u32;
            let role = match payload {
                Payload::TypeSection(types) => {
                    for ty in types.into_iter_err_on_gc_types() {
                        object.types.push(ty?);
                    }
                    Role::Types
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import?;
                        if let TypeRef::Func(ty) = import.ty {
                            object.imported.push((import.name, ty));
                        }
                    }
                    Role::Other
                }
                Payload::FunctionSection(functions) => {
                    for ty in functions {
                        object.defined.push(ty?);
                    }
                    Role::Functions
                }
                Payload::CodeSectionStart { .. } => {
                    code = Some(index);
                    code_range = range.clone();
                    Role::Code
                }
                Payload::DataSection(segments) => {
                    data = Some(index);
                    for segment in segments {
                        let segment = segment?;
                        let end = segment.range.end.saturating_sub(range.start);
                        object.segments.push(Segment {
                            start: (end as usize).saturating_sub(segment.data.len()) as u32,
                            bytes: segment.data,
                        });
                    }
                    Role::Data
                }
                Payload::CustomSection(section) => {
                    let reader = section.data_reader();
                    if section.name() == "linking" {
                        relocatable = true;
                        object.read_symbols(reader)?;
                        Role::Linking(section.data())
                    } else if section.name().starts_with("reloc.") {
                        let relocations = RelocSectionReader::new(reader)?;
                        let target = match Some(relocations.section_index()) {
                            target if target == code => Target::Code,
                            target if target == data => Target::Data,
                            _ => Target::Other,
                        };
                        let entries = relocations.entries().into_iter();
                        let entries: Vec<RelocationEntry> = entries.collect::<Result<_, _>>()?;
                        let code_size = code_range.end - code_range.start;
                        if target == Target::Code
                            && entries
                                .iter()
                                .any(|entry| u64::from(entry.offset) >= code_size)
                        {
                            return Err(object::Refusal::Truncated.into());
                        }
                        Role::Relocations {
                            name: section.name(),
                            section: relocations.section_index(),
                            target,
                            entries,
                        }
                    } else {
                        Role::Other
                    }
                }
                _ => Role::Other,
            };
            object.refuse_repeated(&role)?;
            object.sections.push(Section { id, content, role });
        }
        if !relocatable {
            return Err(object::Refusal::NotRelocatable.into());
        }
        if object.has_dangling_index() {
            return Err(Refusal::Dangling);
        }
        Ok(object)
    }

    /// Whether an index is beyond its list. What is appended to the list would take its place.
    fn has_dangling_index(&self) -> bool {
        let types = self.imported.iter().map(|(_, ty)| ty).chain(&self.defined);
        let functions = self.symbols.iter().filter_map(|symbol| match symbol {
            SymbolInfo::Func { index, .. } => Some(*index as usize),
            _ => None,
        });
        let relocations = [Target::Code, Target::Data].map(|target| self.relocations(target));
        let mut symbols = relocations.into_iter().flatten().filter_map(|entry| {
            (entry.ty != RelocationType::TypeIndexLeb).then_some(entry.index as usize)
        });
        types.copied().any(|ty| ty as usize >= self.types.len())
            || functions
                .into_iter()
                .any(|index| index >= self.function_count())
            || symbols.any(|index| index >= self.symbols.len())
    }

    /// A linker counts in one section of each kind, and so does this.
    fn refuse_repeated(&self, role: &Role<'_>) -> Result<(), Refusal> {
        let kind = mem::discriminant(role);
        let is_repeated = self
            .sections
            .iter()
            .any(|section| mem::discriminant(&section.role) == kind);
        match role {
            Role::Relocations { .. } | Role::Other => Ok(()),
            _ if is_repeated => Err(Refusal::Repeated),
            _ => Ok(()),
        }
    }

    fn read_symbols(&mut self, section: BinaryReader<'a>) -> Result<(), Refusal> {
        for subsection in LinkingSectionReader::new(section)?.subsections() {
            if let Linking::SymbolTable(symbols) = subsection? {
                if !self.symbols.is_empty() {
                    return Err(Refusal::Repeated);
                }
                for symbol in symbols {
                    self.symbols.push(symbol?);
                }
            }
        }
        Ok(())
    }

    /// The relocations of code or data, in the order of the file.
    pub(in crate::extension) fn relocations(
        &self,
        of: Target,
    ) -> impl Iterator<Item = &RelocationEntry> {
        self.sections
            .iter()
            .filter_map(move |section| match &section.role {
                Role::Relocations {
                    target, entries, ..
                } if *target == of => Some(entries),
                _ => None,
            })
            .flatten()
    }

    /// The content of the code section, and where in it the functions begin.
    pub(in crate::extension) fn code(&self) -> (usize, &'a [u8]) {
        let code = self
            .sections
            .iter()
            .find(|section| matches!(section.role, Role::Code));
        let content: &[u8] = code.map_or(&[], |section| section.content);
        let mut reader = BinaryReader::new(content, 0);
        let start = match reader.read_var_u32() {
            Ok(_) => content.len() - reader.bytes_remaining(),
            Err(_) => content.len(),
        };
        (start, content)
    }

    /// The name and the type of each imported function.
    pub(in crate::extension) fn imported(
        &self,
    ) -> impl Iterator<Item = (&'a str, Option<&FuncType>)> {
        let types = |ty: u32| self.types.get(ty as usize);
        self.imported
            .iter()
            .map(move |(name, ty)| (*name, types(*ty)))
    }

    /// The type of each defined function.
    pub(in crate::extension) fn defined(&self) -> impl Iterator<Item = Option<&FuncType>> {
        self.defined.iter().map(|ty| self.types.get(*ty as usize))
    }

    /// How many functions there are, imported ones included.
    pub(in crate::extension) fn function_count(&self) -> usize {
        self.imported.len() + self.defined.len()
    }

    /// Whether a symbol names a function of CPython's API.
    pub(in crate::extension) fn is_of_cpython(&self, symbol: u32) -> bool {
        let is_imported = |index| (index as usize) < self.imported.len();
        self.function(symbol).is_some_and(|(index, name, _)| {
            is_imported(index) && name.trim_start_matches('_').starts_with("Py")
        })
    }

    /// The function that a symbol names, by its index, name and type.
    pub(in crate::extension) fn function(&self, symbol: u32) -> Option<(u32, &'a str, &FuncType)> {
        let SymbolInfo::Func { index, name, .. } = *self.symbols.get(symbol as usize)? else {
            return None;
        };
        // An imported function carries its name in the import, unless the symbol has one of its own.
        let (imported, ty) = match self.imported.get(index as usize) {
            Some((imported, ty)) => (*imported, *ty),
            None => ("", *self.defined.get(index as usize - self.imported.len())?),
        };
        let ty = self.types.get(ty as usize)?;
        Some((index, name.unwrap_or(imported), ty))
    }
}
