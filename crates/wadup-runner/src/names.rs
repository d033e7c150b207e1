//! Table and column names that the WADUP host's SQL takes.
//!
//! The host writes names into SQLite statements as they are. A name that does not stand there as an identifier loses the table, or
//! its rows, with a warning in the host's log at most.

/// SQLite's keywords that cannot be an unquoted table or column name (`sqlite.org/lang_keywords.html` lists all keywords; most of the
/// others fall back to identifiers). Sorted.
const RESERVED: &[&str] = &[
    "add",
    "all",
    "alter",
    "and",
    "as",
    "autoincrement",
    "between",
    "case",
    "check",
    "collate",
    "commit",
    "constraint",
    "create",
    "default",
    "deferrable",
    "delete",
    "distinct",
    "drop",
    "else",
    "escape",
    "except",
    "exists",
    "foreign",
    "from",
    "group",
    "having",
    "if",
    "in",
    "index",
    "insert",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "limit",
    "not",
    "nothing",
    "notnull",
    "null",
    "on",
    "or",
    "order",
    "primary",
    "references",
    "returning",
    "select",
    "set",
    "table",
    "then",
    "to",
    "transaction",
    "union",
    "unique",
    "update",
    "using",
    "values",
    "when",
    "where",
];

/// The column that the host puts first into every table.
const HOST_COLUMN: &str = "content_uuid";

/// How SQLite's own tables and the host's begin.
const TAKEN_PREFIXES: &[&str] = &["sqlite_", "__wadup_"];

/// The name as SQLite compares it: without its quotes, ASCII letters in lower case. Nothing if it is no identifier.
fn identifier(name: &str) -> Option<String> {
    if let Some(quoted) = name
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        let unescaped = quoted.replace("\"\"", "");
        let valid = !quoted.is_empty() && !unescaped.contains(['"', '\0']);
        return valid.then(|| quoted.replace("\"\"", "\"").to_ascii_lowercase());
    }
    let starts = |character: char| {
        character == '_' || character.is_ascii_alphabetic() || !character.is_ascii()
    };
    let continues =
        |character: char| starts(character) || character == '$' || character.is_ascii_digit();
    let lowered = name.to_ascii_lowercase();
    let valid = name.starts_with(starts)
        && name.chars().all(continues)
        && RESERVED.binary_search(&&*lowered).is_err();
    valid.then_some(lowered)
}

/// [`identifier`] of a table's name, if the host's database has room for it.
pub(crate) fn table(name: &str) -> Option<String> {
    identifier(name).filter(|name| !TAKEN_PREFIXES.iter().any(|prefix| name.starts_with(prefix)))
}

/// [`identifier`] of a column's name, if the host does not use it itself.
pub(crate) fn column(name: &str) -> Option<String> {
    identifier(name).filter(|name| name != HOST_COLUMN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_plain_and_quoted_names() {
        for name in [
            "packages",
            "_x1",
            "Größe",
            "a$b",
            "key",
            "\"order\"",
            "\"two words\"",
            "\"a\"\"b\"",
        ] {
            assert!(table(name).is_some(), "{name}");
            assert!(column(name).is_some(), "{name}");
        }
    }

    #[test]
    fn refuses_what_sql_would_read_otherwise() {
        for name in [
            "",
            "1st",
            "two words",
            "a-b",
            "a.b",
            "order",
            "Select",
            "\"",
            "\"\"",
            "\"a\"b\"",
            "x; drop",
        ] {
            assert_eq!(table(name), None, "{name}");
            assert_eq!(column(name), None, "{name}");
        }
    }

    #[test]
    fn refuses_what_the_host_uses_itself() {
        assert_eq!(column("Content_UUID"), None);
        assert_eq!(column("\"content_uuid\""), None);
        assert_eq!(table("__wadup_content"), None);
        assert_eq!(table("sqlite_master"), None);
    }

    #[test]
    fn compares_as_sqlite_does() {
        assert_eq!(table("Rows1"), table("\"rows1\""));
    }

    #[test]
    fn reserved_words_are_sorted() {
        assert!(RESERVED.is_sorted());
    }
}
