//! The names that the host's SQL takes for tables and columns.
//!
//! The host writes names into its SQL as they are. What SQLite does not read as one name loses the table, or its rows, with a warning
//! in the host's log at most.

/// The words that SQLite's parser takes for no name without quotes.
///
/// These are not all of its keywords (<https://sqlite.org/lang_keywords.html>): the parser falls back to a name for the others. The test
/// guest `tables` asks SQLite about each.
const RESERVED: &str = "
    ADD ALL ALTER AND AS AUTOINCREMENT BETWEEN CASE CHECK COLLATE COMMIT CONSTRAINT CREATE DEFAULT DEFERRABLE
    DELETE DISTINCT DROP ELSE ESCAPE EXCEPT EXISTS FOREIGN FROM GROUP HAVING IN INDEX INSERT INTERSECT INTO IS
    ISNULL JOIN LIMIT NOT NOTHING NOTNULL NULL ON OR ORDER PRIMARY REFERENCES RETURNING SELECT SET TABLE THEN TO
    TRANSACTION UNION UNIQUE UPDATE USING VALUES WHEN WHERE
";

/// Behind `CREATE TABLE`, SQLite expects `IF NOT EXISTS` once it has read this word; a column may have it as its name.
const RESERVED_FOR_TABLES: &str = "IF";

/// The column that the host adds to every table.
const HOST_COLUMN: &str = "content_uuid";

/// How the names of SQLite's and the host's own tables begin.
const HOST_TABLES: [&str; 2] = ["sqlite_", "__wadup_"];

/// At the beginning of a word SQLite takes it for a blank.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Why something cannot name a table or a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// SQLite does not read it as one name.
    #[error(
        "not a name in SQL: a name is made of letters, digits, `_` and `$` and begins with a letter or `_`; anything else goes in double quotes"
    )]
    Malformed,
    /// It begins with a double quote, and does not end with the next one that stands alone.
    #[error(
        "not a name in SQL: a quoted name ends with its second double quote, holds others only in pairs (`\"\"`), and has no NUL"
    )]
    Quotes,
    /// It is a keyword that SQLite does not take as a name, in whatever case.
    #[error("the name is a keyword of SQLite: write it in double quotes or choose another")]
    Keyword,
    /// The host or SQLite has a table of that name, or keeps it free.
    #[error("names of tables that begin with `sqlite_` or `__wadup_` are reserved")]
    ReservedTable,
    /// The host gives every table a column of that name.
    #[error("the host adds a column `content_uuid` to every table")]
    ReservedColumn,
}

/// A name as SQLite reads it: without its quotes, and the same in either case of ASCII letters.
#[derive(Debug, Clone)]
pub struct Name(String);

impl Name {
    /// Reads the name of a table.
    ///
    /// # Errors
    ///
    /// If the host would lose a table of that name.
    pub fn of_table(text: &str) -> Result<Self, NameFault> {
        if text.eq_ignore_ascii_case(RESERVED_FOR_TABLES) {
            return Err(NameFault::Keyword);
        }
        let name = read(text)?;
        let key = name.to_ascii_lowercase();
        if HOST_TABLES.iter().any(|prefix| key.starts_with(prefix)) {
            return Err(NameFault::ReservedTable);
        }
        Ok(Self(name))
    }

    /// Reads the name of a column.
    ///
    /// # Errors
    ///
    /// If the host would lose a table with a column of that name.
    pub fn of_column(text: &str) -> Result<Self, NameFault> {
        let name = read(text)?;
        if name.eq_ignore_ascii_case(HOST_COLUMN) {
            return Err(NameFault::ReservedColumn);
        }
        Ok(Self(name))
    }

    /// The name without quotes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same text for all names that are the same to SQLite.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

impl Eq for Name {}

/// Reads a name, quoted or not.
fn read(text: &str) -> Result<String, NameFault> {
    match text.strip_prefix('"') {
        Some(rest) => rest
            .strip_suffix('"')
            .and_then(unescape)
            .ok_or(NameFault::Quotes),
        None => read_bare(text).map(str::to_owned),
    }
}

/// What stands between the quotes, with one quote for two; nothing if there is a single one or a NUL, which ends a statement.
fn unescape(quoted: &str) -> Option<String> {
    let is_valid = !quoted.replace("\"\"", "").contains(['"', '\0']);
    is_valid.then(|| quoted.replace("\"\"", "\""))
}

fn read_bare(text: &str) -> Result<&str, NameFault> {
    let begins = |character: char| {
        character == '_' || character.is_ascii_alphabetic() || !character.is_ascii()
    };
    let continues =
        |character: char| begins(character) || character == '$' || character.is_ascii_digit();
    let is_word = text.starts_with(begins)
        && !text.starts_with(BYTE_ORDER_MARK)
        && text.chars().all(continues);
    if !is_word {
        return Err(NameFault::Malformed);
    }
    let is_reserved = RESERVED
        .split_whitespace()
        .any(|word| word.eq_ignore_ascii_case(text));
    if is_reserved {
        return Err(NameFault::Keyword);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What reading `text` as a table and as a column finds wrong.
    fn faults(text: &str) -> [Option<NameFault>; 2] {
        [Name::of_table(text).err(), Name::of_column(text).err()]
    }

    #[test]
    fn what_sqlite_reads_as_one_word_is_a_name() {
        for name in [
            "users", "Users2", "_", "_private", "selected", "content", "sqlite", "__wadup",
            "größer", "a$b", "key", "Temp", "first",
        ] {
            assert_eq!(faults(name), [None, None], "{name}");
        }
    }

    #[test]
    fn anything_is_a_name_in_double_quotes() {
        for (name, read) in [
            ("\"order\"", "order"),
            ("\"two words\"", "two words"),
            ("\"a\"\"b\"", "a\"b"),
            ("\"\"", ""),
        ] {
            assert_eq!(faults(name), [None, None], "{name}");
            assert_eq!(Name::of_table(name).unwrap().as_str(), read);
        }
    }

    #[test]
    fn what_needs_quotes_is_refused_without() {
        for name in [
            "",
            "2users",
            "$a",
            "first name",
            "a-b",
            "a.b",
            "a;b",
            "a\0",
            " a",
            "[a]",
            "a\"",
            "\u{feff}a",
        ] {
            assert_eq!(faults(name), [Some(NameFault::Malformed); 2], "{name}");
        }
    }

    #[test]
    fn quotes_that_do_not_enclose_one_name_are_refused() {
        for name in ["\"", "\"a", "\"a\"b\"", "\"a\" \"b\"", "\"a\"\"", "\"a\0\""] {
            assert_eq!(faults(name), [Some(NameFault::Quotes); 2], "{name}");
        }
    }

    #[test]
    fn reserved_words_are_refused_in_any_case() {
        for name in RESERVED.split_whitespace().chain(["select", "Order"]) {
            assert_eq!(faults(name), [Some(NameFault::Keyword); 2], "{name}");
        }
        assert_eq!(faults("if"), [Some(NameFault::Keyword), None]);
    }

    #[test]
    fn names_of_the_host_are_refused_in_any_case_and_with_quotes() {
        for table in [
            "sqlite_master",
            "SQLite_x",
            "__wadup_content",
            "\"__WADUP_x\"",
        ] {
            assert_eq!(
                faults(table),
                [Some(NameFault::ReservedTable), None],
                "{table}"
            );
        }
        for column in ["content_uuid", "Content_UUID", "\"content_uuid\""] {
            assert_eq!(
                faults(column),
                [None, Some(NameFault::ReservedColumn)],
                "{column}"
            );
        }
    }

    #[test]
    fn names_are_compared_as_sqlite_compares_them() {
        let name = |text| Name::of_table(text).unwrap();

        assert_eq!(name("Users"), name("\"users\""));
        assert_eq!(name("Users").key(), name("\"users\"").key());
        assert_ne!(name("größe"), name("GRÖSSE"));
        assert_ne!(name("Ä"), name("ä"));
    }
}
