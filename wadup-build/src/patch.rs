//! Applies the patches of a recipe, and refuses a source that they do not fit.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, FileContext, Result};

/// A unified diff of one file, below a heading that says why the file must change.
#[derive(Debug, Clone)]
pub(crate) struct Patch {
    /// The file's name, for errors.
    pub(crate) name: Cow<'static, str>,
    pub(crate) text: Cow<'static, str>,
}

/// The patches of a recipe, from the folder `patches` beside it.
macro_rules! patches {
    ($folder:literal: $($name:literal),* $(,)?) => {
        [$($crate::patch::Patch {
            name: std::borrow::Cow::Borrowed($name),
            text: std::borrow::Cow::Borrowed(include_str!(concat!($folder, "/patches/", $name, ".patch"))),
        }),*]
    };
}
pub(crate) use patches;

/// Applies all patches to a source tree.
///
/// The patched lines may have moved, but they and their context must match.
///
/// # Errors
/// [`Error::Malformed`] for the first patch that does not fit.
pub(crate) fn apply(patches: &[Patch], tree: &Path) -> Result<()> {
    patches.iter().try_for_each(|patch| patch.apply(tree))
}

/// Identifies what a list of patches changes, for the inputs of a recipe. Their headings do not count.
pub(crate) fn identity(patches: &[Patch]) -> String {
    let changes: Vec<&str> = patches.iter().map(Patch::without_heading).collect();
    crate::hash::of_bytes(changes.join("\n"))
}

/// Whether a patch fits a source tree.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    Applies,
    /// The tree has the patched lines already.
    Contained,
    /// Why it does not apply.
    Refused(String),
}

impl Patch {
    fn apply(&self, tree: &Path) -> Result<()> {
        let (patch, path) = self.parsed(tree)?;
        let text = fs::read_to_string(&path).on("patch", &path)?;
        let patched = diffy::apply(&text, &patch).map_err(|error| self.refused(tree, &error))?;
        fs::write(&path, patched).on("write", &path)
    }

    fn without_heading(&self) -> &str {
        let start = self.text.find("\n--- ").map_or(0, |newline| newline + 1);
        &self.text[start..]
    }

    /// Tries the patch without changing the tree.
    pub(crate) fn fit(&self, tree: &Path) -> Result<Fit> {
        let (patch, path) = self.parsed(tree)?;
        let text = fs::read_to_string(&path).on("read", &path)?;
        Ok(match diffy::apply(&text, &patch) {
            Ok(_) => Fit::Applies,
            Err(_) if diffy::apply(&text, &patch.reverse()).is_ok() => Fit::Contained,
            Err(error) => Fit::Refused(error.to_string()),
        })
    }

    /// The patch, and the file in the tree that it changes.
    fn parsed(&self, tree: &Path) -> Result<(diffy::Patch<'_, str>, PathBuf)> {
        let patch =
            diffy::Patch::from_str(&self.text).map_err(|error| self.refused(tree, &error))?;
        let file = patch
            .modified()
            .and_then(|name| name.strip_prefix("b/"))
            .ok_or_else(|| self.refused(tree, &"it does not name a file"))?;
        let path = tree.join(file);
        Ok((patch, path))
    }

    fn refused(&self, tree: &Path, problem: &dyn std::fmt::Display) -> Error {
        Error::malformed(
            tree,
            format!(
                "the patch `{}` does not fit this version: {problem}",
                self.name
            ),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATCH: Patch = Patch {
        name: Cow::Borrowed("second-line"),
        text: Cow::Borrowed(
            "The second line must change.\n\n--- a/x/y.c\n+++ b/x/y.c\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n",
        ),
    };

    fn patched(text: &str) -> Result<String> {
        let tree = tempfile::tempdir().unwrap();
        let file = tree.path().join("x/y.c");
        fs::create_dir(tree.path().join("x")).unwrap();
        fs::write(&file, text).unwrap();
        apply(&[PATCH], tree.path())?;
        Ok(fs::read_to_string(file).unwrap())
    }

    #[test]
    fn patches_apply_to_moved_lines() {
        assert_eq!(patched("one\ntwo\nthree\n").unwrap(), "one\n2\nthree\n");
        assert_eq!(
            patched("zero\none\ntwo\nthree\n").unwrap(),
            "zero\none\n2\nthree\n"
        );
    }

    #[test]
    fn a_patch_is_identified_by_what_it_changes_and_not_by_its_heading() {
        let with_text = |text: String| Patch {
            name: PATCH.name,
            text: Cow::Owned(text),
        };
        let explained = with_text(PATCH.text.replace("must change", "was wrong"));
        let without_heading = with_text(PATCH.without_heading().to_owned());
        let changed = with_text(PATCH.text.replace("+2", "+3"));

        assert!(without_heading.text.starts_with("--- a/x/y.c\n"));
        assert_eq!(identity(&[explained]), identity(&[PATCH]));
        assert_eq!(identity(&[without_heading]), identity(&[PATCH]));
        assert_ne!(identity(&[changed]), identity(&[PATCH]));
    }

    #[test]
    fn a_patch_fits_if_it_applies_or_is_contained() {
        let tree = tempfile::tempdir().unwrap();
        let file = tree.path().join("x/y.c");
        fs::create_dir(tree.path().join("x")).unwrap();
        for (text, expected) in [
            ("one\ntwo\nthree\n", Some(Fit::Applies)),
            ("one\n2\nthree\n", Some(Fit::Contained)),
            ("one\ntwo\nfour\n", None),
        ] {
            fs::write(&file, text).unwrap();

            let fit = PATCH.fit(tree.path()).unwrap();

            let is_refused = matches!(fit, Fit::Refused(_));
            assert!(
                expected.map_or(is_refused, |expected| fit == expected),
                "{text}"
            );
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
        }
    }

    #[test]
    fn patches_with_changed_context_are_refused() {
        let error = patched("one\ntwo\nfour\n").unwrap_err().to_string();

        assert!(
            error.contains("the patch `second-line` does not fit"),
            "{error}"
        );
    }
}
