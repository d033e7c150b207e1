//! Where the sections, functions and data segments of a module lie in its file.

use std::collections::BTreeMap;

use std::ops::Range;

use wadup_contract::export;
use wasmparser::{DataKind, KnownCustom, Name, Operator, Parser, Payload, TypeRef};

/// The layout of a module: every byte is in the preamble, a section, the code or the data.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The size of the preamble (magic and version).
    pub(super) preamble: u64,
    /// All sections except code and data, and the headers of these two.
    pub(super) sections: Vec<Section>,
    /// The content of the code section.
    pub(super) code: Range<u64>,
    /// The size of the code section, with its header.
    pub(super) code_section: u64,
    /// The content of the data section.
    pub(super) data: Range<u64>,
    /// Each function: its index, and the range of its body including the size before it.
    pub(super) functions: Vec<(u32, Range<u64>)>,
    /// The names of functions by index, if the module has any.
    pub(super) names: BTreeMap<u32, String>,
    /// The active data segments.
    pub(super) segments: Vec<Segment>,
    /// Whether the module is a snapshot: it has a guest's exports except the initialization.
    pub(super) is_snapshot: bool,
}

/// A section as a whole.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) name: String,
    /// With its header.
    pub(super) bytes: u64,
}

/// An active segment of memory 0.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) addresses: Range<u64>,
    /// Its content in the file.
    pub(super) bytes: Range<u64>,
}

impl Layout {
    pub(super) fn read(bytes: &[u8]) -> wasmparser::Result<Self> {
        let mut layout = Self::default();
        // Imported functions come first.
        let mut next_function = 0;
        let mut exports = Vec::new();
        let mut end = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            match &payload {
                Payload::Version { range, .. } => {
                    layout.preamble = length(range);
                    end = range.end;
                }
                Payload::ImportSection(imports) => {
                    for import in imports.clone().into_imports() {
                        let is_function =
                            matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_));
                        next_function += u32::from(is_function);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section.clone() {
                        exports.push(export?.name);
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    layout.functions.push((next_function, body.range()));
                    next_function += 1;
                }
                Payload::DataSection(section) => {
                    for segment in section.clone() {
                        layout.add_segment(&segment?)?;
                    }
                }
                Payload::CustomSection(custom) => {
                    if let KnownCustom::Name(names) = custom.as_known() {
                        for name in names {
                            if let Name::Function(functions) = name? {
                                for function in functions {
                                    let function = function?;
                                    layout
                                        .names
                                        .insert(function.index, function.name.to_owned());
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
            let Some((id, range)) = payload.as_section() else {
                continue;
            };
            let whole = range.end - end;
            let header = range.start - end;
            end = range.end;
            let (name, bytes) = match id {
                CODE => {
                    layout.code = range;
                    layout.code_section = whole;
                    ("code, header of the section".to_owned(), header)
                }
                DATA => {
                    layout.data = range;
                    ("data, header of the section".to_owned(), header)
                }
                _ => (name_of(&payload), whole),
            };
            layout.sections.push(Section { name, bytes });
        }
        layout.include_sizes_of_functions();
        layout.is_snapshot = exports.contains(&export::SNAPSHOT_STACK)
            && !exports.contains(&export::SNAPSHOT_PREPARE);
        Ok(layout)
    }

    fn add_segment(&mut self, segment: &wasmparser::Data<'_>) -> wasmparser::Result<()> {
        let DataKind::Active {
            memory_index: 0,
            offset_expr,
        } = &segment.kind
        else {
            return Ok(());
        };
        // Linkers and snapshots write constant addresses; other expressions are ignored.
        if let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? {
            let start = u64::from(value.cast_unsigned());
            let size = segment.data.len() as u64;
            self.segments.push(Segment {
                addresses: start..start + size,
                bytes: segment.range.end - size..segment.range.end,
            });
        }
        Ok(())
    }

    /// Moves the start of each function to the size that is written before its body.
    fn include_sizes_of_functions(&mut self) {
        let mut size_at = self.code.start + encoded_length(self.functions.len());
        for (_, function) in &mut self.functions {
            function.start = size_at;
            size_at = function.end;
        }
    }
}

/// The ids of two sections ("Modules" in the WebAssembly specification's binary format).
const CODE: u8 = 10;
const DATA: u8 = 11;

fn name_of(section: &Payload<'_>) -> String {
    let name = match section {
        Payload::TypeSection(_) => "types",
        Payload::ImportSection(_) => "imports",
        Payload::FunctionSection(_) => "signatures of functions",
        Payload::TableSection(_) => "tables",
        Payload::MemorySection(_) => "memory",
        Payload::GlobalSection(_) => "globals",
        Payload::ExportSection(_) => "exports",
        Payload::ElementSection(_) => "function pointers",
        Payload::StartSection { .. } => "start",
        Payload::DataCountSection { .. } => "count of data",
        Payload::CustomSection(custom) => return format!("custom section {}", custom.name()),
        _ => "other sections",
    };
    name.to_owned()
}

/// The encoded length of a number (LEB128, as linkers write the number of functions).
fn encoded_length(number: usize) -> u64 {
    u64::from(number.max(1).ilog2() / 7 + 1)
}

/// The length of a range.
pub(super) fn length(range: &Range<u64>) -> u64 {
    range.end.saturating_sub(range.start)
}
