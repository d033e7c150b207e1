//! Objects written by hand: every rule of the symbol table, on any machine.

use std::borrow::Cow;

use wasm_encoder::{
    CodeSection, CustomSection, DataSection, DataSymbolDefinition, Encode, EntityType, Function,
    FunctionSection, ImportSection, MemoryType, Module, RawSection, SymbolTable, TypeSection,
    ValType,
};
use wasmparser::{KnownCustom, Linking, Parser, Payload, SymbolFlags, SymbolInfo};

use super::super::{Export, Refusal, isolate};
use crate::object::Refusal::{Malformed, NotRelocatable};

const SEGMENT_INFO: u8 = 5;
const INIT_FUNCTIONS: u8 = 6;
const COMDAT_INFO: u8 = 7;

/// One segment of no name, alignment 1 and no flags.
const ONE_SEGMENT: &[u8] = &[1, 0, 0, 0];
/// One constructor: priority 100, symbol 2.
const ONE_CONSTRUCTOR: &[u8] = &[1, 100, 2];
/// One group "g" without flags, with function 2 in it.
const ONE_GROUP: &[u8] = &[1, 1, b'g', 0, 1, 1, 2];

/// Symbols of all kinds: the import `Py_Initialize` (0), `PyInit_lib` (1), the functions `helper` (2) and `hidden`
/// (3), and data.
fn symbol_table() -> SymbolTable {
    const STRONG: u32 = 0;
    let at = |offset| {
        Some(DataSymbolDefinition {
            index: 0,
            offset,
            size: 4,
        })
    };
    let mut symbols = SymbolTable::new();
    symbols
        .function(
            SymbolTable::WASM_SYM_UNDEFINED | SymbolTable::WASM_SYM_BINDING_WEAK,
            0,
            None,
        )
        .function(SymbolTable::WASM_SYM_EXPORTED, 1, Some("PyInit_lib"))
        .function(SymbolTable::WASM_SYM_BINDING_WEAK, 2, Some("helper"))
        .function(SymbolTable::WASM_SYM_VISIBILITY_HIDDEN, 3, Some("hidden"))
        .data(SymbolTable::WASM_SYM_NO_STRIP, "counter", at(0))
        .data(SymbolTable::WASM_SYM_BINDING_LOCAL, "text", at(4))
        .data(SymbolTable::WASM_SYM_UNDEFINED, "PyExc_ValueError", None)
        .table(
            SymbolTable::WASM_SYM_UNDEFINED | SymbolTable::WASM_SYM_EXPLICIT_NAME,
            0,
            Some("functions"),
        )
        .global(STRONG, 1, Some("state"));
    symbols
}

fn object() -> Vec<u8> {
    object_with(&symbol_table())
}

fn object_with(symbols: &SymbolTable) -> Vec<u8> {
    let mut types = TypeSection::new();
    types.ty().function([], [ValType::I32]);
    let mut imports = ImportSection::new();
    imports.import("env", "__linear_memory", one_page());
    imports.import("env", "Py_Initialize", EntityType::Function(0));
    let mut functions = FunctionSection::new();
    let mut code = CodeSection::new();
    for value in 1..=3 {
        functions.function(0);
        let mut body = Function::new([]);
        body.instructions().i32_const(value).end();
        code.function(&body);
    }
    let mut data = DataSection::new();
    data.passive(*b"\x07\0\0\0text");
    let mut linking = vec![2];
    symbols.encode(&mut linking);
    for (id, content) in [
        (SEGMENT_INFO, ONE_SEGMENT),
        (INIT_FUNCTIONS, ONE_CONSTRUCTOR),
        (COMDAT_INFO, ONE_GROUP),
    ] {
        linking.push(id);
        content.encode(&mut linking);
    }
    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&code)
        .section(&data)
        .section(&custom("linking", &linking))
        // The code section is the fourth; one relocation of type 0 at offset 4, of symbol 0.
        .section(&custom("reloc.CODE", &[3, 1, 0, 4, 0]))
        .section(&custom("target_features", &[0]));
    module.finish()
}

fn one_page() -> MemoryType {
    MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    }
}

fn custom<'a>(name: &'a str, data: &'a [u8]) -> CustomSection<'a> {
    CustomSection {
        name: name.into(),
        data: Cow::Borrowed(data),
    }
}

fn export(from: &str, to: &str) -> Export {
    Export {
        from: from.into(),
        to: to.into(),
    }
}

fn subsections(object: &[u8]) -> Vec<Linking<'_>> {
    Parser::new(0)
        .parse_all(object)
        .find_map(|payload| match payload.unwrap() {
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Linking(linking) => {
                    Some(linking.into_iter().map(Result::unwrap).collect())
                }
                _ => None,
            },
            _ => None,
        })
        .expect("a linking section")
}

fn symbols(object: &[u8]) -> Vec<(Option<&str>, SymbolFlags)> {
    let table = subsections(object)
        .into_iter()
        .find_map(|subsection| match subsection {
            Linking::SymbolTable(symbols) => Some(symbols),
            _ => None,
        });
    table
        .expect("a symbol table")
        .into_iter()
        .map(|symbol| match symbol.unwrap() {
            SymbolInfo::Func { flags, name, .. }
            | SymbolInfo::Global { flags, name, .. }
            | SymbolInfo::Event { flags, name, .. }
            | SymbolInfo::Table { flags, name, .. } => (name, flags),
            SymbolInfo::Data { flags, name, .. } => (Some(name), flags),
            SymbolInfo::Section { flags, .. } => (None, flags),
        })
        .collect()
}

/// The sections in order: a custom one by its name, another by its number.
fn sections(object: &[u8]) -> Vec<(String, &[u8])> {
    Parser::new(0)
        .parse_all(object)
        .filter_map(|payload| {
            let payload = payload.unwrap();
            let (id, range) = payload.as_section()?;
            let name = match &payload {
                Payload::CustomSection(section) => section.name().to_owned(),
                _ => id.to_string(),
            };
            Some((name, &object[range.start as usize..range.end as usize]))
        })
        .collect()
}

#[test]
fn only_the_exports_stay_global_and_they_are_renamed() {
    let isolated = isolate(
        &object(),
        &[export("PyInit_lib", "wadup_init__pandas__lib")],
    )
    .unwrap();

    assert_eq!(
        symbols(&isolated),
        [
            (None, SymbolFlags::UNDEFINED | SymbolFlags::BINDING_WEAK),
            (
                Some("wadup_init__pandas__lib"),
                SymbolFlags::VISIBILITY_HIDDEN
            ),
            (Some("helper"), SymbolFlags::BINDING_LOCAL),
            (
                Some("hidden"),
                SymbolFlags::BINDING_LOCAL | SymbolFlags::VISIBILITY_HIDDEN
            ),
            (Some("counter"), SymbolFlags::BINDING_LOCAL),
            (Some("text"), SymbolFlags::BINDING_LOCAL),
            (Some("PyExc_ValueError"), SymbolFlags::UNDEFINED),
            (
                Some("functions"),
                SymbolFlags::UNDEFINED | SymbolFlags::EXPLICIT_NAME
            ),
            (Some("state"), SymbolFlags::BINDING_LOCAL),
        ]
    );
}

#[test]
fn data_can_be_exported_too() {
    let isolated = isolate(&object(), &[export("counter", "wadup_counter")]).unwrap();

    let global: Vec<_> = symbols(&isolated)
        .into_iter()
        .filter(|(_, flags)| !flags.intersects(SymbolFlags::BINDING_LOCAL | SymbolFlags::UNDEFINED))
        .collect();
    assert_eq!(
        global,
        [(Some("wadup_counter"), SymbolFlags::VISIBILITY_HIDDEN)]
    );
}

#[test]
fn everything_but_the_linking_section_keeps_its_bytes_and_its_place() {
    let object = object();

    let isolated = isolate(&object, &[]).unwrap();

    for (before, after) in sections(&object).iter().zip(sections(&isolated)) {
        assert_eq!(before.0, after.0);
        assert!(
            before.1 == after.1 || before.0 == "linking",
            "section {}",
            before.0
        );
    }
    assert_eq!(sections(&object).len(), sections(&isolated).len());
}

#[test]
fn constructors_and_segments_stay_and_comdat_groups_go() {
    let object = object();

    let isolated = isolate(&object, &[]).unwrap();

    assert!(
        subsections(&object)
            .iter()
            .any(|kind| matches!(kind, Linking::ComdatInfo(_)))
    );
    let [
        Linking::SymbolTable(_),
        Linking::SegmentInfo(segments),
        Linking::InitFuncs(constructors),
    ] = &subsections(&isolated)[..]
    else {
        panic!("{:?}", subsections(&isolated));
    };
    let bytes = |range: std::ops::Range<u64>| &isolated[range.start as usize..range.end as usize];
    assert_eq!(bytes(segments.range()), ONE_SEGMENT);
    assert_eq!(bytes(constructors.range()), ONE_CONSTRUCTOR);
}

#[test]
fn an_export_must_be_defined_for_others_to_see() {
    for symbol in ["PyInit_other", "Py_Initialize", "PyExc_ValueError", "text"] {
        let refusal = isolate(&object(), &[export(symbol, "renamed")]).unwrap_err();

        assert!(
            matches!(&refusal, Refusal::MissingExport(name) if name == symbol),
            "{refusal}"
        );
    }
}

#[test]
fn an_object_without_symbols_exports_nothing() {
    let mut module = Module::new();
    module.section(&custom("linking", &[2]));
    let object = module.finish();

    assert_eq!(isolate(&object, &[]).unwrap(), object);
    assert!(matches!(
        isolate(&object, &[export("PyInit_lib", "renamed")]),
        Err(Refusal::MissingExport(_))
    ));
}

#[test]
fn a_finished_module_and_a_component_are_rejected() {
    let module = wat::parse_str("(module (func (export \"process\")))").unwrap();
    let component = wat::parse_str("(component (core module))").unwrap();

    for bytes in [module, component] {
        assert!(matches!(
            isolate(&bytes, &[]),
            Err(Refusal::Object(NotRelocatable))
        ));
    }
}

#[test]
fn bytes_of_another_format_or_version_are_malformed() {
    let bitcode = b"BC\xc0\xde\x35\x14\0\0".to_vec();
    let mut version_three = Module::new();
    version_three.section(&custom("linking", &[3]));
    let mut truncated = object();
    truncated.pop();
    let mut no_such_kind = Module::new();
    no_such_kind.section(&custom("linking", &[2, 8, 2, 1, 9]));

    for bytes in [
        bitcode,
        version_three.finish(),
        truncated,
        no_such_kind.finish(),
    ] {
        assert!(matches!(
            isolate(&bytes, &[]),
            Err(Refusal::Object(Malformed(_)))
        ));
    }
}

#[test]
#[cfg_attr(miri, ignore = "a hundred thousand inputs take Miri a second each")]
fn changing_any_byte_does_not_panic() {
    let object = object();
    let exports = [export("PyInit_lib", "wadup_init__lib")];
    let again = [export("wadup_init__lib", "again")];
    let mutations = (0..object.len()).flat_map(|position| {
        let mutated = |value| {
            let mut mutated = object.clone();
            mutated[position] = value;
            mutated
        };
        let truncated = object[..position].to_vec();
        (0..=u8::MAX)
            .map(mutated)
            .chain([truncated])
            .collect::<Vec<_>>()
    });

    for mutation in mutations {
        // An error is as good as a result, as long as the result is whole.
        if let Ok(isolated) = isolate(&mutation, &exports) {
            isolate(&isolated, &again).unwrap();
        }
    }
}

#[test]
fn a_symbol_count_beyond_the_section_is_an_error_without_allocating() {
    let mut linking = vec![2, 8];
    [0xff, 0xff, 0xff, 0xff, 0x0f]
        .as_slice()
        .encode(&mut linking);
    let mut module = Module::new();
    module.section(&RawSection { id: 1, data: &[0] });
    module.section(&custom("linking", &linking));

    assert!(matches!(
        isolate(&module.finish(), &[]),
        Err(Refusal::Object(Malformed(_)))
    ));
}
