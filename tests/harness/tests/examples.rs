//! Each example prints what its README says: `cargo wadup run` of the sample input gives `expected-output`.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

// The very code that prints the tables; running the program itself would compile each guest with the slow compiler.
#[path = "../../../cargo-wadup/src/run/rows.rs"]
mod rows;

use std::fs;
use std::path::{Path, PathBuf};

use harness::{Guests, Variant};
use rows::{Format, Rows};
use wadup_host::{Content, Failure, Instance, Options, Outcome, Output, Value};

/// The folder of each example and its sample inputs.
const EXAMPLES: [(&str, &[&str]); 3] = [
    ("lockfile", &["sample.lock"]),
    ("numpy-stats", &["measurements.csv"]),
    ("pandas-report", &["orders.csv"]),
];

/// The same for examples that only `cargo xtask test --thorough` builds.
const LONG_EXAMPLES: [(&str, &[&str]); 1] = [(
    "documents",
    &[
        "samples/invoice.pdf",
        "samples/orders.xlsx",
        "samples/page.html",
        "samples/people.json",
        "samples/photo.jpg",
    ],
)];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// An instance of an example's guest.
fn instance(name: &str) -> Instance {
    let guests = Guests::new(env!("CARGO_TARGET_TMPDIR").as_ref()).unwrap();
    let guest = guests
        .guest(&name.replace('-', "_"), Variant::Release)
        .unwrap_or_else(|error| panic!("{error}"));
    guest.instantiate(&Options::default()).unwrap()
}

/// What `outcome` has, if the call succeeded.
fn output(outcome: Outcome) -> Output {
    outcome
        .result
        .unwrap_or_else(|failure| panic!("{failure}\n{}", outcome.stderr))
}

/// Asserts that `cargo wadup run` prints what it should for the samples of each example.
fn assert_as_expected(examples: &[(&str, &[&str])]) {
    for (name, samples) in examples {
        let mut instance = instance(name);
        let mut tables = Rows::default();
        for sample in *samples {
            let data = fs::read(folder().join(name).join(sample)).unwrap();
            let output = output(instance.process(&data).unwrap());
            tables.add(sample, output.tables).unwrap();
        }
        let mut printed = Vec::new();
        tables.write(Format::Table, &mut printed).unwrap();
        let expected = fs::read_to_string(folder().join(name).join("expected-output")).unwrap();
        assert_eq!(String::from_utf8(printed).unwrap(), expected, "{name}");
    }
}

#[test]
#[cfg_attr(not(guests), ignore = "no guests: `cargo xtask test` builds them")]
fn every_example_prints_its_expected_output() {
    assert_as_expected(&EXAMPLES);
}

#[test]
#[ignore = "its packages take minutes to build: `cargo xtask test --thorough`"]
fn every_long_example_prints_its_expected_output() {
    assert_as_expected(&LONG_EXAMPLES);
}

#[test]
#[ignore = "its packages take minutes to build: `cargo xtask test --thorough`"]
fn documents_reads_what_it_finds_in_documents() {
    let mut instance = instance("documents");
    let mut read = Vec::new();
    for sample in LONG_EXAMPLES[0].1 {
        let data = fs::read(folder().join("documents").join(sample)).unwrap();
        for found in output(instance.process(&data).unwrap()).sub_content {
            let Content::Bytes(data) = &found.content else {
                panic!("{found:?}");
            };
            let mut output = output(instance.process(data).unwrap());
            let kind = output.tables.remove(0).rows.remove(0).remove(0);
            let name = found.filename.rsplit('.').next().unwrap().to_owned();
            read.push((name, kind));
        }
    }

    let is = |extension: &str, kind: &str| (extension.to_owned(), Value::String(kind.to_owned()));
    let expected = [
        is("jpg", "image"),
        is("json", "json"),
        is("png", "image"),
        is("png", "image"),
        is("png", "image"),
    ];
    assert_eq!(read, expected);
}

#[test]
#[ignore = "its packages take minutes to build: `cargo xtask test --thorough`"]
fn documents_refuses_what_is_no_document_and_reads_on() {
    let mut instance = instance("documents");
    let jpeg = fs::read(folder().join("documents/samples/photo.jpg")).unwrap();
    let inputs = [
        (&b"neither"[..], "the input is neither PDF"),
        (b"%PDF-1.7\n", "pypdf"),
        (b"\x89PNG\r\n\x1a\n", "cannot identify image file"),
        (&jpeg[..jpeg.len() / 2], "image file is truncated"),
    ];
    for (input, message) in inputs {
        let outcome = instance.process(input).unwrap();

        assert!(matches!(outcome.result, Err(Failure::Status(1))));
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
    }
    output(instance.process(&jpeg).unwrap());
}

#[test]
fn every_example_is_tested() {
    let found = fs::read_dir(folder()).unwrap().count();

    assert_eq!(found, EXAMPLES.len() + LONG_EXAMPLES.len());
}
