//! `native` of `[tool.wadup]`: packages whose native code is wanted, and the user's additions to their builds.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess};
use toml::Spanned;

use super::document::Document;
use super::table::{OVERLAY, Setting, Value};
use super::{Plan, keys};
use crate::error::Result;

/// What follows `native`: a list of names, or a table for each name.
#[derive(Default)]
pub(super) struct Native(Vec<(Spanned<String>, Keys)>);

type Keys = BTreeMap<Spanned<String>, Spanned<toml::Value>>;

/// The user's additions to the build of a package, with keys of the table and values of their types.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct OwnOverlay(pub(crate) toml::Table);

impl OwnOverlay {
    /// The files of its patches.
    pub(crate) fn patches(&self, project: &Path) -> Vec<PathBuf> {
        let patches = self.0.get("patches").and_then(toml::Value::as_array);
        let names = patches
            .into_iter()
            .flatten()
            .filter_map(toml::Value::as_str);
        names.map(|name| project.join(name)).collect()
    }
}

impl<'de> Deserialize<'de> for Native {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Native;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list of packages, or a table for each package")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Native, A::Error> {
                let mut native = Native::default();
                while let Some(name) = names.next_element()? {
                    native.0.push((name, Keys::new()));
                }
                Ok(native)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut tables: A) -> Result<Native, A::Error> {
                let mut native = Native::default();
                while let Some(entry) = tables.next_entry()? {
                    native.0.push(entry);
                }
                Ok(native)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl Document<'_> {
    pub(super) fn apply_native(&self, native: Native, plan: &mut Plan) -> Result<()> {
        for (name, keys) in native.0 {
            let package = self.dependency(&name)?.name.to_string();
            plan.native.push(package.clone());
            if !keys.is_empty() {
                let overlay = self.overlay(keys, plan)?;
                plan.overlays.insert(package, overlay);
            }
        }
        Ok(())
    }

    fn overlay(&self, keys: Keys, plan: &Plan) -> Result<OwnOverlay> {
        let mut table = toml::Table::new();
        for (key, value) in keys {
            let Some(setting) = OVERLAY.iter().find(|known| known.key == key.as_ref()) else {
                return Err(self.error(&key.span(), unknown(key.as_ref())));
            };
            if !fits(value.as_ref(), setting) {
                let problem = format!(
                    "`{}`: expected {}, as in `{}`",
                    setting.key,
                    expected(setting.value),
                    setting.example
                );
                return Err(self.error(&value.span(), problem));
            }
            let span = value.span();
            let own = OwnOverlay(toml::Table::from_iter([(
                key.into_inner(),
                value.into_inner(),
            )]));
            let mut patches = own.patches(&plan.project).into_iter();
            if let Some(file) = patches.find(|file| !file.is_file()) {
                let problem = format!("file `{}` does not exist", file.display());
                return Err(self.error(&span, problem));
            }
            table.extend(own.0);
        }
        Ok(OwnOverlay(table))
    }
}

fn unknown(key: &str) -> String {
    let known = OVERLAY.iter().map(|setting| setting.key);
    match keys::nearest_of(key, known.clone()) {
        Some(near) => format!("unknown field `{key}`; did you mean `{near}`?"),
        None => {
            let known: Vec<String> = known.map(|key| format!("`{key}`")).collect();
            format!(
                "unknown field `{key}`, expected one of {}",
                known.join(", ")
            )
        }
    }
}

fn fits(value: &toml::Value, setting: &Setting) -> bool {
    match (setting.value, value) {
        (Value::Text, toml::Value::String(_)) => true,
        (Value::List, toml::Value::Array(values)) => values.iter().all(toml::Value::is_str),
        (Value::Texts, toml::Value::Table(values)) => values.values().all(toml::Value::is_str),
        (Value::Table, toml::Value::Table(_)) => true,
        _ => false,
    }
}

fn expected(value: Value) -> &'static str {
    match value {
        Value::List => "a list of strings",
        Value::Texts => "a table of strings",
        Value::Table => "a table",
        _ => "a string",
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn plan_of(text: &str) -> Result<Plan> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("fix.patch"), "").unwrap();
        Plan::parse(folder.path(), text)
    }

    #[test]
    fn a_table_asks_for_native_code_and_adds_to_the_build() {
        let plan = plan_of(
            "[tool.wadup.native.Tiny]\ncflags = ['-DX']\npatches = ['fix.patch']\n[tool.wadup.native.wrapt]\n",
        )
        .unwrap();

        assert_eq!(plan.native, ["tiny", "wrapt"]);
        let patches = plan.overlays["tiny"].patches(&plan.project);
        assert_eq!(patches, [plan.project.join("fix.patch")]);
        assert!(!plan.overlays.contains_key("wrapt"));
    }

    #[test]
    fn mistakes_are_reported_with_their_line() {
        for (keys, expected) in [
            (
                "cflag = ['-O1']",
                "line 3: unknown field `cflag`; did you mean `cflags`?",
            ),
            (
                "script = 'x'",
                "line 3: unknown field `script`, expected one of `reason`",
            ),
            (
                "cflags = '-O1'",
                "line 3: `cflags`: expected a list of strings, as in `[",
            ),
            (
                "env = { A = 1 }",
                "line 3: `env`: expected a table of strings, as in `{",
            ),
            ("patches = ['gone.patch']", "gone.patch` does not exist"),
        ] {
            let text = format!("[tool.wadup.native.tiny]\nversions = '>1'\n{keys}\n");

            let error = plan_of(&text).unwrap_err().to_string();

            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn every_key_accepts_the_example_in_the_table() {
        for setting in OVERLAY {
            let text = format!(
                "[tool.wadup.native.tiny]\n{} = {}\n",
                setting.key, setting.example
            );

            let plan = plan_of(&text).unwrap_or_else(|error| panic!("{error}"));

            assert!(plan.overlays["tiny"].0.contains_key(setting.key));
        }
    }
}
