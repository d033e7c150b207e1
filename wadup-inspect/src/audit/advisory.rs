//! An advisory, as much of the OSV schema as an audit needs.

use serde::Deserialize;

/// A record of a database. Databases add fields of their own, and new kinds of ranges: unknown ones are skipped.
#[derive(Debug, Deserialize)]
pub(super) struct Advisory {
    pub(super) id: String,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    #[serde(default)]
    pub(super) summary: String,
    /// When it was withdrawn; it does not count any more.
    pub(super) withdrawn: Option<String>,
    #[serde(default)]
    pub(super) affected: Vec<Affected>,
}

/// The versions of a package that an advisory is about.
#[derive(Debug, Deserialize)]
pub(super) struct Affected {
    /// Missing where a range of commits names the repository.
    pub(super) package: Option<Package>,
    #[serde(default)]
    pub(super) ranges: Vec<Range>,
    #[serde(default)]
    pub(super) versions: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) ecosystem: String,
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Range {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) repo: String,
    #[serde(default)]
    pub(super) events: Vec<Event>,
}

/// The start or the end of affected versions.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Event {
    /// The first affected version; "0" is before all others.
    Introduced(String),
    /// The first version after those.
    Fixed(String),
    /// The last affected version.
    LastAffected(String),
    /// Where the search for affected versions ended.
    Limit(String),
}

impl Advisory {
    /// Its ID and its IDs in other databases.
    pub(super) fn ids(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.id).chain(&self.aliases)
    }
}
