//! One test for each rule, and a guest that satisfies all of them.

use std::fs;

use super::*;

mod imports;

/// A guest that satisfies all rules: 8 MiB of stack, then the data.
const GUEST: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 200 400)
    (global (mut i32) (i32.const 8388608))
    (func (export "process") (result i32) (i32.const 0))
    (func (export "_initialize"))
    (data (i32.const 8388608) "bundle"))"#;

/// The result of the gate for a module in the text format.
fn gate(text: &str, rules: &Rules) -> Result<Report> {
    let folder = tempfile::tempdir().unwrap();
    let module = folder.path().join("guest.wasm");
    fs::write(&module, wat::parse_str(text).unwrap()).unwrap();
    check(&module, rules)
}

/// The findings about a module that breaks a rule.
fn findings(text: &str, rules: &Rules) -> Vec<String> {
    match gate(text, rules) {
        Err(Error::Refused { findings, .. }) => findings,
        other => panic!("the gate should have rejected this: {other:?}"),
    }
}

/// The findings about the good guest with one part of its text changed.
fn findings_after(part: &str, changed: &str) -> Vec<String> {
    assert!(GUEST.contains(part), "{part}");
    findings(&GUEST.replace(part, changed), &Rules::default())
}

fn import(module: &str, name: &str) -> Import {
    Import {
        module: module.into(),
        name: name.into(),
    }
}

#[test]
fn a_guest_that_satisfies_all_rules_is_reported() {
    let report = gate(GUEST, &Rules::default()).unwrap();

    assert_eq!(
        report,
        Report {
            imports: vec![import("wasi_snapshot_preview1", "fd_write")],
            exports: vec!["_initialize".into(), "memory".into(), "process".into()],
            profile: Profile::Baseline,
            stack: 8 << 20,
            initial_memory: 200 * 65536,
            maximum_memory: Some(400 * 65536),
            module: wat::parse_str(GUEST).unwrap().len() as u64,
        }
    );
}

#[test]
fn one_error_lists_every_broken_rule() {
    let text = GUEST
        .replace("8388608", "1048576")
        .replace("\"process\"", "\"run\"");

    let error = gate(&text, &Rules::default()).unwrap_err().to_string();

    assert!(
        error.contains("guest.wasm` cannot run as a guest:\n"),
        "{error}"
    );
    assert!(error.contains("export `process` is missing"), "{error}");
    assert!(error.contains("-zstack-size=8388608"), "{error}");
}

#[test]
fn the_entry_must_exist_with_its_type() {
    let missing = findings_after("\"process\"", "\"run\"");
    let no_function = findings_after(
        "(func (export \"process\") (result i32) (i32.const 0))",
        "(table (export \"process\") 1 funcref)",
    );
    let other_type = findings_after(
        "(func (export \"process\") (result i32) (i32.const 0))",
        "(func (export \"process\") (param i64))",
    );

    assert!(
        missing[0].starts_with("export `process` is missing"),
        "{missing:?}"
    );
    assert_eq!(
        no_function,
        ["export `process` must be a function `(func (result i32))`"]
    );
    assert_eq!(
        other_type,
        ["export `process` has the type `(func (param i64))`, expected `(func (result i32))`"]
    );
}

#[test]
fn a_command_is_entered_by_start() {
    let rules = Rules {
        kind: Kind::Command,
        ..Rules::default()
    };
    let command = GUEST.replace("\"_initialize\"", "\"_start\"");

    let refused = findings(GUEST, &rules);

    assert!(
        refused[0].starts_with("export `_start` is missing"),
        "{refused:?}"
    );
    assert!(gate(&command, &rules).is_ok());
}

#[test]
fn other_exports_have_the_type_of_the_entry() {
    let rules = Rules {
        exports: vec!["score".into(), "_initialize".into()],
        ..Rules::default()
    };

    let found = findings(GUEST, &rules);

    assert_eq!(found.len(), 2, "{found:?}");
    assert!(
        found[0].starts_with("export `score` is missing"),
        "{found:?}"
    );
    assert_eq!(
        found[1],
        "export `_initialize` has the type `(func)`, expected `(func (result i32))`"
    );
}

#[test]
fn the_memory_must_be_exported() {
    let found = findings_after("(export \"memory\")", "");

    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("export `memory` is missing"),
        "{found:?}"
    );
}

#[test]
fn shared_and_64_bit_memories_are_rejected() {
    let shared = findings_after("200 400)", "200 400 shared)");
    let wide = findings(
        &GUEST
            .replace("200 400)", "i64 200 400)")
            .replace("(data (i32.const 8388608)", "(data (i64.const 8388608)"),
        &Rules::default(),
    );

    assert_eq!(shared.len(), 1, "{shared:?}");
    assert!(shared[0].contains("shared between threads"), "{shared:?}");
    assert_eq!(wide.len(), 1, "{wide:?}");
    assert!(wide[0].contains("64-bit addresses"), "{wide:?}");
}

#[test]
fn the_memory_has_the_planned_sizes() {
    let planned = |initial: u64, maximum: u64| Rules {
        initial_memory: Some(initial * 65536),
        maximum_memory: Some(maximum * 65536),
        ..Rules::default()
    };
    let unlimited = GUEST.replace("200 400)", "200)");

    let other_sizes = findings(GUEST, &planned(300, 500));
    let no_maximum = findings(&unlimited, &planned(200, 400));

    assert!(gate(GUEST, &planned(200, 400)).is_ok());
    assert_eq!(other_sizes.len(), 2, "{other_sizes:?}");
    assert!(
        other_sizes[0].contains("`--initial-memory=19660800`"),
        "{other_sizes:?}"
    );
    assert!(
        other_sizes[1].contains("`--max-memory=32768000`"),
        "{other_sizes:?}"
    );
    assert_eq!(no_maximum.len(), 1, "{no_maximum:?}");
    assert!(no_maximum[0].contains("no limit"), "{no_maximum:?}");
}

#[test]
fn the_stack_is_not_smaller_than_the_floor() {
    let small = GUEST.replace("8388608", "1048576");
    let rules = Rules {
        stack_floor: 1 << 20,
        ..Rules::default()
    };

    let found = findings(&small, &Rules::default());

    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("the stack has 1048576 bytes"),
        "{found:?}"
    );
    assert_eq!(gate(&small, &rules).unwrap().stack, 1 << 20);
}

#[test]
fn the_stack_pointer_is_the_first_mutable_global_with_a_constant_value() {
    let globals = "(import \"host\" \"base\" (global i32))
        (global i32 (i32.const 16))
        (global (mut i64) (i64.const 16))
        (global (mut i32) (global.get 0))
        (global (mut i32) (i32.const 8388608))
        (global (mut i32) (i32.const 16))";
    let text = GUEST
        .replace(
            "(import \"wasi",
            &format!("{} (import \"wasi", globals.lines().next().unwrap()),
        )
        .replace(
            "(global (mut i32) (i32.const 8388608))",
            &globals.lines().skip(1).collect::<String>(),
        );
    let rules = Rules {
        declared_imports: vec![import("host", "base")],
        ..Rules::default()
    };

    assert_eq!(gate(&text, &rules).unwrap().stack, 8 << 20);
}

#[test]
fn a_module_without_a_stack_pointer_is_rejected() {
    let found = findings_after("(global (mut i32) (i32.const 8388608))", "");

    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("the stack pointer is missing"),
        "{found:?}"
    );
}

#[test]
fn the_data_lies_above_the_stack() {
    let found = findings_after(
        "(data (i32.const 8388608) \"bundle\")",
        "(data (i32.const 9000000) \"b\") (data (i32.const 1024) \"a\") (data \"passive\")",
    );

    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("data begins at 1024, below the top"),
        "{found:?}"
    );
    assert!(found[0].contains("--stack-first"), "{found:?}");
}

#[test]
fn exceptions_are_rejected_with_the_function_that_uses_them() {
    let body = "(func (export \"process\") (result i32) (i32.const 0))";
    let tag = findings_after(body, &format!("(tag) {body}"));
    let imported_tag = findings_after(
        "(module",
        "(module (import \"env\" \"__cpp_exception\" (tag))",
    );
    let catches = format!("(func $cleanup (try_table (catch_all 0))) {body}");
    let named = findings_after(body, &catches);
    let unnamed = findings_after(body, &catches.replace("$cleanup", ""));
    let before_the_final_form =
        findings_after(body, &format!("(func $old try catch_all end) {body}"));

    assert!(
        tag[0].starts_with("the module has exception tags"),
        "{tag:?}"
    );
    assert!(
        imported_tag[0].contains("-fno-exceptions"),
        "{imported_tag:?}"
    );
    assert!(
        named[0].starts_with("`cleanup` uses WebAssembly exceptions"),
        "{named:?}"
    );
    assert!(unnamed[0].starts_with("`function 1` uses"), "{unnamed:?}");
    assert!(
        before_the_final_form[0].starts_with("`old` uses"),
        "{before_the_final_form:?}"
    );
}

#[test]
fn simd_is_of_the_profile_modern() {
    let body = "(func (export \"process\") (result i32) (i32.const 0))";
    let simd = format!("(func $sum (drop (v128.const i64x2 0 0))) {body}");
    let guest = GUEST.replace(body, &simd);
    let baseline = Rules {
        profile: Profile::Baseline,
        ..Rules::default()
    };

    assert_eq!(
        findings(&guest, &baseline),
        [
            "`sum` uses SIMD, which hosts of the profile `baseline` need not have: compile without `-msimd128` and \
             `+simd128`, or set `profile = \"modern\"` in [tool.wadup]"
        ]
    );
    let report = gate(&guest, &Rules::default()).unwrap();
    assert_eq!(report.profile, Profile::Modern);
    assert_eq!(gate(GUEST, &baseline).unwrap().profile, Profile::Baseline);
}

#[test]
fn instructions_of_no_profile_are_rejected() {
    let body = "(func (export \"process\") (result i32) (i32.const 0))";
    for (instruction, expected) in [
        ("(return_call $f)", "`f` uses tail calls"),
        (
            "(drop (i32.atomic.load (i32.const 0)))",
            "`f` uses atomic instructions",
        ),
        (
            "(drop (i8x16.relaxed_swizzle (v128.const i64x2 0 0) (v128.const i64x2 0 0)))",
            "`f` uses relaxed SIMD",
        ),
        (
            "(drop (ref.i31 (i32.const 0)))",
            "`f` uses gc, which hosts need not have in any profile: compile without this proposal",
        ),
    ] {
        let findings = findings_after(body, &format!("(func $f {instruction}) {body}"));

        assert!(
            findings.iter().any(|finding| finding.starts_with(expected)),
            "{findings:?}"
        );
    }
}

#[test]
fn anything_but_a_core_module_is_malformed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("guest.wasm");
    let component = wat::parse_str("(component)").unwrap();

    for bytes in [&component[..], b"#!/bin/sh", b""] {
        fs::write(&file, bytes).unwrap();

        let error = check(&file, &Rules::default()).unwrap_err();

        assert!(matches!(error, Error::Malformed { .. }), "{error}");
    }
}

#[test]
fn changing_any_byte_does_not_panic() {
    let bytes = wat::parse_str(GUEST).unwrap();
    let path = Path::new("guest.wasm");

    for position in 0..bytes.len() {
        for value in 0..=u8::MAX {
            let mut mutated = bytes.clone();
            mutated[position] = value;
            // Any result will do, as long as it returns.
            drop(Outline::read(path, &mutated));
        }
    }
}
