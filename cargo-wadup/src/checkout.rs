//! Where this program comes from: a checkout of wadup, or a registry.

use std::path::{Path, PathBuf};

/// The absolute path of a wadup checkout.
#[derive(Debug, PartialEq)]
pub(crate) struct Checkout(PathBuf);

impl Checkout {
    /// The checkout that this program was compiled in, or `None` if it was installed from a registry, which has no folder with
    /// all crates.
    pub(crate) fn of_this_program() -> Option<Self> {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = own.parent().unwrap_or(own);
        Self::at(root).ok()
    }

    /// The checkout in a folder.
    pub(crate) fn at(folder: &Path) -> Result<Self, String> {
        let checkout = std::path::absolute(folder)
            .map(Self)
            .map_err(|error| format!("`{}`: {error}", folder.display()))?;
        for manifest in [
            "Cargo.toml",
            "wadup-build/Cargo.toml",
            "wadup-guest/Cargo.toml",
        ] {
            let manifest = checkout.0.join(manifest);
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
    pub(crate) fn member(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The folder of its workspace.
    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_run_in_a_checkout() {
        let checkout = Checkout::of_this_program().unwrap();

        assert_eq!(
            checkout.member("cargo-wadup"),
            Path::new(env!("CARGO_MANIFEST_DIR"))
        );
    }

    #[test]
    fn other_folders_are_refused_with_the_missing_file() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("Cargo.toml"), "").unwrap();

        let problem = Checkout::at(folder.path()).unwrap_err();

        assert!(problem.contains("wadup-build/Cargo.toml"), "{problem}");
    }
}
