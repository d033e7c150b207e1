//! Takes a module apart for wasm-opt, which gets no data and numbers for names, and puts the optimized code back, with packed data.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use wasm_encoder::{CustomSection, Encode, NameMap, NameSection, Section};
use wasmparser::{KnownCustom, Name, NameSectionReader, Parser, Payload, TypeRef};

use super::data;
use crate::error::{Error, Result};
use crate::sbom::{self, Component};

/// The ids of sections ("Modules" in the WebAssembly specification's binary format).
const CUSTOM: u8 = 0;
const DATA: u8 = 11;
const DATA_COUNT: u8 = 12;

const PREAMBLE: &[u8] = b"\0asm\x01\0\0\0";

/// The section from which wasm-opt learns which features it may use (tool conventions, "Target Features Section").
const FEATURES: &str = "target_features";

const NAMES: &str = "name";

/// A module, taken apart.
pub(super) struct Split<'a> {
    /// Every section but the custom ones, in order.
    sections: Vec<(u8, &'a [u8])>,
    customs: Vec<(&'a str, &'a [u8])>,
    functions: Functions,
}

/// The functions of a module.
#[derive(Default)]
struct Functions {
    imported: u32,
    /// Imported and defined ones.
    all: u32,
    names: BTreeMap<u32, String>,
}

/// An optimized module.
pub(super) struct Joined {
    pub(super) module: Vec<u8>,
    pub(super) functions: Vec<Function>,
}

/// A function of an optimized module.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Function {
    /// Its number among the functions that the module defined before, or `None` for one that wasm-opt made.
    pub(super) was: Option<usize>,
    /// Its body in the file, with the size before it.
    pub(super) bytes: Range<u64>,
}

impl<'a> Split<'a> {
    /// # Errors
    /// When the module is malformed, or has debug information, which optimized code would not fit.
    pub(super) fn of(module: &'a [u8]) -> Result<Self> {
        let read = read(module).map_err(|error| Error::malformed(Path::new("guest"), error))?;
        match read.customs.iter().find(|(name, _)| describes_code(name)) {
            None => Ok(read),
            Some((name, _)) => Err(Error::Missing {
                what: format!("a way to optimize a guest that has the section `{name}`"),
                help: "build it without debug information, or without wasm-opt".to_owned(),
            }),
        }
    }

    /// The module for wasm-opt: without data, with the number of each function as its name.
    pub(super) fn code(&self) -> Vec<u8> {
        let mut module = PREAMBLE.to_vec();
        for (id, content) in &self.sections {
            if !matches!(*id, DATA | DATA_COUNT) {
                append(&mut module, *id, content);
            }
        }
        let numbers = (0..self.functions.all).map(|index| (index, index.to_string()));
        append_names(&mut module, numbers);
        for (name, data) in self.customs.iter().filter(|(name, _)| *name == FEATURES) {
            append_custom(&mut module, name, data);
        }
        module
    }

    /// The guest with optimized code. `tool` is added to its components.
    pub(super) fn join(
        &self,
        optimized: &[u8],
        tool: &Component,
    ) -> Result<Joined, wasmparser::BinaryReaderError> {
        let new = read(optimized)?;
        let mut module = PREAMBLE.to_vec();
        for (id, content) in &new.sections {
            append(&mut module, *id, content);
        }
        for (_, content) in self.sections.iter().filter(|(id, _)| *id == DATA) {
            match data::packed(content)? {
                Some(packed) => packed.append_to(&mut module),
                None => append(&mut module, DATA, content),
            }
        }
        let was = |index: u32| new.functions.names.get(&index)?.parse::<u32>().ok();
        if !self.functions.names.is_empty() {
            let names = (0..new.functions.all).filter_map(|index| {
                let name = self.functions.names.get(&was(index)?)?;
                Some((index, name.clone()))
            });
            append_names(&mut module, names);
        }
        for (name, data) in self.customs.iter().filter(|(name, _)| *name != NAMES) {
            if *name == sbom::SECTION {
                append_custom(&mut module, name, &with_component(data, tool));
            } else {
                append_custom(&mut module, name, data);
            }
        }
        let functions = bodies(&module)?
            .into_iter()
            .zip(new.functions.imported..)
            .map(|(bytes, index)| Function {
                was: was(index)
                    .and_then(|was| was.checked_sub(self.functions.imported))
                    .map(|was| was as usize),
                bytes,
            })
            .collect();
        Ok(Joined { module, functions })
    }
}

/// Whether a custom section contains addresses of code.
fn describes_code(section: &str) -> bool {
    section.starts_with(".debug") || section.starts_with("reloc.") || section == "linking"
}

fn read(module: &[u8]) -> wasmparser::Result<Split<'_>> {
    let mut split = Split {
        sections: Vec::new(),
        customs: Vec::new(),
        functions: Functions::default(),
    };
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        match &payload {
            Payload::ImportSection(imports) => {
                for import in imports.clone().into_imports() {
                    let is_function =
                        matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_));
                    split.functions.imported += u32::from(is_function);
                }
            }
            Payload::FunctionSection(functions) => {
                split.functions.all = split.functions.imported + functions.count();
            }
            Payload::CustomSection(custom) => {
                split.customs.push((custom.name(), custom.data()));
                if let KnownCustom::Name(names) = custom.as_known() {
                    split.functions.names = names_of(names)?;
                }
            }
            _ => {}
        }
        if let Some((id, range)) = payload.as_section()
            && id != CUSTOM
        {
            split.sections.push((id, &module[in_memory(&range)]));
        }
    }
    Ok(split)
}

fn names_of(section: NameSectionReader<'_>) -> wasmparser::Result<BTreeMap<u32, String>> {
    let mut names = BTreeMap::new();
    for subsection in section {
        if let Name::Function(functions) = subsection? {
            for function in functions {
                let function = function?;
                names.insert(function.index, function.name.to_owned());
            }
        }
    }
    Ok(names)
}

/// The range of each function's body in a module, with the size before it.
fn bodies(module: &[u8]) -> wasmparser::Result<Vec<Range<u64>>> {
    let mut bodies = Vec::new();
    let mut end = 0;
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::CodeSectionStart {
                count,
                unchecked_range,
                ..
            } => end = unchecked_range.start + leb128_length(count.into()),
            Payload::CodeSectionEntry(body) => {
                bodies.push(end..body.range().end);
                end = body.range().end;
            }
            _ => {}
        }
    }
    Ok(bodies)
}

/// The bytes that a number takes in a module, as linkers and wasm-opt encode it.
pub(super) fn leb128_length(number: u64) -> u64 {
    u64::from(number.max(1).ilog2() / 7 + 1)
}

/// A range of a module that is in memory.
fn in_memory(range: &Range<u64>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// The record with one more component. One that cannot be read stays as it is: its readers report it.
fn with_component(record: &[u8], component: &Component) -> Vec<u8> {
    serde_json::from_slice::<sbom::Record>(record)
        .and_then(|mut record| {
            record.components.push(component.clone());
            serde_json::to_vec(&record)
        })
        .unwrap_or_else(|_| record.to_vec())
}

fn append(module: &mut Vec<u8>, id: u8, content: &[u8]) {
    module.push(id);
    content.encode(module);
}

fn append_names(module: &mut Vec<u8>, names: impl IntoIterator<Item = (u32, String)>) {
    let mut map = NameMap::new();
    for (index, name) in names {
        map.append(index, &name);
    }
    let mut section = NameSection::new();
    section.functions(&map);
    section.append_to(module);
}

fn append_custom(module: &mut Vec<u8>, name: &str, data: &[u8]) {
    let section = CustomSection {
        name: name.into(),
        data: data.into(),
    };
    section.append_to(module);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A guest with an import, two functions, data and custom sections.
    const GUEST: &str = r#"(module
        (import "wasi_snapshot_preview1" "sched_yield" (func $yield (result i32)))
        (memory (export "memory") 1)
        (func $first (export "process") (result i32) (i32.const 1))
        (func $second (result i32) (call $yield))
        (data (i32.const 1024) "bundle")
        (@custom "wadup.sbom" "{\"features\": [\"extra\"], \"components\": []}")
        (@custom "target_features" "\01+\08sign-ext"))"#;

    /// What wasm-opt might make of it: the functions changed places, and a new one was made.
    const OPTIMIZED: &str = r#"(module
        (import "wasi_snapshot_preview1" "sched_yield" (func $"0" (result i32)))
        (memory (export "memory") 1)
        (func $"2" (result i32) (call $"0"))
        (func $made (result i32) (i32.const 3))
        (func $"1" (export "process") (result i32) (i32.const 1)))"#;

    fn binary(text: &str) -> Vec<u8> {
        wat::parse_str(text).unwrap()
    }

    fn tool() -> Component {
        Component {
            origin: sbom::Origin::Tool,
            name: "binaryen".into(),
            version: "132".into(),
            sha256: None,
            license: None,
        }
    }

    fn custom<'a>(module: &'a Split<'_>, wanted: &str) -> &'a [u8] {
        let found = module.customs.iter().find(|(name, _)| *name == wanted);
        found.unwrap().1
    }

    #[test]
    fn wasm_opt_sees_no_data_and_numbers_for_names() {
        let guest = binary(GUEST);

        let code = Split::of(&guest).unwrap().code();

        let seen = Split::of(&code).unwrap();
        assert!(!seen.sections.iter().any(|(id, _)| *id == DATA));
        let names: Vec<_> = seen.functions.names.values().collect();
        assert_eq!(names, ["0", "1", "2"]);
        let customs: Vec<_> = seen.customs.iter().map(|(name, _)| *name).collect();
        assert_eq!(customs, [NAMES, FEATURES]);
    }

    #[test]
    fn other_data_gives_the_same_code_for_wasm_opt() {
        let guest = binary(GUEST);
        let edited = binary(&GUEST.replace("bundle", "edited"));

        assert_eq!(
            Split::of(&guest).unwrap().code(),
            Split::of(&edited).unwrap().code()
        );
    }

    #[test]
    fn optimized_code_gets_its_data_names_and_sections_back() {
        let (guest, optimized) = (binary(GUEST), binary(OPTIMIZED));

        let joined = Split::of(&guest)
            .unwrap()
            .join(&optimized, &tool())
            .unwrap();

        let module = Split::of(&joined.module).unwrap();
        // The function that wasm-opt made has no name.
        let names = [(0, "yield"), (1, "second"), (3, "first")];
        assert_eq!(
            module.functions.names,
            names.map(|(index, name)| (index, name.to_owned())).into()
        );
        let data = |split: &Split<'_>| {
            let found = split.sections.iter().find(|(id, _)| *id == DATA);
            found.unwrap().1.to_vec()
        };
        assert_eq!(data(&module), data(&Split::of(&guest).unwrap()));
        let record: sbom::Record = serde_json::from_slice(custom(&module, sbom::SECTION)).unwrap();
        assert_eq!(record.features, ["extra"]);
        assert_eq!(record.components, [tool()]);
    }

    #[test]
    fn each_function_knows_what_it_was_and_where_it_is() {
        let (guest, optimized) = (binary(GUEST), binary(OPTIMIZED));

        let joined = Split::of(&guest)
            .unwrap()
            .join(&optimized, &tool())
            .unwrap();

        let was: Vec<_> = joined
            .functions
            .iter()
            .map(|function| function.was)
            .collect();
        assert_eq!(was, [Some(1), None, Some(0)]);
        // `i32.const 3` and the end of a body without locals, after the size.
        let made = &joined.module[in_memory(&joined.functions[1].bytes)];
        assert_eq!(made, [4, 0, 0x41, 3, 0x0b]);
    }

    #[test]
    fn a_guest_with_debug_information_is_refused() {
        let guest = binary(r#"(module (@custom ".debug_info" "x"))"#);

        let error = Split::of(&guest).err().unwrap().to_string();

        assert!(error.contains("`.debug_info`"), "{error}");
        assert!(error.contains("help: build it without debug"), "{error}");
    }
}
