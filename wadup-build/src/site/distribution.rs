//! Lists the files that the package index has for locked packages: wheels and source archives.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::requirements::Pinned;
use super::uv::Uv;
use crate::cpython::Series;
use crate::error::{Error, FileContext, Result};
use crate::source::Archive;
use crate::store::{Artifact, Inputs, Recipe, RecipeDirs, code};

const FILE: &str = "distributions.json";

/// A file of a package on the index, with a hash from the lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DistributionFile {
    /// The file's name on the index.
    pub(crate) name: String,
    /// Its URL, or its path if the user's index is a folder.
    pub(crate) address: String,
    pub(crate) sha256: String,
}

impl DistributionFile {
    /// Its hash, and where to download it.
    pub(crate) fn archive(&self) -> Archive {
        Archive {
            file: self.name.clone(),
            sha256: self.sha256.clone(),
            urls: vec![self.address.clone()],
        }
    }
}

/// The files of one package at its locked version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Distribution {
    pub(super) package: String,
    pub(super) wheels: Vec<DistributionFile>,
    pub(super) sdist: Option<DistributionFile>,
}

impl Distribution {
    /// The wheel that runs on every platform, if there is one.
    pub(super) fn pure_wheel(&self, series: &Series) -> Option<&DistributionFile> {
        let mut wheels = self.wheels.iter();
        wheels.find(|wheel| is_pure(&wheel.name, series))
    }

    /// Whether there are wheels for specific platforms.
    pub(super) fn has_native_wheels(&self, series: &Series) -> bool {
        let mut wheels = self.wheels.iter();
        wheels.any(|wheel| !is_pure(&wheel.name, series))
    }
}

/// Whether a wheel of this name runs on every platform with the guest's Python.
///
/// The name ends in the tags of PEP 425: `py2.py3-none-any`.
pub(super) fn is_pure(wheel: &str, series: &Series) -> bool {
    let tags: Vec<&str> = wheel.trim_end_matches(".whl").rsplitn(4, '-').collect();
    let [platform, abi, pythons, _] = tags[..] else {
        return false;
    };
    let version = series.name.replace('.', "");
    let ours = [
        "py3".to_owned(),
        format!("py{version}"),
        format!("cp{version}"),
    ];
    let is_ours = |python: &str| ours.iter().any(|tag| tag == python);
    platform == "any" && abi == "none" && pythons.split('.').any(is_ours)
}

/// The recipe of the list of files.
///
/// The store caches the list, so that builds query the index only once. No other place has it, because it contains
/// the index's URLs.
pub(super) struct Distributions<'a> {
    pub(super) uv: Uv<'a>,
    pub(super) packages: &'a [Pinned],
    /// The settings of uv: some of them affect which files it lists.
    pub(super) settings: &'a str,
}

impl Distributions<'_> {
    fn requirements(&self) -> String {
        self.packages
            .iter()
            .map(|package| package.line(&package.hashes))
            .collect()
    }

    pub(super) fn read(artifact: &Artifact) -> Result<Vec<Distribution>> {
        let file = artifact.join(FILE);
        let bytes = fs::read(&file).on("read", &file)?;
        serde_json::from_slice(&bytes).map_err(|error| Error::malformed(&file, error))
    }
}

impl Recipe for Distributions<'_> {
    fn name(&self) -> String {
        "distributions".into()
    }

    fn inputs(&self) -> Inputs {
        // The answer has the addresses of the files in the supplied folder, which may go away with it.
        let supplied = self.uv.supplied.unwrap_or(Path::new(""));
        Inputs::of_code(code!["distribution.rs"])
            .with("requirements", self.requirements())
            .with("settings", self.settings)
            .with("supplied", supplied.display())
    }

    fn step(&self) -> String {
        "asking the package index for the files of the locked packages".into()
    }

    fn is_private(&self) -> bool {
        // It has the addresses of the user's indexes, which may contain passwords.
        true
    }

    fn fill(&self, dirs: &RecipeDirs<'_>) -> Result<()> {
        let requirements = dirs.scratch.join("requirements.txt");
        fs::write(&requirements, self.requirements()).on("write", &requirements)?;
        let output = dirs.scratch.join("pylock.toml");
        let asking = self
            .uv
            .compile(
                &requirements,
                &output,
                "asking the package index for the locked files",
            )
            .args(["--no-deps", "--format", "pylock.toml"])
            .log(dirs.log);
        let wanted: Vec<String> = self.packages.iter().map(wanted).collect();
        self.uv.run(asking, &wanted)?;
        let text = fs::read_to_string(&output).on("read", &output)?;
        let found = parse(&output, &text, self.packages)?;
        let file = dirs.content.join(FILE);
        let text =
            serde_json::to_vec_pretty(&found).map_err(|error| Error::malformed(&file, error))?;
        fs::write(&file, text).on("write", &file)
    }
}

/// Describes the file that a package needs, before its name is known.
fn wanted(package: &Pinned) -> String {
    let Pinned { name, version, .. } = package;
    format!("{name} {version}: its wheel for every platform, or else its source archive")
}

/// The relevant part of a pylock.toml (PEP 751).
#[derive(Deserialize)]
struct Pylock {
    #[serde(default)]
    packages: Vec<PylockPackage>,
}

#[derive(Deserialize)]
struct PylockPackage {
    name: String,
    #[serde(default)]
    wheels: Vec<PylockFile>,
    sdist: Option<PylockFile>,
}

#[derive(Deserialize)]
struct PylockFile {
    name: Option<String>,
    url: Option<String>,
    path: Option<String>,
    hashes: PylockHashes,
}

#[derive(Deserialize)]
struct PylockHashes {
    sha256: Option<String>,
}

/// Parses the files of the packages from a pylock.toml.
pub(super) fn parse(file: &Path, text: &str, packages: &[Pinned]) -> Result<Vec<Distribution>> {
    let pylock: Pylock = toml::from_str(text).map_err(|error| Error::malformed(file, error))?;
    packages
        .iter()
        .map(|package| {
            let found = pylock
                .packages
                .iter()
                .find(|found| found.name == package.name);
            found
                .map(|found| distribution(package, found))
                .filter(|found| found.sdist.is_some() || !found.wheels.is_empty())
                .ok_or_else(|| {
                    Error::malformed(
                        file,
                        format!(
                            "no file of {} {} has a locked hash",
                            package.name, package.version
                        ),
                    )
                })
        })
        .collect()
}

/// The index may offer more files than when the package was locked; only the locked ones count.
fn distribution(package: &Pinned, found: &PylockPackage) -> Distribution {
    let locked = |file: &PylockFile| {
        let sha256 = file.hashes.sha256.clone()?;
        let address = file.url.clone().or_else(|| file.path.clone())?;
        let name = file
            .name
            .as_deref()
            .or_else(|| address.rsplit('/').next())?
            .to_owned();
        package
            .hashes
            .contains(&sha256)
            .then_some(DistributionFile {
                name,
                address,
                sha256,
            })
    };
    let mut wheels: Vec<DistributionFile> = found.wheels.iter().filter_map(locked).collect();
    wheels.sort_unstable_by(|first, second| first.name.cmp(&second.name));
    Distribution {
        package: package.name.clone(),
        wheels,
        sdist: found.sdist.as_ref().and_then(locked),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PYLOCK: &str = r#"
lock-version = "1.0"
[[packages]]
name = "six"
version = "1.17.0"
sdist = { url = "https://index/six-1.17.0.tar.gz", size = 1, hashes = { sha256 = "aa" } }
wheels = [
  { url = "https://index/six-1.17.0-py2.py3-none-any.whl", hashes = { sha256 = "bb" } },
  { url = "https://index/six-1.17.0-cp313-cp313-win32.whl", hashes = { sha256 = "late" } },
]
[[packages]]
name = "local"
version = "1"
wheels = [{ path = "wheels/local-1-py3-none-any.whl", hashes = { sha256 = "cc" } }]
"#;

    #[test]
    fn the_answer_of_a_folder_is_not_that_of_the_index() {
        let inputs = |supplied| {
            let recipe = Distributions {
                uv: Uv {
                    supplied,
                    ..Uv::idle()
                },
                packages: &[pinned("six", &["aa"])],
                settings: "",
            };
            format!("{:?}", recipe.inputs())
        };

        assert_ne!(inputs(None), inputs(Some(Path::new("/media/wheels"))));
    }

    fn pinned(name: &str, hashes: &[&str]) -> Pinned {
        Pinned {
            name: name.into(),
            version: "1.17.0".into(),
            hashes: hashes.iter().map(|hash| (*hash).into()).collect(),
            required_by: Vec::new(),
        }
    }

    fn parsed(packages: &[Pinned]) -> Result<Vec<Distribution>> {
        parse(Path::new("pylock.toml"), PYLOCK, packages)
    }

    #[test]
    fn only_files_with_a_locked_hash_are_listed() {
        let found = parsed(&[pinned("six", &["aa", "bb"]), pinned("local", &["cc"])]).unwrap();

        let names = |distribution: &Distribution| -> Vec<String> {
            distribution
                .wheels
                .iter()
                .map(|wheel| wheel.name.clone())
                .collect()
        };
        assert_eq!(names(&found[0]), ["six-1.17.0-py2.py3-none-any.whl"]);
        assert_eq!(
            found[0].sdist,
            Some(DistributionFile {
                name: "six-1.17.0.tar.gz".into(),
                address: "https://index/six-1.17.0.tar.gz".into(),
                sha256: "aa".into(),
            })
        );
        assert_eq!(
            found[1].wheels[0].address,
            "wheels/local-1-py3-none-any.whl"
        );
    }

    #[test]
    fn a_package_without_any_locked_file_is_an_error() {
        let error = parsed(&[pinned("six", &["ff"])]).unwrap_err().to_string();

        assert!(
            error.contains("no file of six 1.17.0 has a locked hash"),
            "{error}"
        );
    }

    #[test]
    fn a_wheel_is_pure_if_its_tags_say_so() {
        for pure in [
            "six-1.17.0-py2.py3-none-any.whl",
            "x-1-py3-none-any.whl",
            "x-1-1build-cp313-none-any.whl",
        ] {
            assert!(is_pure(pure, Series::default()), "{pure}");
        }
        for native in [
            "x-1-py2-none-any.whl",
            "x-1-py3-none-manylinux_2_17_x86_64.whl",
            "x-1-cp313-cp313-pyemscripten_2025_0_wasm32.whl",
            "x-1-cp313-cp313-any.whl",
            "x.whl",
        ] {
            assert!(!is_pure(native, Series::default()), "{native}");
        }
    }
}
