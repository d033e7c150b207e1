//! Entry points of a guest: a Python function, or a whole module.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// A Python function, written `module:function`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Function {
    /// The dotted name of a module.
    module: String,
    /// A name defined in that module.
    name: String,
}

/// What runs for each input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EntryPoint {
    /// A function to call.
    Function(Function),
    /// A module, written as its dotted name: imported once, and its `main` is called if it has one.
    Module(String),
}

impl FromStr for Function {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some((module, name)) if is_module(module) && is_identifier(name) => Ok(Self {
                module: module.to_owned(),
                name: name.to_owned(),
            }),
            _ => Err(format!(
                "`{text}` is not a valid function: expected `module:function`\n\
                 help: write it as in \"users.scoring:load\""
            )),
        }
    }
}

impl FromStr for EntryPoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if is_module(text) {
            return Ok(Self::Module(text.to_owned()));
        }
        text.parse().map(Self::Function).map_err(|_| {
            format!(
                "`{text}` is not a valid entry point: expected `module:function` or `module`\n\
                 help: write it as in \"users.scoring:main\", or \"users\" to import a module and call its `main`"
            )
        })
    }
}

fn is_module(text: &str) -> bool {
    text.split('.').all(is_identifier)
}

/// Whether Python accepts the text as an identifier.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut letters = text.chars();
    letters
        .next()
        .is_some_and(|first| first == '_' || first.is_alphabetic())
        && letters.all(|letter| letter == '_' || letter.is_alphanumeric())
}

impl fmt::Display for Function {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.module, self.name)
    }
}

impl fmt::Display for EntryPoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Function(function) => function.fmt(formatter),
            Self::Module(module) => formatter.write_str(module),
        }
    }
}

impl Serialize for Function {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for EntryPoint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVALID: [&str; 6] = [
        "users:",
        ":main",
        "users.:main",
        "users:a.b",
        "my-users:main",
        "1:main",
    ];

    #[test]
    fn entry_points_are_functions_or_modules() {
        for text in ["users.scoring:main", "users.scoring", "users"] {
            let entry: EntryPoint = text.parse().unwrap();

            assert_eq!(matches!(entry, EntryPoint::Module(_)), !text.contains(':'));
            assert_eq!(entry.to_string(), text);
        }
        for wrong in INVALID {
            assert!(wrong.parse::<EntryPoint>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn functions_require_a_name_in_the_module() {
        assert!("users:load".parse::<Function>().is_ok());
        for wrong in INVALID.into_iter().chain(["users"]) {
            assert!(wrong.parse::<Function>().is_err(), "{wrong}");
        }
    }
}
