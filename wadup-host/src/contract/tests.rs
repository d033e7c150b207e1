//! The contract, case by case.

use super::*;

const DEFINITION: &str = r#"{"tables": [{"name": "t", "columns": [
    {"name": "a", "data_type": "Int64"}, {"name": "b", "data_type": "Float64"}, {"name": "c", "data_type": "String"}]}]}"#;

fn files(files: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
        .collect()
}

fn metadata(texts: &[&str]) -> Result<Output, String> {
    let names: Vec<String> = (0..texts.len())
        .map(|number| format!("{number}.json"))
        .collect();
    let named: Vec<_> = names
        .iter()
        .map(String::as_str)
        .zip(texts.iter().copied())
        .collect();
    let files = Files {
        metadata: files(&named),
        ..Files::default()
    };
    read(files, &Tables::default(), 0, &Limits::default())
        .map(|(output, _)| output)
        .map_err(|breach| breach.to_string())
}

fn row(values: &str) -> Result<Output, String> {
    metadata(&[
        DEFINITION,
        &format!(r#"{{"rows": [{{"table_name": "t", "values": [{values}]}}]}}"#),
    ])
}

fn sub_content(named: &[(&str, &str)], input: u64) -> Result<Vec<SubContent>, String> {
    read_sub_content(files(named), input).map_err(|breach| breach.to_string())
}

#[test]
fn rows_may_precede_the_definition_of_their_table() {
    let rows = r#"{"rows": [{"table_name": "t", "values": [{"Int64": -1}, {"Float64": 2}, {"String": "x"}]}]}"#;
    let output = metadata(&[rows, DEFINITION]).unwrap();
    assert_eq!(output.tables.len(), 1);
    assert_eq!(
        output.tables[0].rows,
        [[
            Value::Int64(-1),
            Value::Float64(2.0),
            Value::String("x".into())
        ]]
    );
}

#[test]
fn a_table_stays_defined_for_later_calls() {
    let first = Files {
        metadata: files(&[("1.json", DEFINITION)]),
        ..Files::default()
    };
    let (_, known) = read(first, &Tables::default(), 0, &Limits::default()).unwrap();
    let rows = r#"{"rows": [{"table_name": "t", "values": [{"Int64": 1}, {"Float64": 1}, {"String": ""}]}]}"#;
    let second = Files {
        metadata: files(&[("1.json", rows)]),
        ..Files::default()
    };
    let (output, _) = read(second, &known, 0, &Limits::default()).unwrap();
    assert_eq!(output.tables[0].columns.len(), 3);
    assert_eq!(output.tables[0].rows.len(), 1);
}

#[test]
fn the_same_definition_twice_is_one_table() {
    assert_eq!(metadata(&[DEFINITION, DEFINITION]).unwrap().tables.len(), 1);
}

#[test]
fn another_definition_of_the_same_table_is_refused() {
    let other = r#"{"tables": [{"name": "T", "columns": []}]}"#;
    assert_eq!(
        metadata(&[DEFINITION, other]).unwrap_err(),
        "/metadata/1.json: table `T` was defined before with other columns"
    );
}

#[test]
fn an_undefined_table_is_refused() {
    let rows = r#"{"rows": [{"table_name": "t", "values": []}]}"#;
    assert_eq!(
        metadata(&[rows]).unwrap_err(),
        "/metadata/0.json: row 1 is for the table `t`, which is not defined"
    );
}

#[test]
fn a_row_of_the_wrong_length_is_refused() {
    assert_eq!(
        row(r#"{"Int64": 1}"#).unwrap_err(),
        "/metadata/1.json: row 1 has 1 values for the 3 columns of the table `t`"
    );
}

#[test]
fn a_value_of_another_type_is_refused() {
    assert_eq!(
        row(r#"{"Int64": 1}, {"Int64": 1}, {"String": ""}"#).unwrap_err(),
        "/metadata/1.json: row 1 has a value of type Int64 for the Float64 column `t.b`"
    );
}

#[test]
fn values_outside_the_contract_are_refused() {
    for value in [
        "null",
        "1",
        r#""Null""#,
        r#"{"Int64": null}"#,
        r#"{"Int64": 3.0}"#,
        r#"{"Int64": 9223372036854775808}"#,
        r#"{"Int64": NaN}"#,
        r#"{"Boolean": true}"#,
        r#"{"Int64": 1, "String": ""}"#,
    ] {
        let error = row(&format!(r#"{value}, {{"Float64": 1}}, {{"String": ""}}"#)).unwrap_err();
        assert!(error.starts_with("/metadata/1.json: "), "{value}: {error}");
    }
    for value in ["NaN", "Infinity", "1e400", r#""1""#] {
        let error = row(&format!(
            r#"{{"Int64": 1}}, {{"Float64": {value}}}, {{"String": ""}}"#
        ))
        .unwrap_err();
        assert!(error.starts_with("/metadata/1.json: "), "{value}: {error}");
    }
}

#[test]
fn column_types_outside_the_contract_are_refused() {
    for data_type in ["Bool", "Boolean", "int64", ""] {
        let table = format!(
            r#"{{"tables": [{{"name": "t", "columns": [{{"name": "a", "data_type": "{data_type}"}}]}}]}}"#
        );
        let error = metadata(&[&table]).unwrap_err();
        assert!(error.contains("unknown variant"), "{error}");
    }
}

#[test]
fn names_that_are_not_valid_in_sql_are_refused() {
    let table = r#"{"tables": [{"name": "order", "columns": []}]}"#;
    assert_eq!(
        metadata(&[table]).unwrap_err(),
        "/metadata/0.json: table `order`: \"order\" is not a valid name in SQL: it is a keyword\n\
         help: write it in double quotes, or choose another name"
    );
    let column =
        r#"{"tables": [{"name": "t", "columns": [{"name": "a b", "data_type": "Int64"}]}]}"#;
    let refused = metadata(&[column]).unwrap_err();
    assert!(
        refused.starts_with(
            r#"/metadata/0.json: table `t`: "a b" is not a valid name in SQL: expected letters"#
        ),
        "{refused}"
    );
    let twice = r#"{"tables": [{"name": "t", "columns": [
        {"name": "a", "data_type": "Int64"}, {"name": "\"A\"", "data_type": "Int64"}]}]}"#;
    assert_eq!(
        metadata(&[twice]).unwrap_err(),
        r#"/metadata/0.json: table `t` has the column `"A"` twice"#
    );
}

#[test]
fn quoted_names_are_one_table_and_come_out_as_sqlite_has_them() {
    let tables = r#"{"tables": [{"name": "\"Order\"", "columns": [{"name": "\"two words\"", "data_type": "Int64"}]}],
        "rows": [{"table_name": "\"order\"", "values": [{"Int64": 1}]}]}"#;
    let output = metadata(&[tables]).unwrap();
    assert_eq!(output.tables.len(), 1);
    assert_eq!(output.tables[0].name, "Order");
    assert_eq!(output.tables[0].columns[0].name, "two words");
    assert_eq!(output.tables[0].rows, [[Value::Int64(1)]]);
}

#[test]
fn the_same_column_in_quotes_is_another_definition() {
    let quoted =
        r#"{"tables": [{"name": "t", "columns": [{"name": "\"a\"", "data_type": "Int64"}]}]}"#;
    let bare = r#"{"tables": [{"name": "t", "columns": [{"name": "a", "data_type": "Int64"}]}]}"#;
    assert_eq!(
        metadata(&[quoted, bare]).unwrap_err(),
        "/metadata/1.json: table `t` was defined before with other columns"
    );
}

#[test]
fn unknown_keys_and_broken_files_are_refused() {
    assert!(
        metadata(&[r#"{"row": []}"#])
            .unwrap_err()
            .contains("unknown field `row`")
    );
    assert!(metadata(&[""]).unwrap_err().contains("EOF"));
    let text = Files {
        metadata: files(&[("rows.txt", "{}")]),
        ..Files::default()
    };
    let failure = read(text, &Tables::default(), 0, &Limits::default()).unwrap_err();
    let Failure::Contract(breach) = failure else {
        panic!("{failure}")
    };
    assert_eq!(
        breach.to_string(),
        "/metadata/rows.txt: the host ignores a file of this name"
    );
}

#[test]
fn sub_content_has_bytes_or_is_a_slice() {
    let found = sub_content(
        &[
            ("data_1.bin", "bytes"),
            ("metadata_1.json", r#"{"filename": "a"}"#),
            (
                "metadata_2.json",
                r#"{"filename": "b", "offset": 2, "length": 3}"#,
            ),
        ],
        5,
    );
    assert_eq!(
        found.unwrap(),
        [
            SubContent {
                filename: "a".into(),
                content: Content::Bytes(b"bytes".to_vec())
            },
            SubContent {
                filename: "b".into(),
                content: Content::Slice {
                    offset: 2,
                    length: 3
                }
            },
        ]
    );
}

#[test]
fn sub_content_that_the_host_would_lose_is_refused() {
    let slice = r#"{"filename": "b", "offset": 2, "length": 4}"#;
    assert_eq!(
        sub_content(&[("metadata_1.json", slice)], 5).unwrap_err(),
        "/subcontent/metadata_1.json: the slice of 4 bytes from 2 is not inside the input of 5 bytes"
    );
    for (name, text) in [
        ("metadata_1.json", r#"{"filename": "no data file"}"#),
        (
            "metadata_1.json",
            r#"{"filename": "half a slice", "offset": 0}"#,
        ),
        ("metadata_1.json", "no JSON"),
        ("data_1.bin", "no description"),
        ("other.bin", "ignored"),
    ] {
        let error = sub_content(&[(name, text)], 5).unwrap_err();
        assert!(
            error.starts_with(&format!("/subcontent/{name}: ")),
            "{error}"
        );
    }
}

#[test]
fn whatever_a_guest_writes_is_read_or_refused() {
    let text = DEFINITION.trim_end_matches('}').to_owned()
        + r#", "rows": [{"table_name": "t", "values": [{"Int64": 1}, {"Float64": -2.5e3}, {"String": "\u00e9"}]}]}"#;
    let limits = Limits::default();
    let mut read_at_all = 0;
    let mut state: u32 = 1;
    let mut random = |end: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % end
    };
    for _ in 0..20_000 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..random(4) {
            let at = random(bytes.len());
            match random(3) {
                0 => bytes[at] = random(256) as u8,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, br#"{}[]",:019.e-\nt"#[random(16)]),
            }
        }
        let files = Files {
            metadata: vec![("1.json".to_owned(), bytes)],
            ..Files::default()
        };

        let Ok((output, _)) = read(files, &Tables::default(), 0, &limits) else {
            continue;
        };

        read_at_all += 1;
        for table in output.tables {
            for row in &table.rows {
                let types = row.iter().map(Value::column_type);
                assert!(types.eq(table.columns.iter().map(|column| column.data_type)));
            }
        }
    }
    assert!(read_at_all > 1000, "{read_at_all} of 20,000 were valid");
}
