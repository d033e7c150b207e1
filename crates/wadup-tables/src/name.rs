//! Which names the host's SQL takes as they are.

/// The 147 keywords of SQLite (<https://sqlite.org/lang_keywords.html>).
///
/// SQLite takes some of them as names in some places. Which ones differs between its releases, so none is a name here.
const KEYWORDS: &str = "
    ABORT ACTION ADD AFTER ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH AUTOINCREMENT BEFORE BEGIN BETWEEN BY
    CASCADE CASE CAST CHECK COLLATE COLUMN COMMIT CONFLICT CONSTRAINT CREATE CROSS CURRENT CURRENT_DATE
    CURRENT_TIME CURRENT_TIMESTAMP DATABASE DEFAULT DEFERRABLE DEFERRED DELETE DESC DETACH DISTINCT DO DROP EACH
    ELSE END ESCAPE EXCEPT EXCLUDE EXCLUSIVE EXISTS EXPLAIN FAIL FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL
    GENERATED GLOB GROUP GROUPS HAVING IF IGNORE IMMEDIATE IN INDEX INDEXED INITIALLY INNER INSERT INSTEAD
    INTERSECT INTO IS ISNULL JOIN KEY LAST LEFT LIKE LIMIT MATCH MATERIALIZED NATURAL NO NOT NOTHING NOTNULL NULL
    NULLS OF OFFSET ON OR ORDER OTHERS OUTER OVER PARTITION PLAN PRAGMA PRECEDING PRIMARY QUERY RAISE RANGE
    RECURSIVE REFERENCES REGEXP REINDEX RELEASE RENAME REPLACE RESTRICT RETURNING RIGHT ROLLBACK ROW ROWS
    SAVEPOINT SELECT SET TABLE TEMP TEMPORARY THEN TIES TO TRANSACTION TRIGGER UNBOUNDED UNION UNIQUE UPDATE USING
    VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH WITHOUT
";

/// The column that the host adds to every table.
const HOST_COLUMN: &str = "content_uuid";

/// How the names of SQLite's and the host's own tables begin.
const HOST_PREFIXES: [&str; 2] = ["sqlite_", "__wadup"];

/// Why something is no name for a table or a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// It has other characters than the host's SQL takes without quotes.
    #[error(
        "a name is made of ASCII letters, digits and underscores, and does not begin with a digit"
    )]
    Malformed,
    /// It is a keyword of SQLite, in whatever case.
    #[error("the name is a keyword of SQLite")]
    Keyword,
    /// The host uses it itself.
    #[error("the host keeps for itself `content_uuid` and what begins with `sqlite_` or `__wadup`")]
    Reserved,
}

/// Checks that `name` can name a table or a column; letters of either case are the same to SQL.
pub(crate) fn check(name: &str) -> Result<(), NameFault> {
    let well_formed = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !well_formed
        || name
            .bytes()
            .next()
            .is_none_or(|first| first.is_ascii_digit())
    {
        return Err(NameFault::Malformed);
    }
    if KEYWORDS
        .split_whitespace()
        .any(|keyword| keyword.eq_ignore_ascii_case(name))
    {
        return Err(NameFault::Keyword);
    }
    let lower = name.to_ascii_lowercase();
    if lower == HOST_COLUMN || HOST_PREFIXES.iter().any(|prefix| lower.starts_with(prefix)) {
        return Err(NameFault::Reserved);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_names() {
        for name in [
            "users", "Users2", "_", "_private", "x", "selected", "content", "sqlite", "wadup",
        ] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn what_sql_would_need_quotes_for_is_no_name() {
        for name in [
            "",
            "2users",
            "first name",
            "größe",
            "a-b",
            "a.b",
            "\"quoted\"",
            "a;b",
            "a\0",
        ] {
            assert_eq!(check(name), Err(NameFault::Malformed), "{name}");
        }
    }

    #[test]
    fn keywords_are_no_names_in_any_case() {
        for name in KEYWORDS.split_whitespace() {
            assert_eq!(check(name), Err(NameFault::Keyword), "{name}");
        }
        for name in ["select", "Order", "cUrReNt_DaTe"] {
            assert_eq!(check(name), Err(NameFault::Keyword), "{name}");
        }
    }

    #[test]
    fn the_list_of_keywords_is_that_of_sqlite() {
        assert_eq!(KEYWORDS.split_whitespace().count(), 147);
    }

    #[test]
    fn names_of_the_host_are_refused_in_any_case() {
        for name in [
            "content_uuid",
            "Content_UUID",
            "sqlite_master",
            "SQLite_x",
            "__wadup_content",
            "__WADUP",
        ] {
            assert_eq!(check(name), Err(NameFault::Reserved), "{name}");
        }
    }
}
