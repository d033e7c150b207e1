//! Which types fit, as a table.

use std::collections::BTreeMap;

use wadup_contract::definition::{Class, Definition, Definitions, Type};
use wadup_contract::index::{Index, PythonModule, Snapshot};

use super::super::python_type::Names;
use super::*;

/// Reads `name`, `name[inner, ...]` and unions of these.
fn parse(text: &str) -> Type {
    let members = split(text, '|');
    if members.len() > 1 {
        return Type {
            name: Type::UNION.to_owned(),
            arguments: members.into_iter().map(parse).collect(),
        };
    }
    let (name, arguments) = match text.trim().split_once('[') {
        Some((name, inner)) => (name, split(inner.strip_suffix(']').unwrap(), ',')),
        None => (text.trim(), Vec::new()),
    };
    Type {
        name: name.to_owned(),
        arguments: arguments.into_iter().map(parse).collect(),
    }
}

/// The parts of `text` between separators that are in no brackets.
fn split(text: &str, separator: char) -> Vec<&str> {
    let mut depth = 0;
    text.split(|character| {
        match character {
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        depth == 0 && character == separator
    })
    .collect()
}

/// The module `users`: imports, an alias, and classes of each kind. `users.again` imports from it.
fn python(text: &str) -> Python {
    let import = |name: &str| Definition::Import {
        name: name.to_owned(),
    };
    let class = |dataclass: bool, bases: &[&str]| {
        let bases = bases.iter().map(|base| parse(base)).collect();
        Definition::Class(Class {
            line: 1,
            dataclass,
            bases,
        })
    };
    let definitions = |pairs: Vec<(&str, Definition)>| -> Definitions {
        pairs
            .into_iter()
            .map(|(name, definition)| (name.to_owned(), definition))
            .collect()
    };
    let users = definitions(vec![
        ("t", import("typing")),
        ("Optional", import("typing.Optional")),
        ("Sequence", import("collections.abc.Sequence")),
        ("Mapping", import("typing.Mapping")),
        ("datetime", import("datetime.datetime")),
        ("dt", import("datetime")),
        ("Path", import("pathlib.Path")),
        ("Decimal", import("decimal.Decimal")),
        ("ndarray", import("numpy.ndarray")),
        (
            "Names",
            Definition::Alias {
                of: parse("list[str]"),
            },
        ),
        (
            "Circle",
            Definition::Alias {
                of: parse("Circle"),
            },
        ),
        ("Row", class(true, &[])),
        ("Model", class(false, &["Base"])),
        ("Base", class(false, &["pydantic.BaseModel"])),
        ("pydantic", import("pydantic")),
        ("Table", class(false, &["t.TypedDict"])),
        ("Pair", class(false, &["t.NamedTuple"])),
        ("Color", class(false, &["enum.StrEnum"])),
        ("enum", import("enum")),
        ("Plugin", class(false, &["numpy.Base"])),
        ("Again", import("users.again.Row")),
        ("bytes", Definition::Other),
    ]);
    let again = definitions(vec![("Row", import("users.Row"))]);
    let module = |definitions: Definitions| PythonModule {
        names: ["twice".to_owned()]
            .into_iter()
            .chain(definitions.keys().cloned())
            .collect(),
        definitions,
        ..PythonModule::default()
    };
    let index = Index {
        entry: None,
        snapshot: Snapshot::default(),
        modules: Some(BTreeMap::from([
            ("users".to_owned(), module(users)),
            ("users.again".to_owned(), module(again)),
        ])),
        tests: false,
    };
    Names(&index).resolve("users", &parse(text))
}

fn rust(text: &str) -> Rust {
    Rust::of(&syn::parse_str(text).unwrap())
}

#[track_caller]
fn assert_each(check: impl Fn(&Rust, &Python) -> bool, expected: bool, pairs: &[(&str, &[&str])]) {
    for (of_rust, of_python) in pairs {
        for of_python in *of_python {
            let found = check(&rust(of_rust), &python(of_python));
            assert_eq!(found, expected, "`{of_rust}` and `{of_python}`");
        }
    }
}

#[test]
fn arguments_fit_what_a_type_checker_takes_them_for() {
    assert_each(
        fits,
        true,
        &[
            (
                "bool",
                &["bool", "int", "float", "object", "t.Any", "int | None"],
            ),
            ("u8", &["int", "float", "complex", "str | int"]),
            (
                "&str",
                &[
                    "str",
                    "Sequence[str]",
                    "t.Text",
                    "t.Literal[str, int]",
                    "twice",
                ],
            ),
            (
                "Option<&str>",
                &["str | None", "Optional[str]", "t.Optional[object]"],
            ),
            (
                "&[&str]",
                &[
                    "Names",
                    "list[str]",
                    "list",
                    "Sequence[str]",
                    "t.Iterable[str | int]",
                ],
            ),
            ("Vec<u8>", &["Sequence[int]", "t.Any"]),
            (
                "&HashMap<String, i64>",
                &["dict[str, int]", "Mapping[str, float]", "dict", "Table"],
            ),
            (
                "(i64, &str)",
                &["tuple[int, str]", "tuple[int | str, ...]", "tuple"],
            ),
            ("&Path", &["Path", "Path | None"]),
            ("SystemTime", &["datetime", "dt.datetime", "dt.date"]),
            ("rust_decimal::Decimal", &["Decimal"]),
            ("User", &["str", "Row"]),
            ("crate::Date", &["str"]),
            (
                "f64",
                &["ndarray", "Plugin", "Circle", "bytes", "unheard_of"],
            ),
        ],
    );
}

#[test]
fn arguments_of_other_types_do_not_fit() {
    assert_each(
        fits,
        false,
        &[
            ("f64", &["int", "str", "bool", "None", "Row", "Color"]),
            ("i64", &["str", "bool", "list[int]"]),
            (
                "&str",
                &[
                    "int",
                    "Path",
                    "list[str]",
                    "Row",
                    "Model",
                    "Again",
                    "datetime",
                ],
            ),
            ("Option<i64>", &["int", "str | None"]),
            (
                "&[i64]",
                &["list[str]", "Names", "tuple[int, ...]", "set[int]"],
            ),
            (
                "HashMap<String, String>",
                &["dict[str, int]", "Model", "Row"],
            ),
            ("(i64,)", &["tuple[int, int]", "tuple[str]", "list[int]"]),
            ("PathBuf", &["str"]),
        ],
    );
}

#[test]
fn results_are_made_from_what_pyo3_converts() {
    assert_each(
        is_made_from,
        true,
        &[
            ("f64", &["float", "int", "bool", "Decimal", "object"]),
            ("i64", &["int", "bool"]),
            ("String", &["str", "Color", "t.Literal[str]"]),
            ("Option<i64>", &["int | None", "int", "None"]),
            (
                "Vec<String>",
                &[
                    "Names",
                    "Sequence[str]",
                    "tuple[str, ...]",
                    "t.Iterable[str]",
                ],
            ),
            ("Vec<u8>", &["bytearray", "list[int]"]),
            (
                "HashMap<String, f64>",
                &["dict[str, int]", "Mapping[str, float]", "Table"],
            ),
            ("(i64, String)", &["tuple[int, str]", "Pair"]),
            ("PathBuf", &["Path", "str"]),
            ("User", &["Row", "Model", "str"]),
            ("u8", &["ndarray", "Plugin"]),
        ],
    );
}

#[test]
fn each_member_of_a_union_must_fit_a_result() {
    assert_each(
        is_made_from,
        false,
        &[
            ("f64", &["float | None", "Optional[float]", "str | float"]),
            ("bool", &["int"]),
            ("i64", &["float", "Row", "Color"]),
            ("String", &["Path", "Row", "Again", "Model", "bytearray"]),
            (
                "Vec<i64>",
                &["Names", "set[int]", "tuple[int, str]", "dict[int, int]"],
            ),
            ("(i64,)", &["list[int]", "tuple[int, int]"]),
            ("HashMap<String, i64>", &["Row", "dict[str, str]"]),
        ],
    );
}

#[test]
fn a_suggestion_is_a_type_that_fits() {
    let texts = [
        "bool",
        "int",
        "float",
        "str",
        "bytearray",
        "Names",
        "dict[str, list[int]]",
        "tuple[int, str]",
        "set[str]",
        "int | None",
        "Path",
        "dt.timedelta",
        "datetime",
        "Decimal",
    ];
    for text in texts {
        let python = python(text);
        let of = |direction| plain(&python, direction, true);
        if let Some(argument) = of(Direction::ToPython) {
            assert!(fits(&rust(&argument), &python), "{argument} for {text}");
        }
        let result = of(Direction::ToRust).unwrap();
        assert!(is_made_from(&rust(&result), &python), "{result} for {text}");
    }
}
