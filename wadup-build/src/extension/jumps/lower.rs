//! Rewrites functions so that they return where a jump passes, and continue where it is caught.

use wasm_encoder::{Encode, Instruction};
use wasmparser::{
    BinaryReader, FuncType, FunctionBody, Operator, OperatorsReader, RelocationEntry, ValType,
};

use super::calls::Calls;
use super::{Lowered, Refusal, relocation_of_pending};
use crate::extension::thunks::reader::{Object, Target};
use crate::object;

const LOAD: u8 = 0x28;
const STORE: u8 = 0x36;
const BLOCK: u8 = 0x02;
const IF: u8 = 0x04;
const I32: u8 = 0x7f;
const NOTHING: u8 = 0x40;
/// log2 of the size of a pointer.
const ALIGNMENT: u8 = 2;
/// An offset that the linker writes.
const PADDED_ZERO: [u8; 5] = [0x80, 0x80, 0x80, 0x80, 0];

/// The code section with every function rewritten through which a jump may pass.
pub(super) fn functions(
    object: &Object<'_>,
    calls: &Calls,
    pending: u32,
) -> Result<Lowered, Refusal> {
    let (_, code) = object.code();
    let mut entries: Vec<RelocationEntry> = object.relocations(Target::Code).copied().collect();
    entries.sort_by_key(|entry| entry.offset);
    let mut out = Lowered {
        code: Vec::new(),
        relocations: Vec::new(),
    };
    object.bodies.len().encode(&mut out.code);
    let imported = object.imported().count();
    let mut entries = entries.as_slice();
    for (index, (body, ty)) in object.bodies.iter().zip(object.defined()).enumerate() {
        let bytes = code
            .get(body.start as usize..body.end as usize)
            .ok_or(object::Refusal::Truncated)?;
        let before = entries.partition_point(|entry| entry.offset < body.start);
        entries = entries.get(before..).unwrap_or_default();
        let within = entries.partition_point(|entry| entry.offset < body.end);
        let (own, rest) = entries.split_at(within);
        entries = rest;
        let mut function = Function {
            source: bytes,
            start: body.start,
            entries: own,
            pending,
            code: Vec::new(),
            relocations: Vec::new(),
        };
        let ty = ty.ok_or(object::Refusal::Truncated)?;
        if calls.concerns(imported + index) {
            function.rewrite(object, calls, ty)?;
        } else {
            function.copy(0, bytes.len() as u64);
        }
        (function.code.len() as u32).encode(&mut out.code);
        let start = out.code.len() as u32;
        out.relocations
            .extend(function.relocations.into_iter().map(|mut entry| {
                entry.offset = entry.offset.wrapping_add(start);
                entry
            }));
        out.code.extend_from_slice(&function.code);
    }
    Ok(out)
}

/// A block of the source that is open.
#[derive(Clone, Copy, PartialEq)]
enum Frame {
    /// A block, a loop, an `if`, or a `catch`.
    Block,
    /// The part of a `try` from which a jump goes to its `catch`. It is two blocks: the inner one ends at the `catch`.
    Caught,
    /// A `try` that leaves jumps to the block of this number, counted from the outermost; `None` is the function.
    Delegated(Option<usize>),
}

impl Frame {
    /// How many blocks it is when it is written.
    fn depth(self) -> u32 {
        if self == Self::Caught { 2 } else { 1 }
    }
}

/// How a `try` ends.
#[derive(Clone, Copy)]
enum End {
    Catch,
    Delegate(u32),
}

/// A function while it is rewritten.
struct Function<'a> {
    source: &'a [u8],
    /// Where it begins in the code section.
    start: u32,
    /// The relocations in it, by their places in the code section.
    entries: &'a [RelocationEntry],
    pending: u32,
    code: Vec<u8>,
    /// The new relocations, by their places in `code`.
    relocations: Vec<RelocationEntry>,
}

impl<'a> Function<'a> {
    fn rewrite(
        &mut self,
        object: &Object<'_>,
        calls: &Calls,
        ty: &FuncType,
    ) -> Result<(), Refusal> {
        let mut ends = ends(self.operators()?)?.into_iter();
        let mut operators = self.operators()?;
        let mut frames: Vec<Frame> = Vec::new();
        // Declarations of locals come before the operators.
        self.copy(0, operators.original_position());
        while !operators.eof() {
            let from = operators.original_position();
            let operator = operators.read()?;
            let to = operators.original_position();
            match operator {
                Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => {
                    frames.push(Frame::Block);
                    self.copy(from, to);
                }
                Operator::Try { blockty } => {
                    if let wasmparser::BlockType::FuncType(ty) = blockty
                        && !object
                            .types
                            .get(ty as usize)
                            .is_some_and(|ty| ty.params().is_empty())
                    {
                        return Err(Refusal::Exceptions("try with parameters"));
                    }
                    self.code.push(BLOCK);
                    self.copy(from + 1, to);
                    frames.push(match ends.next() {
                        Some(End::Catch) => {
                            self.code.extend([BLOCK, I32]);
                            Frame::Caught
                        }
                        Some(End::Delegate(depth)) => {
                            Frame::Delegated(frames.len().checked_sub(1 + depth as usize))
                        }
                        None => return Err(object::Refusal::Truncated.into()),
                    });
                }
                Operator::Catch { .. } => {
                    if frames.pop() != Some(Frame::Caught) {
                        return Err(Refusal::Exceptions("catch after catch"));
                    }
                    Instruction::Br(1).encode(&mut self.code);
                    Instruction::End.encode(&mut self.code);
                    self.clear();
                    frames.push(Frame::Block);
                }
                Operator::Delegate { .. } => {
                    frames.pop();
                    Instruction::End.encode(&mut self.code);
                }
                Operator::End => {
                    frames.pop();
                    self.copy(from, to);
                }
                Operator::Br { relative_depth } => {
                    let depth = branch(&frames, relative_depth);
                    Instruction::Br(depth).encode(&mut self.code);
                }
                Operator::BrIf { relative_depth } => {
                    let depth = branch(&frames, relative_depth);
                    Instruction::BrIf(depth).encode(&mut self.code);
                }
                Operator::BrTable { targets } => {
                    let otherwise = branch(&frames, targets.default());
                    let targets = targets
                        .targets()
                        .map(|target| Ok(branch(&frames, target?)))
                        .collect::<Result<Vec<u32>, Refusal>>()?;
                    Instruction::BrTable(targets.into(), otherwise).encode(&mut self.code);
                }
                Operator::Call { function_index } => {
                    self.copy(from, to);
                    if calls.passes(function_index) {
                        self.check(&frames, ty)?;
                    }
                }
                Operator::CallIndirect { type_index, .. } => {
                    self.copy(from, to);
                    if calls.passes_type(type_index) {
                        self.check(&frames, ty)?;
                    }
                }
                Operator::ReturnCall { .. } | Operator::ReturnCallIndirect { .. }
                    if catching(&frames, frames.len()).is_some() =>
                {
                    return Err(Refusal::Exceptions("return_call in a try"));
                }
                _ => self.copy(from, to),
            }
        }
        Ok(())
    }

    fn operators(&self) -> Result<OperatorsReader<'a>, Refusal> {
        Ok(FunctionBody::new(BinaryReader::new(self.source, 0)).get_operators_reader()?)
    }

    /// Copies a part of the source, with the relocations in it.
    fn copy(&mut self, from: u64, to: u64) {
        let to_section = |place: u64| self.start.saturating_add(place as u32);
        let place = self.code.len() as u32;
        let first = self
            .entries
            .partition_point(|entry| entry.offset < to_section(from));
        let end = self
            .entries
            .partition_point(|entry| entry.offset < to_section(to));
        for entry in self.entries.get(first..end).unwrap_or_default() {
            let mut entry = *entry;
            entry.offset = entry.offset - to_section(from) + place;
            self.relocations.push(entry);
        }
        self.code.extend_from_slice(
            self.source
                .get(from as usize..to as usize)
                .unwrap_or_default(),
        );
    }

    /// A load or a store of the pending jump.
    fn access(&mut self, operator: u8) {
        self.code.extend([operator, ALIGNMENT]);
        let place = self.code.len() as u32;
        self.relocations
            .push(relocation_of_pending(place, self.pending));
        self.code.extend(PADDED_ZERO);
    }

    fn load(&mut self) {
        Instruction::I32Const(0).encode(&mut self.code);
        self.access(LOAD);
    }

    /// The jump has arrived.
    fn clear(&mut self) {
        Instruction::I32Const(0).encode(&mut self.code);
        Instruction::I32Const(0).encode(&mut self.code);
        self.access(STORE);
    }

    /// Leaves the function, or continues at its `catch`, if a jump is on its way.
    fn check(&mut self, frames: &[Frame], ty: &FuncType) -> Result<(), Refusal> {
        self.load();
        self.code.extend([IF, NOTHING]);
        match catching(frames, frames.len()) {
            Some(target) => {
                self.load();
                let inner: u32 = frames[target + 1..].iter().map(|frame| frame.depth()).sum();
                // Out of the `if` as well.
                Instruction::Br(inner + 1).encode(&mut self.code);
            }
            None => {
                for result in ty.results() {
                    zero(*result, &mut self.code)?;
                }
                Instruction::Return.encode(&mut self.code);
            }
        }
        Instruction::End.encode(&mut self.code);
        Ok(())
    }
}

/// The depth of a branch as it is written.
fn branch(frames: &[Frame], depth: u32) -> u32 {
    let Some(target) = frames.len().checked_sub(1 + depth as usize) else {
        // The function's own block.
        let blocks: u32 = frames.iter().map(|frame| frame.depth()).sum();
        return blocks + (depth - frames.len() as u32);
    };
    let within: u32 = frames[target + 1..].iter().map(|frame| frame.depth()).sum();
    within + frames[target].depth() - 1
}

/// The `try` that catches what is thrown within the first `count` frames.
fn catching(frames: &[Frame], count: usize) -> Option<usize> {
    let mut end = count;
    while let Some(index) = end.checked_sub(1) {
        match frames[index] {
            Frame::Caught => return Some(index),
            // It leaves jumps to a block outside of itself.
            Frame::Delegated(target) => end = target.map_or(0, |target| (target + 1).min(index)),
            Frame::Block => end = index,
        }
    }
    None
}

/// The end of each `try`, in the order in which they begin.
fn ends(mut operators: OperatorsReader<'_>) -> Result<Vec<End>, Refusal> {
    let mut ends = Vec::new();
    let mut open: Vec<Option<usize>> = Vec::new();
    while !operators.eof() {
        match operators.read()? {
            Operator::Block { .. } | Operator::Loop { .. } | Operator::If { .. } => open.push(None),
            Operator::Try { .. } => {
                open.push(Some(ends.len()));
                // A `try` without a `catch` cannot be told from a block.
                ends.push(None);
            }
            Operator::Catch { .. } => {
                if let Some(Some(number)) = open.last() {
                    ends[*number] = Some(End::Catch);
                }
            }
            Operator::Delegate { relative_depth } => {
                if let Some(Some(number)) = open.pop() {
                    ends[number] = Some(End::Delegate(relative_depth));
                }
            }
            Operator::End => {
                open.pop();
            }
            _ => {}
        }
    }
    ends.into_iter()
        .map(|end| end.ok_or(Refusal::Exceptions("try without catch")))
        .collect()
}

/// What a function returns that a jump leaves; nobody reads it.
fn zero(ty: ValType, code: &mut Vec<u8>) -> Result<(), Refusal> {
    match ty {
        ValType::I32 => Instruction::I32Const(0).encode(code),
        ValType::I64 => Instruction::I64Const(0).encode(code),
        ValType::F32 => Instruction::F32Const(0.0_f32.into()).encode(code),
        ValType::F64 => Instruction::F64Const(0.0_f64.into()).encode(code),
        ValType::V128 => Instruction::V128Const(0).encode(code),
        ValType::Ref(_) => return Err(Refusal::Exceptions("a result that is a reference")),
    }
    Ok(())
}
