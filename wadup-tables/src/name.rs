//! The names of tables and columns that are valid in the host's SQL.
//!
//! The host writes names into its SQL as they are. If SQLite does not read one as a name, the table or its rows are lost, with at most a
//! warning in the host's log.

use wadup_contract::sql::{HOST_COLUMN, HOST_TABLE_PREFIXES, RESERVED_FOR_TABLES, RESERVED_WORDS};

/// At the beginning of a word, SQLite reads it as a blank.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Why a text is not a valid name of a table or a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// SQLite does not read it as one name.
    #[error(
        "not a valid name in SQL: expected letters, digits, `_` and `$`, with a letter or `_` first\nhelp: write other names in double quotes"
    )]
    Malformed,
    /// It begins with a double quote, and does not end with the next one that stands alone.
    #[error(
        "not a valid name in SQL: a quoted name ends with a double quote, has others only in pairs (`\"\"`), and no NUL"
    )]
    Quotes,
    /// It is a keyword that SQLite does not read as a name, in upper or lower case.
    #[error(
        "not a valid name in SQL: it is a keyword\nhelp: write it in double quotes, or choose another name"
    )]
    Keyword,
    /// The name is reserved for tables of the host or of SQLite.
    #[error("not a valid table name: names that begin with `sqlite_` or `__wadup_` are reserved")]
    ReservedTable,
    /// The host adds a column of this name to every table.
    #[error("not a valid column name: the host adds a column `content_uuid` to every table")]
    ReservedColumn,
}

/// A name as SQLite reads it: without quotes, and without regard to the case of ASCII letters.
#[derive(Debug, Clone)]
pub struct Name(String);

impl Name {
    /// Reads the name of a table.
    ///
    /// # Errors
    ///
    /// If the host would lose a table of that name.
    pub fn of_table(text: &str) -> Result<Self, NameFault> {
        if is_among(&RESERVED_FOR_TABLES, text) {
            return Err(NameFault::Keyword);
        }
        let name = read(text)?;
        let key = name.to_ascii_lowercase();
        if HOST_TABLE_PREFIXES
            .iter()
            .any(|prefix| key.starts_with(prefix))
        {
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

    /// A text that is equal for names that SQLite does not distinguish.
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

/// The text between the quotes, with one quote for each pair; nothing if there is a single quote, or a NUL, which ends a statement.
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
    if is_among(&RESERVED_WORDS, text) {
        return Err(NameFault::Keyword);
    }
    Ok(text)
}

/// Whether SQL reads `text` as one of `words`.
fn is_among(words: &[&str], text: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(text))
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
        for name in RESERVED_WORDS.into_iter().chain(["select", "Order"]) {
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
