//! Names of tables and columns that the host's SQL does not take as they are.

/// Words that SQLite's parser does not read as a name unless they are quoted.
///
/// These are not all of its keywords (<https://sqlite.org/lang_keywords.html>): the parser reads the others as names where it can. The
/// test guest `tables` asks SQLite about each.
pub const RESERVED_WORDS: [&str; 58] = [
    "ADD",
    "ALL",
    "ALTER",
    "AND",
    "AS",
    "AUTOINCREMENT",
    "BETWEEN",
    "CASE",
    "CHECK",
    "COLLATE",
    "COMMIT",
    "CONSTRAINT",
    "CREATE",
    "DEFAULT",
    "DEFERRABLE",
    "DELETE",
    "DISTINCT",
    "DROP",
    "ELSE",
    "ESCAPE",
    "EXCEPT",
    "EXISTS",
    "FOREIGN",
    "FROM",
    "GROUP",
    "HAVING",
    "IN",
    "INDEX",
    "INSERT",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "LIMIT",
    "NOT",
    "NOTHING",
    "NOTNULL",
    "NULL",
    "ON",
    "OR",
    "ORDER",
    "PRIMARY",
    "REFERENCES",
    "RETURNING",
    "SELECT",
    "SET",
    "TABLE",
    "THEN",
    "TO",
    "TRANSACTION",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
];

/// Words that SQLite reads as a name of a column but not of a table: behind `CREATE TABLE`, it expects `IF NOT EXISTS`.
pub const RESERVED_FOR_TABLES: [&str; 1] = ["IF"];

/// The column that the host adds to every table.
pub const HOST_COLUMN: &str = "content_uuid";

/// How the names of SQLite's and the host's own tables begin.
pub const HOST_TABLE_PREFIXES: [&str; 2] = ["sqlite_", "__wadup_"];
