//! The recipe of the folder with the installed pure-Python packages.

use std::fs;
use std::path::Path;

use super::dist_info;
use super::selection::PurePackage;
use super::uv::Uv;
use crate::error::{Error, FileContext, Result};
use crate::source::Archive;
use crate::store::{Inputs, Recipe, RecipeDirs, code};
use crate::tree;

/// More than any guest can contain: memory ends at 4 GiB, and hosts allow less.
const MOST_FILES: usize = 50_000;
const MOST_BYTES: u64 = 1 << 30;

/// The recipe of the site folder: every pure package with its dist-info.
pub(crate) struct Site<'a> {
    pub(crate) uv: Uv<'a>,
    pub(crate) packages: &'a [PurePackage],
}

impl Recipe for Site<'_> {
    fn name(&self) -> String {
        "site".into()
    }

    fn inputs(&self) -> Inputs {
        self.packages.iter().fold(
            Inputs::of_code(code!["install.rs"])
                .with_code("metadata", dist_info::CODE)
                .with("python", self.uv.release.version),
            |inputs, package| inputs.with(&format!("package {}", package.name), line(package)),
        )
    }

    fn step(&self) -> String {
        format!("installing {} Python packages", self.packages.len())
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let requirements = dirs.scratch.join("wheels.txt");
        let lines: String = self.packages.iter().map(line).collect();
        fs::write(&requirements, lines).on("write", &requirements)?;
        let installing = self
            .uv
            .install_wheels(&requirements, dirs.content)
            .log(dirs.log);
        let wanted: Vec<Archive> = self
            .packages
            .iter()
            .map(|package| package.file.archive())
            .collect();
        self.uv.run(installing, &wanted)?;
        refuse_masses(dirs.content, MOST_FILES, MOST_BYTES)?;
        dist_info::tidy(dirs.content)?;
        match dist_info::native_file(dirs.content)? {
            None => Ok(()),
            Some(file) => Err(Error::malformed(
                &dirs.content.join(file),
                "a wheel with pure-Python tags contains machine code",
            )),
        }
    }
}

/// uv downloads and unpacks in one step. The files of a zip bomb are rejected here and removed with the scratch files.
fn refuse_masses(folder: &Path, most_files: usize, most_bytes: u64) -> Result<()> {
    let files = tree::files(folder)?;
    let mut bytes = 0;
    for file in &files {
        let path = folder.join(file);
        bytes += fs::metadata(&path).on("read", &path)?.len();
    }
    if files.len() <= most_files && bytes <= most_bytes {
        return Ok(());
    }
    let problem = format!(
        "the packages have {} files with {} MiB; the limit for a guest is {most_files} files or {} MiB",
        files.len(),
        bytes >> 20,
        most_bytes >> 20
    );
    Err(Error::malformed(folder, problem))
}

/// The line that allows only the chosen file of a package.
fn line(package: &PurePackage) -> String {
    format!(
        "{}=={} --hash=sha256:{}\n",
        package.name, package.version, package.file.sha256
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::distribution::DistributionFile;

    fn package(version: &str, sha256: &str) -> PurePackage {
        PurePackage {
            name: "six".into(),
            version: version.into(),
            file: DistributionFile {
                name: "six-py3-none-any.whl".into(),
                address: String::new(),
                sha256: sha256.into(),
            },
        }
    }

    #[test]
    fn packages_beyond_the_size_limit_are_rejected() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.py", "b.py"] {
            fs::write(folder.path().join(name), [0; 100]).unwrap();
        }

        assert!(refuse_masses(folder.path(), 2, 200).is_ok());
        for (files, bytes) in [(1, 200), (2, 199)] {
            let error = refuse_masses(folder.path(), files, bytes).unwrap_err();
            assert!(error.to_string().contains("have 2 files"), "{error}");
        }
    }

    #[test]
    fn the_chosen_file_decides_the_artifact() {
        let uv = Uv::idle();
        let inputs = |version, sha256| {
            let packages = [package(version, sha256)];
            format!(
                "{:?}",
                Site {
                    uv,
                    packages: &packages
                }
                .inputs()
            )
        };

        assert_eq!(inputs("1", "aa"), inputs("1", "aa"));
        assert_ne!(inputs("1", "aa"), inputs("2", "aa"));
        assert_ne!(inputs("1", "aa"), inputs("1", "bb"));
    }
}
