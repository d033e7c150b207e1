//! Small modules of which every byte is known.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

/// Where the data begins, and where the bundle is in it.
const DATA: u64 = 1024;
const BUNDLE: u64 = DATA + 100;

const FILES: [(&str, &str); 6] = [
    ("app/users/__init__.py", "import yaml"),
    ("lib/python3.13/json/__init__.pyc", "json"),
    ("lib/python3.13/os.pyc", "os"),
    (
        "site/PyYAML-6.0.dist-info/RECORD",
        "yaml/__init__.py,,\nPyYAML-6.0.dist-info/RECORD,,\n",
    ),
    ("site/pydantic_core/core_schema.pyc", "schema"),
    ("site/yaml/__init__.pyc", "yaml"),
];

fn zip() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in FILES {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A module with two functions, and data that holds the bundle; `exports` tells a guest from its snapshot.
fn module(exports: &str) -> Vec<u8> {
    let escaped =
        |bytes: &[u8]| -> String { bytes.iter().map(|byte| format!("\\{byte:02x}")).collect() };
    wat::parse_str(format!(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1)
            {exports}
            (func $PyDict_New (result i32) (i32.const 7))
            (func $_ZN4core3fmt5write17h0123456789abcdefE (export "process") (result i32) (call $PyDict_New))
            (data (i32.const {DATA}) "{before}")
            (data (i32.const {BUNDLE}) "{bundle}\00")
            (data (i32.const 40000) "heap")
            (@custom "producers" "rustc"))"#,
        before = escaped(&[1; 100]),
        bundle = escaped(&zip()),
    ))
    .unwrap()
}

const INITIALIZE: &str = "(export \"_initialize\" (func $PyDict_New))";
const SNAPSHOT: &str = "(export \"wadup-snapshot-stack\" (func $PyDict_New))";

/// The map that the linker would have written for the module.
fn map(module: &[u8]) -> LinkMap {
    let layout = Layout::read(module).unwrap();
    let size = |index: usize| length(&layout.functions[index].1);
    let text = format!(
        "    Addr      Off     Size Out     In      Symbol
       -       45 {:8x} CODE
       -       46 {:8x}         /s/artifacts/cpython-3.13.5-00/content/lib/libpython3.13.a(dictobject.o):(PyDict_New)
       -       89 {:8x}         /s/artifacts/pydantic-core-2.41.5-00/content/objects/_pydantic_core.o:(f)
       -       a0      412 DATA
{DATA:8x}       a1      3f3 .rodata
{DATA:8x}       a9       64         /s/artifacts/c-libraries-00/content/lib/libz.a(crc32.o):(.rodata.table)
{BUNDLE:8x}       a9 {:8x}         /t/build/users-00/out/wadup/shim/data.o:(.rodata.wadup_bundle)
",
        layout.code_section,
        size(0),
        size(1),
        zip().len() + 1000,
    );
    LinkMap::parse(&text).unwrap()
}

/// The bytes of a group in a form.
fn bytes(sizes: &Sizes, group: &Group, form: Form) -> u64 {
    sizes
        .parts
        .iter()
        .filter(|part| part.group == *group && part.form == form)
        .map(|part| part.bytes)
        .sum()
}

fn total(sizes: &Sizes) -> u64 {
    sizes.parts.iter().map(|part| part.bytes).sum()
}

#[test]
fn every_byte_is_counted_once_with_and_without_a_map() {
    let guest = module(INITIALIZE);
    let stripped = wat::parse_str("(module (func (result i32) (i32.const 7)))").unwrap();
    let empty = wat::parse_str("(module)").unwrap();

    for (module, map) in [
        (&guest, Some(map(&guest))),
        (&guest, None),
        (&module(SNAPSHOT), Some(map(&guest))),
        (&stripped, None),
        (&empty, None),
    ] {
        let sizes = measure_bytes(module, map.as_ref()).unwrap();

        assert_eq!(sizes.bytes, module.len() as u64);
        assert_eq!(total(&sizes), sizes.bytes, "{sizes:#?}");
    }
}

#[test]
fn the_map_attributes_code_and_data() {
    let guest = module(INITIALIZE);

    let sizes = measure_bytes(&guest, Some(&map(&guest))).unwrap();

    let layout = Layout::read(&guest).unwrap();
    let extension = Group::Extension("pydantic-core".into());
    assert_eq!(sizes.basis, Basis::Map);
    assert_eq!(
        bytes(&sizes, &Group::Interpreter, Form::Code),
        length(&layout.functions[0].1)
    );
    assert_eq!(
        bytes(&sizes, &extension, Form::Code),
        length(&layout.functions[1].1)
    );
    assert_eq!(bytes(&sizes, &Group::CLibraries, Form::Data), 100);
}

#[test]
fn the_files_of_the_bundle_are_attributed_to_packages() {
    let guest = module(INITIALIZE);

    let sizes = measure_bytes(&guest, Some(&map(&guest))).unwrap();

    // In addition to its content, a file has its name twice, with headers of 30 and 46 bytes (APPNOTE 4.3.7, 4.3.12).
    let cost = |prefixes: &[&str]| -> u64 {
        FILES
            .iter()
            .filter(|(name, _)| prefixes.iter().any(|prefix| name.starts_with(prefix)))
            .map(|(name, content)| (30 + 46 + 2 * name.len() + compressed(content)) as u64)
            .sum()
    };
    let files = |group: &Group| bytes(&sizes, group, Form::Files);
    assert_eq!(files(&Group::App), cost(&["app/"]));
    assert_eq!(files(&Group::StandardLibrary), cost(&["lib/"]));
    assert_eq!(
        files(&Group::Package("pyyaml".into())),
        cost(&["site/yaml", "site/PyYAML"])
    );
    assert_eq!(
        files(&Group::Extension("pydantic-core".into())),
        cost(&["site/pydantic_core"])
    );
}

fn compressed(content: &str) -> usize {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip())).unwrap();
    let index = FILES
        .iter()
        .position(|(_, other)| *other == content)
        .unwrap();
    usize::try_from(archive.by_index_raw(index).unwrap().compressed_size()).unwrap()
}

#[test]
fn a_snapshot_has_its_modules_data_and_memory() {
    let snapshot = module(SNAPSHOT);

    let sizes = measure_bytes(&snapshot, Some(&map(&snapshot))).unwrap();

    assert_eq!(sizes.basis, Basis::Map);
    assert_eq!(bytes(&sizes, &Group::SnapshotMemory, Form::Data), 4);
    assert_eq!(bytes(&sizes, &Group::CLibraries, Form::Data), 100);
}

#[test]
fn without_a_map_function_names_distinguish_rust_from_c() {
    let guest = module(INITIALIZE);

    let sizes = measure_bytes(&guest, None).unwrap();

    assert_eq!(sizes.basis, Basis::Names);
    assert!(bytes(&sizes, &Group::RustCode, Form::Code) > 0);
    assert!(bytes(&sizes, &Group::Interpreter, Form::Code) > 0);
    assert!(bytes(&sizes, &Group::App, Form::Files) > 0);
}

#[test]
fn the_map_of_another_build_is_ignored() {
    let guest = module(INITIALIZE);
    let mut other = map(&guest);
    other.code.pop();
    let mut with_another_bundle = map(&guest);
    with_another_bundle.data[1].start += 16;

    for map in [other, with_another_bundle] {
        let sizes = measure_bytes(&guest, Some(&map)).unwrap();
        assert_eq!(sizes.basis, Basis::Names);
    }
}

#[test]
fn an_invalid_module_is_an_error_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.wasm");
    fs::write(&file, "no module").unwrap();

    let error = measure(&file, &folder.path().join("a.map"))
        .unwrap_err()
        .to_string();

    assert!(error.contains("a.wasm"), "{error}");
}
