//! The text of a configuration file, for errors that name a line.

use std::ops::Range;
use std::path::Path;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use toml::Spanned;

use super::keys;
use crate::error::{Error, Result};

pub(super) struct Document<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

impl Document<'_> {
    /// Deserializes the whole text.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T> {
        toml::from_str(self.text).map_err(|error| self.not_parsed(&error))
    }

    /// Parses one string of it.
    pub(super) fn parse<T>(&self, text: &Spanned<String>) -> Result<T>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        text.as_ref()
            .parse()
            .map_err(|error: T::Err| self.error(&text.span(), error))
    }

    pub(super) fn error(&self, span: &Range<usize>, problem: impl std::fmt::Display) -> Error {
        let problem = format!("line {}: {problem}", self.line(span));
        Error::configuration(self.path, problem)
    }

    /// The number of the line on which a span begins.
    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        before.matches('\n').count() + 1
    }

    fn not_parsed(&self, error: &toml::de::Error) -> Error {
        let Some(span) = error.span() else {
            return Error::configuration(self.path, error.message());
        };
        let problem = match self.text.get(span.clone()).and_then(keys::nearest) {
            Some(key) if error.message().starts_with("unknown field") => {
                format!("{}; did you mean `{key}`?", error.message())
            }
            _ => error.message().to_owned(),
        };
        self.error(&span, problem)
    }
}
