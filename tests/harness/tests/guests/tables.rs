//! The tables of the guest `rust`: everything that it hands over arrives, and nothing that was refused.

use std::fs;
use std::path::Path;

use wadup_contract::sql::{RESERVED_FOR_TABLES, RESERVED_WORDS};
use wadup_host::{Column, ColumnType, Content, Instance, SubContent, Value};

use crate::instances::{Built, HOSTS, instance, pass, rows};

pub(crate) fn check(built: &Built) {
    let guest = &built.load();
    for host in HOSTS {
        let mut instance = instance(guest, host);

        // Twice, since tables stay defined.
        for _ in 0..2 {
            let (output, _) = pass(&mut instance, "tables rows");
            let names: Vec<&str> = output.tables.iter().map(|table| &*table.name).collect();
            assert_eq!(names, ["types", "empty", "shared"]);
            let column = |name: &str, data_type| Column {
                name: name.to_owned(),
                data_type,
            };
            assert_eq!(
                output.tables[0].columns,
                [
                    column("text", ColumnType::String),
                    column("number", ColumnType::Int64),
                    column("ratio", ColumnType::Float64),
                ]
            );
            assert_eq!(
                output.tables[0].rows,
                [
                    row("größer \"数\"\n\0", i64::MAX, 1e300),
                    row("", i64::MIN, -0.0),
                    row("generated", 1, 3.0),
                    row("none", -1, 0.5),
                ]
            );
            assert_eq!(rows(&output, "empty"), Vec::<Vec<Value>>::new());
            assert_eq!(
                rows(&output, "shared"),
                [row("Rust", 1, 0.25), row("Python", 2, 0.75)]
            );
        }

        let (output, _) = pass(&mut instance, "tables flushes");
        let numbers: Vec<Vec<Value>> = (0..1000).map(|number| vec![Value::Int64(number)]).collect();
        assert_eq!(rows(&output, "numbers"), numbers);

        let (output, _) = pass(&mut instance, "tables mistakes");
        assert_eq!(rows(&output, "correct"), [row("correct", 1, 1.0)]);
        assert_eq!(
            output
                .tables
                .iter()
                .map(|table| table.rows.len())
                .sum::<usize>(),
            1
        );

        let (output, _) = pass(&mut instance, "tables content");
        assert_eq!(
            output.sub_content,
            [
                content("from Python.bin", b"\x00\xff"),
                content("größer \"empty\"", b""),
                content("view", b"a view"),
                content("from Rust.txt", b"a text"),
            ]
        );

        names(&mut instance);
    }
}

/// The guest compares the names that wadup accepts with those that SQLite accepts; here all of their rows must arrive.
fn names(instance: &mut Instance) {
    let (output, stdout) = pass(instance, "tables names");
    let count: usize = output.tables.iter().map(|table| table.rows.len()).sum();
    assert_eq!(stdout, format!("147 keywords, {count} rows\n"));
    for name in ["KEY", "order", "two words", "a\"b", "Größe"] {
        assert_eq!(rows(&output, name).len(), 1, "{name}");
    }
}

fn row(text: &str, number: i64, ratio: f64) -> Vec<Value> {
    vec![
        Value::String(text.to_owned()),
        Value::Int64(number),
        Value::Float64(ratio),
    ]
}

fn content(filename: &str, bytes: &[u8]) -> SubContent {
    SubContent {
        filename: filename.to_owned(),
        content: Content::Bytes(bytes.to_vec()),
    }
}

/// `names` compares only what the guest asks SQLite about.
#[test]
fn the_guest_asks_about_every_reserved_word() {
    let guest = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("guests/rust");
    let names = fs::read_to_string(guest.join("python/tables/names.py")).unwrap();
    let keywords: Vec<&str> = names.split_whitespace().collect();

    for word in RESERVED_WORDS.iter().chain(&RESERVED_FOR_TABLES) {
        assert!(keywords.contains(word), "{word}");
    }
}
