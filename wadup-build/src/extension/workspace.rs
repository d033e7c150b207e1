//! Keeps a Cargo workspace around the store from claiming the crates that are built there.

use std::fs;
use std::path::Path;

use crate::error::{FileContext, Result};
use crate::store::code;
use crate::tree;

/// The code that decides what is changed in a source.
pub(super) const CODE: &[&str] = code!["workspace.rs"];

/// Gives each crate of a source that no other one contains a workspace of its own, unless it names one.
///
/// Cargo looks for a workspace in all folders above a crate (Cargo book, "Workspaces"). A store may lie in a project of
/// the user, where that search would find the project's.
///
/// # Errors
/// When a manifest cannot be read or written.
pub(super) fn separate(tree: &Path) -> Result<()> {
    const MANIFEST: &str = "Cargo.toml";
    let files = tree::files(tree)?;
    let mut folders: Vec<&str> = files
        .iter()
        .filter_map(|file| file.strip_suffix(MANIFEST))
        .filter(|folder| folder.is_empty() || folder.ends_with('/'))
        // The hashes of a vendored crate's files are in this one.
        .filter(|folder| !files.contains(&format!("{folder}.cargo-checksum.json")))
        .collect();
    folders.sort_unstable();
    let mut roots: Vec<&str> = Vec::new();
    for folder in folders {
        if roots.iter().any(|root| folder.starts_with(root)) {
            continue;
        }
        roots.push(folder);
        let manifest = tree.join(folder).join(MANIFEST);
        let text = fs::read_to_string(&manifest).on("read", &manifest)?;
        // Some sources contain templates of manifests.
        let Ok(table) = text.parse::<toml::Table>() else {
            continue;
        };
        let package = table.get("package").and_then(toml::Value::as_table);
        if !table.contains_key("workspace")
            && package.is_some_and(|package| !package.contains_key("workspace"))
        {
            fs::write(&manifest, text + "\n[workspace]\n").on("write", &manifest)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: &str = "[package]\nname = \"fast\"\n";

    /// A source with these files, separated.
    fn separated(files: &[(&str, &str)]) -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        for (file, text) in files {
            let path = tree.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        separate(tree.path()).unwrap();
        tree
    }

    fn is_root(tree: &tempfile::TempDir, folder: &str) -> bool {
        let manifest = tree.path().join(folder).join("Cargo.toml");
        fs::read_to_string(manifest)
            .unwrap()
            .contains("[workspace]")
    }

    #[test]
    fn the_topmost_crates_get_a_workspace_and_those_below_are_its_members() {
        let tree = separated(&[
            ("bindings/Cargo.toml", PACKAGE),
            ("bindings/core/Cargo.toml", PACKAGE),
            ("core/Cargo.toml", PACKAGE),
        ]);

        let roots = ["bindings", "bindings/core", "core"].map(|folder| is_root(&tree, folder));

        assert_eq!(roots, [true, false, true]);
    }

    #[test]
    fn manifests_that_name_a_workspace_are_vendored_or_are_not_toml_stay_as_they_are() {
        let files = [
            ("a/Cargo.toml", "[workspace.package]\nedition = \"2024\"\n"),
            (
                "b/Cargo.toml",
                "[package]\nname = \"b\"\nworkspace = \"../a\"\n",
            ),
            ("c/Cargo.toml", "name = {{ name }}"),
            ("d/.cargo-checksum.json", "{}"),
            ("d/Cargo.toml", PACKAGE),
            ("notCargo.toml", PACKAGE),
        ];

        let tree = separated(&files);

        for (file, text) in files {
            assert_eq!(fs::read_to_string(tree.path().join(file)).unwrap(), text);
        }
    }
}
