//! The first contents of a module's memory, and the module without them.

use std::ops::Range;

use wasm_encoder::{DataSection, Section};
use wasmparser::{DataKind, DataSectionReader, Encoding, Operator, Parser, Payload, TypeRef};

/// The size of a wasm page, of which the page size of every system is a divisor.
pub(crate) const WASM_PAGE: usize = 64 << 10;

/// However far apart its segments are, the contents of a memory up to this size are kept in one piece.
const ALWAYS: usize = 16 << 20;

/// The most that the contents in one piece may be larger than the segments.
const DENSITY: usize = 4;

/// What a module puts into its only memory before anything of it runs.
#[derive(Debug)]
pub(crate) struct Initial<'a> {
    wasm: &'a [u8],
    /// Where the data section is, with its header; empty if there is none.
    section: Range<usize>,
    segments: Vec<Segment<'a>>,
    span: Range<usize>,
}

#[derive(Debug)]
struct Segment<'a> {
    /// Nothing for a passive segment, which the module reads itself.
    address: Option<usize>,
    bytes: &'a [u8],
}

impl<'a> Initial<'a> {
    /// Nothing if the module has other than one memory of its own with 32-bit addresses, or contents that depend on an import, lie
    /// outside of the memory or are so sparse that they would take far more than the module itself: wasmtime deals with these.
    pub(crate) fn of(wasm: &'a [u8]) -> Option<Self> {
        let mut minimum = None;
        let mut segments = Vec::new();
        let mut section = 0..0;
        let mut end_of_last = 0;
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload.ok()?;
            if let Payload::DataSection(reader) = &payload {
                section = end_of_last..reader.range().end;
            }
            let range = match &payload {
                Payload::Version { range, .. } => Some(range.clone()),
                other => other.as_section().map(|(_, range)| range),
            };
            end_of_last = range.map_or(end_of_last, |range| range.end);
            match payload {
                Payload::Version {
                    encoding: Encoding::Component,
                    ..
                } => return None,
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        if let TypeRef::Memory(_) = import.ok()?.ty {
                            return None;
                        }
                    }
                }
                Payload::MemorySection(memories) => {
                    let mut memories = memories.into_iter();
                    let memory = memories.next()?.ok()?;
                    let is_plain =
                        !memory.memory64 && !memory.shared && memory.page_size_log2.is_none();
                    if memories.next().is_some() || !is_plain {
                        return None;
                    }
                    minimum = usize::try_from(memory.initial).ok()?.checked_mul(WASM_PAGE);
                }
                Payload::DataSection(reader) => segments = read(reader)?,
                _ => {}
            }
        }
        let span = span(&segments)?;
        let is_inside = span.end <= minimum?;
        let known: usize = segments.iter().map(|segment| segment.bytes.len()).sum();
        let is_dense = span.len() <= known.saturating_mul(DENSITY).max(ALWAYS);
        (is_inside && is_dense).then_some(Self {
            wasm,
            section,
            segments,
            span,
        })
    }

    /// The same module with empty segments in place of those that are in [`Initial::contents`].
    ///
    /// Their numbers stay, so that its `memory.init` and `data.drop` mean the same: an active segment is empty once the module runs.
    pub(crate) fn module(&self) -> Vec<u8> {
        let mut data = DataSection::new();
        for segment in &self.segments {
            let bytes = match segment.address {
                Some(_) => &[],
                None => segment.bytes,
            };
            data.passive(bytes.iter().copied());
        }
        let mut module = self.wasm[..self.section.start].to_vec();
        if !self.section.is_empty() {
            data.append_to(&mut module);
        }
        // What is before keeps its offsets, which traces and messages name.
        module.extend_from_slice(&self.wasm[self.section.end..]);
        module
    }

    /// The address of [`Initial::contents`], a multiple of the size of a wasm page.
    pub(crate) fn address(&self) -> usize {
        self.span.start
    }

    /// The size of [`Initial::contents`].
    pub(crate) fn length(&self) -> usize {
        self.span.len()
    }

    /// The contents, whole wasm pages.
    pub(crate) fn contents(&self) -> Vec<u8> {
        let mut contents = vec![0; self.span.len()];
        for segment in &self.segments {
            if let Some(address) = segment.address {
                let start = address - self.span.start;
                contents[start..start + segment.bytes.len()].copy_from_slice(segment.bytes);
            }
        }
        contents
    }
}

fn read(reader: DataSectionReader<'_>) -> Option<Vec<Segment<'_>>> {
    let mut segments = Vec::new();
    for segment in reader {
        let segment = segment.ok()?;
        let address = match segment.kind {
            DataKind::Passive => None,
            DataKind::Active {
                memory_index: 0,
                offset_expr,
            } => {
                let mut operators = offset_expr.get_operators_reader();
                let Operator::I32Const { value } = operators.read().ok()? else {
                    return None;
                };
                let Operator::End = operators.read().ok()? else {
                    return None;
                };
                Some(usize::try_from(value.cast_unsigned()).ok()?)
            }
            DataKind::Active { .. } => return None,
        };
        segments.push(Segment {
            address,
            bytes: segment.data,
        });
    }
    Some(segments)
}

/// The wasm pages that the segments reach over.
fn span(segments: &[Segment<'_>]) -> Option<Range<usize>> {
    let mut span: Option<Range<usize>> = None;
    for segment in segments {
        if let Some(start) = segment.address {
            let end = start.checked_add(segment.bytes.len())?;
            let known = span.unwrap_or(start..end);
            span = Some(known.start.min(start)..known.end.max(end));
        }
    }
    let span = span.unwrap_or(0..0);
    let start = span.start / WASM_PAGE * WASM_PAGE;
    let end = span.end.checked_next_multiple_of(WASM_PAGE)?;
    Some(start..end)
}

#[cfg(test)]
mod tests;
