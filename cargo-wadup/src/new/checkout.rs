//! The dependencies of a new project on wadup's crates, which are in a checkout, because no registry has them.

use std::path::{Path, PathBuf};

/// The absolute path of a wadup checkout.
pub(super) struct Checkout(PathBuf);

impl Checkout {
    /// The checkout that this program was compiled in.
    pub(super) fn of_this_program() -> Result<Self, String> {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = own.parent().unwrap_or(own);
        Self::at(root).map_err(|problem| {
            format!("{problem}, although this program was built there\nhelp: pass the path of the checkout with `--wadup FOLDER`")
        })
    }

    /// The checkout in a folder.
    pub(super) fn at(folder: &Path) -> Result<Self, String> {
        let checkout = std::path::absolute(folder)
            .map(Self)
            .map_err(|error| format!("`{}`: {error}", folder.display()))?;
        for name in ["wadup-build", "wadup-guest"] {
            let manifest = checkout.member(name).join("Cargo.toml");
            if !manifest.is_file() {
                return Err(format!(
                    "`{}` is not a checkout of wadup: `{}` does not exist",
                    folder.display(),
                    manifest.display()
                ));
            }
        }
        Ok(checkout)
    }

    /// The folder of one of its crates.
    pub(super) fn member(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_checkout_is_the_one_of_this_build() {
        let checkout = Checkout::of_this_program().unwrap();

        assert_eq!(
            checkout.member("cargo-wadup"),
            Path::new(env!("CARGO_MANIFEST_DIR"))
        );
    }

    #[test]
    fn other_folders_are_refused_with_the_missing_file() {
        let folder = tempfile::tempdir().unwrap();

        let problem = Checkout::at(folder.path()).err().unwrap();

        assert!(problem.contains("wadup-build/Cargo.toml"), "{problem}");
    }
}
