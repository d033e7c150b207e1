//! Which functions of an object a jump may pass through.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{BinaryReader, FuncType, FunctionBody, Operator, RelocationType, SymbolInfo};

use super::Refusal;
use crate::extension::thunks::reader::{Object, Target};

/// Functions of libc that call functions which they are given.
const CALLING_BACK: [&str; 4] = ["bsearch", "qsort", "qsort_r", "__qsort_r"];

/// The function that starts a jump.
const JUMP: &str = "__wasm_longjmp";

/// The functions of an object, imported ones first, and what they call.
pub(super) struct Calls {
    /// Through which of them a jump may pass.
    passed: Vec<bool>,
    /// The types of passed functions that are called by pointers.
    types: BTreeSet<u32>,
    /// Which of them catch jumps.
    catching: Vec<bool>,
}

/// What one function calls.
#[derive(Default)]
struct Called {
    functions: BTreeSet<u32>,
    types: BTreeSet<u32>,
    catches: bool,
}

impl Calls {
    pub(super) fn of(object: &Object<'_>) -> Result<Self, Refusal> {
        let imported: Vec<(&str, Option<&FuncType>)> = object.imported().collect();
        let mut called = Vec::new();
        called.resize_with(imported.len(), Called::default);
        let (_, code) = object.code();
        for body in &object.bodies {
            let bytes = code
                .get(body.start as usize..body.end as usize)
                .unwrap_or_default();
            called.push(Called::by(bytes)?);
        }
        let catching: Vec<bool> = called.iter().map(|called| called.catches).collect();
        let types: Vec<Option<&FuncType>> = imported
            .iter()
            .map(|(_, ty)| *ty)
            .chain(object.defined())
            .collect();
        let mut calls = Self {
            passed: vec![false; called.len()],
            types: BTreeSet::new(),
            catching,
        };
        for (symbol, info) in (0..).zip(&object.symbols) {
            if let SymbolInfo::Func { .. } = info
                && let Some((index, JUMP, _)) = object.function(symbol)
                && let Some(passed) = calls.passed.get_mut(index as usize)
            {
                *passed = true;
            }
        }
        let by_pointer = by_pointer(object);
        let numbers = numbers(object);
        while calls.grow(&called, &imported, &by_pointer, &types, &numbers) {}
        Ok(calls)
    }

    /// Adds callers of functions that are passed, until there are no more.
    fn grow(
        &mut self,
        called: &[Called],
        imported: &[(&str, Option<&FuncType>)],
        by_pointer: &BTreeSet<u32>,
        types: &[Option<&FuncType>],
        numbers: &BTreeMap<&FuncType, Vec<u32>>,
    ) -> bool {
        let mut grown = false;
        for index in by_pointer {
            let passed = self.passed.get(*index as usize).is_some_and(|is| *is);
            let ty = types.get(*index as usize).copied().flatten();
            for number in ty
                .filter(|_| passed)
                .and_then(|ty| numbers.get(ty))
                .into_iter()
                .flatten()
            {
                grown |= self.types.insert(*number);
            }
        }
        for (index, called) in called.iter().enumerate() {
            let is_passed = match imported.get(index) {
                // What it calls back may jump.
                Some((name, _)) => !self.types.is_empty() && CALLING_BACK.contains(name),
                None => self.may_pass(called),
            };
            if is_passed && !self.passed[index] {
                self.passed[index] = true;
                grown = true;
            }
        }
        grown
    }

    fn may_pass(&self, called: &Called) -> bool {
        called.functions.iter().any(|index| self.passes(*index))
            || !called.types.is_disjoint(&self.types)
    }

    /// Whether a jump may pass through a function, or start there.
    pub(super) fn passes(&self, function: u32) -> bool {
        self.passed.get(function as usize).is_some_and(|is| *is)
    }

    /// Whether a jump may pass through a function that is called by a pointer.
    pub(super) fn passes_type(&self, ty: u32) -> bool {
        self.types.contains(&ty)
    }

    /// Whether the code of a function must change.
    pub(super) fn concerns(&self, function: usize) -> bool {
        let holds = |list: &[bool]| list.get(function).is_some_and(|is| *is);
        holds(&self.passed) || holds(&self.catching)
    }

    pub(super) fn has_jumps(&self) -> bool {
        self.catching.contains(&true)
    }
}

impl Called {
    fn by(body: &[u8]) -> Result<Self, Refusal> {
        let mut called = Self::default();
        let body = FunctionBody::new(BinaryReader::new(body, 0));
        for operator in body.get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                    called.functions.insert(function_index);
                }
                Operator::CallIndirect { type_index, .. }
                | Operator::ReturnCallIndirect { type_index, .. } => {
                    called.types.insert(type_index);
                }
                Operator::Try { .. } => called.catches = true,
                Operator::TryTable { .. } => return Err(Refusal::Exceptions("try_table")),
                Operator::Throw { .. } => return Err(Refusal::Exceptions("throw")),
                Operator::ThrowRef => return Err(Refusal::Exceptions("throw_ref")),
                Operator::Rethrow { .. } => return Err(Refusal::Exceptions("rethrow")),
                Operator::CatchAll => return Err(Refusal::Exceptions("catch_all")),
                _ => {}
            }
        }
        Ok(called)
    }
}

/// The functions to which there are pointers.
fn by_pointer(object: &Object<'_>) -> BTreeSet<u32> {
    [Target::Code, Target::Data]
        .into_iter()
        .flat_map(|target| object.relocations(target))
        .filter(|entry| {
            matches!(
                entry.ty,
                RelocationType::TableIndexSleb
                    | RelocationType::TableIndexI32
                    | RelocationType::TableIndexRelSleb
            )
        })
        .filter_map(|entry| Some(object.function(entry.index)?.0))
        .collect()
}

/// The numbers of each type: an object may list one several times.
fn numbers<'o>(object: &'o Object<'_>) -> BTreeMap<&'o FuncType, Vec<u32>> {
    let mut numbers: BTreeMap<&FuncType, Vec<u32>> = BTreeMap::new();
    for (number, ty) in (0..).zip(&object.types) {
        numbers.entry(ty).or_default().push(number);
    }
    numbers
}
