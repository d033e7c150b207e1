//! Reads the index that the build script wrote: which Python modules there are, and what names they define.

use std::ffi::OsString;
use std::fs;

use proc_macro2::Span;
use wadup_contract::index::Index;

/// The error for a crate without a build script.
const NO_BUILD_SCRIPT: &str = "\
the build script of this crate has not called `wadup_build`: the variable WADUP_INDEX is not set
help: list `wadup-build` under [build-dependencies] in Cargo.toml, and write this `build.rs` beside it:

    fn main() {
        wadup_build::configure().build();
    }";

/// Reads the index at `path`, the value of [`VARIABLE`](wadup_contract::index::VARIABLE) if that is set; returns the path too.
///
/// # Errors
///
/// If there is no path, or `include_bytes!` cannot take it; if the file cannot be read, or is not an index of this version of wadup.
pub(crate) fn read(path: Option<OsString>) -> syn::Result<(String, Index)> {
    let path = path
        .ok_or_else(|| error(NO_BUILD_SCRIPT))?
        .into_string()
        .map_err(|path| {
            error(&format!(
                "the path of the index that the build script wrote is not valid Unicode: {}",
                path.display()
            ))
        })?;
    let text = fs::read_to_string(&path).map_err(|cause| unusable(&path, &cause))?;
    let index = parse(&path, &text)?;
    Ok((path, index))
}

/// Reads the `text` of the index at `path`.
fn parse(path: &str, text: &str) -> syn::Result<Index> {
    serde_json::from_str(text).map_err(|cause| unusable(path, &cause))
}

/// The error for an index that is not what this macro expects.
fn unusable(path: &str, cause: &dyn std::error::Error) -> syn::Error {
    error(&format!(
        "cannot read the index that the build script wrote: {path}: {cause}\n\
         help: check that `wadup-build` and `wadup-guest` have the same version in Cargo.lock, then run `cargo clean` and build again"
    ))
}

/// An error that is not about any part of the macro's input.
fn error(message: &str) -> syn::Error {
    syn::Error::new(Span::call_site(), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> syn::Result<Index> {
        parse("/target/index.json", text)
    }

    #[test]
    fn an_index_has_the_entry_and_the_modules() {
        let index = read_text(
            r#"{"entry": "users:main", "snapshot": {"wanted": true, "preload": ["json"], "init": "users:load"},
                "modules": {"users": {"names": ["main"], "open": false}}}"#,
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
        let index = read_text(r#"{"entry": null, "snapshot": {"wanted": true, "preload": [], "init": null}, "modules": {}}"#).unwrap();

        assert_eq!(index.entry, None);
    }

    #[test]
    fn an_index_made_without_a_bundle_knows_no_modules() {
        let index = read_text(r#"{"entry": "users:main", "snapshot": {"wanted": true, "preload": [], "init": null}, "modules": null}"#).unwrap();

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
            error.ends_with("is not valid Unicode: /target/\u{fffd}/index.json"),
            "{error}"
        );
    }
}
