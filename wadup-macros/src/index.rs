//! Reads the index of the bundle that the build script wrote: which modules there are, and what names they have.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;

use proc_macro2::Span;
use serde::Deserialize;

/// The variable in which the build script hands over the absolute path of its index.
pub(crate) const VARIABLE: &str = "WADUP_INDEX";

/// What to write when there is no build script.
const NO_BUILD_SCRIPT: &str = "\
the build script of this crate has not called `wadup_build` (the variable WADUP_INDEX is not set)

build.rs, beside Cargo.toml, is to read:

    fn main() {
        wadup_build::configure().build();
    }

and Cargo.toml is to list `wadup-build` under [build-dependencies]";

/// What is known of the Python code in the bundle.
#[derive(Debug)]
pub(crate) struct Index {
    /// Where it was read from; an absolute path.
    pub(crate) path: String,
    /// `[tool.wadup] entry-point` of pyproject.toml.
    pub(crate) entry: Option<String>,
    /// What a snapshot begins with, as pyproject.toml says.
    pub(crate) snapshot: Snapshot,
    /// By dotted name; none when no bundle was made, as for a check on the build machine: then nothing is known.
    pub(crate) modules: Option<BTreeMap<String, Module>>,
}

/// What is done before a snapshot of the guest is written out, beside importing the modules of its entry and its exports.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Snapshot {
    /// `[tool.wadup] preload`.
    pub(crate) preload: Vec<String>,
    /// `[tool.wadup] snapshot-init`.
    pub(crate) init: Option<String>,
}

/// What is known of one Python module.
#[derive(Debug, Deserialize)]
pub(crate) struct Module {
    /// What the module defines at its top level.
    pub(crate) names: Vec<String>,
    /// Whether there may be names that only running the module would show.
    pub(crate) open: bool,
    /// Why it cannot be imported or run, as far as that is known.
    #[serde(default)]
    pub(crate) problem: Option<String>,
}

/// The form of the file. Fields that only the build script has use for are left out.
#[derive(Deserialize)]
struct Document {
    entry: Option<String>,
    #[serde(default)]
    snapshot: Snapshot,
    modules: Option<BTreeMap<String, Module>>,
}

/// Reads the index whose path is the value of [`VARIABLE`], if that is set.
///
/// # Errors
///
/// When there is no path, or one that `include_bytes!` cannot be given; when the file there cannot be read, or is not an index of
/// this version of wadup.
pub(crate) fn read(variable: Option<OsString>) -> syn::Result<Index> {
    let path = variable
        .ok_or_else(|| error(NO_BUILD_SCRIPT))?
        .into_string()
        .map_err(|path| {
            error(&format!(
                "the path of the index that the build script wrote is not Unicode: {}",
                path.display()
            ))
        })?;
    let text = fs::read_to_string(&path).map_err(|cause| unusable(&path, &cause))?;
    parse(path, &text)
}

/// The index that the file at `path` holds.
fn parse(path: String, text: &str) -> syn::Result<Index> {
    let document: Document = serde_json::from_str(text).map_err(|cause| unusable(&path, &cause))?;
    Ok(Index {
        path,
        entry: document.entry,
        snapshot: document.snapshot,
        modules: document.modules,
    })
}

/// The error for an index that is not what this macro expects.
fn unusable(path: &str, cause: &dyn std::error::Error) -> syn::Error {
    error(&format!(
        "cannot use the index that the build script wrote: {path}: {cause}\n\n\
         It may be of another version of wadup: see that `wadup-build` and `wadup-guest` have the same one in Cargo.lock, then run \
         `cargo clean` and build again"
    ))
}

/// An error that no part of the macro's input is to blame for.
fn error(message: &str) -> syn::Error {
    syn::Error::new(Span::call_site(), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> syn::Result<Index> {
        parse("/target/index.json".to_owned(), text)
    }

    #[test]
    fn an_index_tells_the_entry_and_the_modules() {
        let index = read_text(
            r#"{"entry": "users:main", "snapshot": {"wanted": true, "preload": ["json"], "init": "users:load"},
                "modules": {"users": {"names": ["main"], "open": false}}, "files": ["/users.py"]}"#,
        )
        .unwrap();

        assert_eq!(index.entry.as_deref(), Some("users:main"));
        assert_eq!(index.snapshot.preload, ["json"]);
        assert_eq!(index.snapshot.init.as_deref(), Some("users:load"));
        let modules = index.modules.unwrap();
        assert_eq!(modules["users"].names, ["main"]);
        assert!(!modules["users"].open);
    }

    #[test]
    fn an_index_may_have_no_entry() {
        let index = read_text(r#"{"entry": null, "modules": {}}"#).unwrap();

        assert_eq!(index.entry, None);
    }

    #[test]
    fn an_index_made_without_a_bundle_knows_no_modules() {
        let index = read_text(r#"{"entry": "users:main", "modules": null}"#).unwrap();

        assert!(index.modules.is_none());
    }

    #[test]
    fn an_index_of_another_form_is_an_error_that_says_where() {
        let error = read_text(r#"{"entry": null, "modules": ["users"]}"#)
            .unwrap_err()
            .to_string();

        assert!(
            error.contains("index.json: invalid type: sequence, expected a map at line 1 column"),
            "{error}"
        );
        assert!(error.contains("cargo clean"), "{error}");
    }

    #[test]
    fn a_file_that_is_not_there_is_an_error_that_names_it() {
        let error = read(Some("/no/such/folder/index.json".into()))
            .unwrap_err()
            .to_string();

        assert!(error.contains("/no/such/folder/index.json"), "{error}");
    }

    #[test]
    fn without_a_build_script_there_is_an_error_that_shows_one() {
        let error = read(None).unwrap_err().to_string();

        assert!(
            error.contains("wadup_build::configure().build();"),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_rust_source_cannot_hold_is_an_error() {
        use std::os::unix::ffi::OsStringExt;

        let path = OsString::from_vec(b"/target/\xff/index.json".to_vec());

        let error = read(Some(path)).unwrap_err().to_string();

        assert!(
            error.ends_with("is not Unicode: /target/\u{fffd}/index.json"),
            "{error}"
        );
    }
}
