//! The tables of settings in the book and in the crate's documentation, written from the data that the build uses.

use std::fs;

#[path = "../../src/plan/table.rs"]
mod table;
#[path = "../../src/environment/variables.rs"]
mod variables;

use table::{Default, Method, OVERLAY, SETTINGS, Setting, Value};
use variables::VARIABLES;

use super::{Path, read, workspace};

/// Set to write the documents anew instead of comparing them.
const UPDATE: &str = "WADUP_UPDATE_DOCUMENTS";

const BOOK: &str = "docs/src/settings.md";

/// What the crate's documentation includes.
const RUSTDOC: &str = "wadup-build/src/settings.md";

#[test]
#[allow(clippy::disallowed_methods, reason = "no build depends on it")]
fn the_tables_of_settings_are_those_of_the_code() {
    let mut book = read(BOOK);
    replace(
        &mut book,
        "keys",
        &keys(|method| format!("`Builder::{method}`")),
    );
    replace(&mut book, "keys of native packages", &overlays());
    replace(&mut book, "variables", &variables());
    let rustdoc = format!(
        "{}\n# Native packages\n\nThe keys of `[tool.wadup.native.NAME]`:\n\n{}\n# Environment\n\n{}",
        keys(|method| format!("[`Builder::{method}`]")),
        overlays(),
        variables()
    );

    for (file, text) in [(BOOK, book), (RUSTDOC, rustdoc)] {
        if std::env::var_os(UPDATE).is_some() {
            fs::write(workspace().join(file), &text).unwrap();
        }
        assert!(
            read(file) == text,
            "{file} differs from the settings in the code\n\
             help: run `{UPDATE}=1 cargo test -p wadup-build --test documents`, and read the diff"
        );
    }
}

#[test]
fn a_variable_of_the_table_is_read_somewhere() {
    let sources = sources(&Path::new(super::PACKAGE).join("src"));
    let overriding = SETTINGS.iter().filter_map(|setting| setting.overridden_by);
    let listed = VARIABLES.iter().map(|variable| variable.name);

    for name in listed.chain(overriding) {
        assert!(sources.contains(&format!("\"{name}\"")), "{name}");
    }
}

/// All code below a folder but for the tables.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &sources(&path);
        } else if !path.ends_with("table.rs") && !path.ends_with("variables.rs") {
            text += &fs::read_to_string(&path).unwrap_or_default();
        }
    }
    text
}

/// Replaces what stands between the two comments that mark generated text.
fn replace(text: &mut String, name: &str, generated: &str) {
    let begin = format!("<!-- {name}: generated, see CONTRIBUTING.md -->\n");
    let end = format!("<!-- end of {name} -->\n");
    let from = text.find(&begin).unwrap() + begin.len();
    let to = text.find(&end).unwrap();
    text.replace_range(from..to, &format!("\n{generated}\n"));
}

fn keys(link: impl Fn(&str) -> String) -> String {
    let mut text = "| key | value | default | what it is |\n|---|---|---|---|\n".to_owned();
    for setting in SETTINGS {
        let Setting { key, doc, .. } = setting;
        let default = match setting.default {
            Default::Toml(value) => format!("`{value}`"),
            Default::Other(words) => words.to_owned(),
        };
        let overridden = match setting.overridden_by {
            Some(name) => format!(" `{name}` overrides it."),
            None => String::new(),
        };
        let method = match setting.method {
            Method::Replaces(method) => format!(" {} replaces it.", link(method)),
            Method::Adds(method) => format!(" {} adds to it.", link(method)),
            Method::Missing => String::new(),
        };
        let value = value(setting.value);
        text += &format!("| `{key}` | {value} | {default} | {doc}{overridden}{method} |\n");
    }
    text
}

fn value(value: Value) -> String {
    match value {
        Value::Text => "string".to_owned(),
        Value::List => "list of strings".to_owned(),
        Value::Flag => "boolean".to_owned(),
        Value::Packages => "list of strings, or tables".to_owned(),
        Value::Texts => "table of strings".to_owned(),
        Value::Table => "table".to_owned(),
        Value::Size => "size".to_owned(),
        Value::OneOf(names) => {
            let names: Vec<String> = names.iter().map(|name| format!("`\"{name}\"`")).collect();
            names.join(", ")
        }
    }
}

fn overlays() -> String {
    let mut text = "| key | value | what it is | example |\n|---|---|---|---|\n".to_owned();
    for Setting {
        key,
        value: kind,
        doc,
        example,
        ..
    } in OVERLAY
    {
        text += &format!("| `{key}` | {} | {doc} | `{example}` |\n", value(*kind));
    }
    text
}

fn variables() -> String {
    let mut text = "| variable | what it is |\n|---|---|\n".to_owned();
    for variable in VARIABLES {
        let set = variable
            .on
            .map(|value| format!("={value}"))
            .unwrap_or_default();
        text += &format!("| `{}{set}` | {} |\n", variable.name, variable.doc);
    }
    text
}
