//! Extracts what the rules check from a module's sections.

use std::collections::BTreeMap;
use std::path::Path;

use wadup_contract::export;
use wasmparser::{
    ConstExpr, DataKind, ExternalKind, FuncType, Global, KnownCustom, MemoryType, Name,
    NameSectionReader, Operator, Parser, Payload, TypeRef,
};

use super::Import;
use super::proposals::{self, Uses};
use crate::error::{Error, Result};

/// What the rules check in a module.
#[derive(Default)]
pub(super) struct Outline {
    /// The imports, in the module's order, and whether each is a function.
    pub(super) imports: Vec<(Import, bool)>,
    /// The exports by their names.
    pub(super) exports: BTreeMap<String, Exported>,
    /// All memories, imported ones first.
    pub(super) memories: Vec<MemoryType>,
    /// The address from which the stack grows downwards. It is the size of the stack if the stack comes first.
    ///
    /// It is the initial value of `__stack_pointer`. The linker defines only this global of its kind, and puts its own
    /// globals before those of the objects (`createSyntheticSymbols` in lld's `wasm/Driver.cpp`): the first
    /// mutable i32 that a constant initializes. The name does not help: stripped modules have none.
    pub(super) stack_top: Option<u64>,
    /// The lowest address of the data segments.
    pub(super) lowest_data: Option<u64>,
    /// Whether the module imports or defines tags, the types of exceptions.
    pub(super) has_tags: bool,
    /// The proposals that its instructions come from.
    pub(super) uses: Uses,
    /// The names of the functions that [`Outline::uses`] has, if the module is not stripped.
    names: BTreeMap<usize, String>,

    types: Vec<FuncType>,
    /// The type of each function, imported ones first.
    functions: Vec<u32>,
}

/// An export, with the properties that its rule checks.
pub(super) enum Exported {
    Function(FuncType),
    Memory(MemoryType),
    Other,
}

impl Outline {
    /// Reads the module in `bytes`, the content of the file `path`.
    pub(super) fn read(path: &Path, bytes: &[u8]) -> Result<Self> {
        if Parser::is_component(bytes) {
            return Err(Error::not_a_module(
                path,
                "it is a component: expected a core module",
            ));
        }
        Self::of_module(bytes).map_err(|error| Error::not_a_module(path, error))
    }

    /// The name of a function of [`Outline::uses`], or its index in a stripped module.
    pub(super) fn function_name(&self, index: usize) -> String {
        let name = self.names.get(&index).cloned();
        name.unwrap_or_else(|| format!("function {index}"))
    }

    /// The memory that the host sees.
    pub(super) fn memory(&self) -> Option<&MemoryType> {
        match self.exports.get(export::MEMORY)? {
            Exported::Memory(memory) => Some(memory),
            _ => None,
        }
    }

    fn of_module(bytes: &[u8]) -> wasmparser::Result<Self> {
        let mut outline = Self::default();
        let mut next_body = 0;
        let mut names = None;
        for payload in Parser::new(0).parse_all(bytes) {
            match payload? {
                Payload::TypeSection(types) => {
                    outline.types = types
                        .into_iter_err_on_gc_types()
                        .collect::<Result<_, _>>()?;
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        outline.import(import?);
                    }
                    next_body = outline.functions.len();
                }
                Payload::FunctionSection(functions) => {
                    for function in functions {
                        outline.functions.push(function?);
                    }
                }
                Payload::MemorySection(memories) => {
                    for memory in memories {
                        outline.memories.push(memory?);
                    }
                }
                Payload::TagSection(tags) => outline.has_tags |= tags.count() > 0,
                Payload::GlobalSection(globals) => {
                    for global in globals {
                        outline.global(&global?);
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        let exported = outline.exported(export.kind, export.index);
                        outline.exports.insert(export.name.to_owned(), exported);
                    }
                }
                Payload::DataSection(segments) => {
                    for segment in segments {
                        outline.data(&segment?.kind);
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    proposals::note(&mut outline.uses, next_body, &body)?;
                    next_body += 1;
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(section) = section.as_known() {
                        names = Some(section);
                    }
                }
                _ => {}
            }
        }
        if let Some(names) = names {
            outline.names = function_names(names, &outline.uses);
        }
        Ok(outline)
    }

    fn import(&mut self, import: wasmparser::Import<'_>) {
        match import.ty {
            TypeRef::Func(index) | TypeRef::FuncExact(index) => self.functions.push(index),
            TypeRef::Memory(memory) => self.memories.push(memory),
            TypeRef::Tag(_) => self.has_tags = true,
            TypeRef::Table(_) | TypeRef::Global(_) => {}
        }
        let is_function = matches!(import.ty, TypeRef::Func(_));
        let import = Import {
            module: import.module.to_owned(),
            name: import.name.to_owned(),
        };
        self.imports.push((import, is_function));
    }

    fn global(&mut self, global: &Global<'_>) {
        if self.stack_top.is_none() && global.ty.mutable {
            self.stack_top = constant(&global.init_expr);
        }
    }

    fn data(&mut self, kind: &DataKind<'_>) {
        if let DataKind::Active { offset_expr, .. } = kind {
            let offset = constant(offset_expr);
            self.lowest_data = self.lowest_data.into_iter().chain(offset).min();
        }
    }

    fn exported(&self, kind: ExternalKind, index: u32) -> Exported {
        let index = index as usize;
        let found = match kind {
            ExternalKind::Func => self
                .functions
                .get(index)
                .and_then(|ty| self.types.get(*ty as usize))
                .map(|ty| Exported::Function(ty.clone())),
            ExternalKind::Memory => self.memories.get(index).copied().map(Exported::Memory),
            _ => None,
        };
        found.unwrap_or(Exported::Other)
    }
}

/// The address in an expression that consists of one `i32.const`.
fn constant(expression: &ConstExpr<'_>) -> Option<u64> {
    let mut operators = expression.get_operators_reader().into_iter();
    match (operators.next()?.ok()?, operators.next()?.ok()?) {
        (Operator::I32Const { value }, Operator::End) => Some(u64::from(value.cast_unsigned())),
        _ => None,
    }
}

fn function_names(names: NameSectionReader<'_>, uses: &Uses) -> BTreeMap<usize, String> {
    names
        .into_iter()
        .filter_map(|name| match name {
            Ok(Name::Function(functions)) => Some(functions),
            _ => None,
        })
        .flatten()
        .filter_map(|naming| naming.ok())
        .map(|naming| (naming.index as usize, naming.name.to_owned()))
        .filter(|(index, _)| uses.values().any(|used| used == index))
        .collect()
}
