//! Where a new project finds wadup's own crates: in a checkout, because no registry has them.

use std::path::{Path, PathBuf};

/// The folder of a checkout of wadup, absolute.
pub(super) struct Checkout(PathBuf);

impl Checkout {
    /// The checkout that this program was compiled in.
    pub(super) fn of_this_program() -> Result<Self, String> {
        let own = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = own.parent().unwrap_or(own);
        Self::at(root).map_err(|problem| {
            format!("{problem}; this program was built there, so name the checkout's place with `--wadup FOLDER`")
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
                    "`{}` is no checkout of wadup: there is no `{}`",
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
    fn this_program_knows_the_checkout_it_was_built_in() {
        let checkout = Checkout::of_this_program().unwrap();

        assert_eq!(
            checkout.member("cargo-wadup"),
            Path::new(env!("CARGO_MANIFEST_DIR"))
        );
    }

    #[test]
    fn another_folder_is_refused_by_the_file_that_it_lacks() {
        let folder = tempfile::tempdir().unwrap();

        let problem = Checkout::at(folder.path()).err().unwrap();

        assert!(problem.contains("wadup-build/Cargo.toml"), "{problem}");
    }
}
