//! The recipe of an installed local package.

use super::requirement;
use crate::error::{FileContext, Result};
use crate::plan::LocalPackage;
use crate::site::dist_info;
use crate::site::uv::Uv;
use crate::store::{Inputs, Recipe, RecipeDirs, code};
use std::fs;
use std::path::Path;

pub(super) struct Installed<'a> {
    pub(super) uv: Uv<'a>,
    pub(super) package: &'a LocalPackage,
    /// A wheel or a source archive.
    pub(super) archive: &'a Path,
    pub(super) sha256: &'a str,
    /// The settings of uv: some of them reach the package's build backend.
    pub(super) settings: &'a str,
}

impl Recipe for Installed<'_> {
    fn name(&self) -> String {
        format!("local-{}", self.package.name)
    }

    fn inputs(&self) -> Inputs {
        Inputs::of_code(code!["recipe.rs", "files.rs"])
            .with_code("metadata", dist_info::CODE)
            .with("python", self.uv.release.version)
            .with("files", self.sha256)
            .with("settings", self.settings)
    }

    fn step(&self) -> String {
        format!("building the Python package {}", self.package.name)
    }

    fn is_private(&self) -> bool {
        // It is the user's own code.
        true
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let requirements = dirs.scratch.join("local.txt");
        let line = requirement(&self.package.name, self.archive)?;
        fs::write(&requirements, line).on("write", &requirements)?;
        let from = self.package.path.display();
        let name = &self.package.name;
        self.uv
            .install_unpinned(&requirements, dirs.content)
            .log(dirs.log)
            .run()
            .map_err(|error| {
                self.package.refused(format!(
                    "`{name}` could not be built from `{from}`\n{error}"
                ))
            })?;
        let native = dist_info::native_file(dirs.content)?;
        if native.is_some() || !dist_info::is_pure(dirs.content)? {
            return Err(self.package.refused(format!(
                "`{name}` has native code: no pure-Python wheel can be built from `{from}`, and only packages on an index can have native code"
            )));
        }
        dist_info::tidy(dirs.content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_settings_of_uv_build_the_package_again() {
        let package = LocalPackage {
            name: "mine".into(),
            path: "/mine".into(),
            declared_in: "/guest/pyproject.toml".into(),
            line: 1,
        };
        let inputs = |settings| {
            let recipe = Installed {
                uv: Uv::idle(),
                package: &package,
                archive: Path::new("mine.tar.gz"),
                sha256: "aa",
                settings,
            };
            format!("{:?}", recipe.inputs())
        };

        assert_ne!(inputs(""), inputs("config-settings = { fast = \"1\" }\n"));
        assert_eq!(inputs(""), inputs(""));
    }
}
