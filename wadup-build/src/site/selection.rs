//! Selects for each locked package the wheel or the source archive, or reports why neither works.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::distribution::{Distribution, DistributionFile, Distributions};
use super::local::{self, Local};
use super::lock::{self, Basis, Lock, LockPolicy};
use super::recipes::Recipes;
use super::requirements::Pinned;
use super::uv::Uv;
use crate::cpython::Series;
use crate::error::{Error, Result};
use crate::plan::{Plan, UvTables};
use crate::store::Store;

/// The packages of a guest.
#[derive(Debug, Clone)]
pub(crate) struct Resolution {
    /// The file that locks them, which the build watches. `None` without dependencies.
    pub(crate) lock: Option<PathBuf>,
    /// Packages with a wheel that uv installs.
    pub(crate) pure: Vec<PurePackage>,
    /// Packages that are built from source, by a recipe or their own backend.
    pub(crate) native: Vec<NativePackage>,
    /// Local packages, built.
    pub(crate) local: Vec<Local>,
    /// Other files that affect the selection, which the build watches too.
    pub(crate) asked: BTreeSet<PathBuf>,
}

/// A package without native code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PurePackage {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The only file that may be installed.
    pub(crate) file: DistributionFile,
}

/// A package that is built from source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NativePackage {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) sdist: DistributionFile,
    /// "required by pydantic, required by pyproject.toml"
    pub(crate) reason: String,
    /// Whether the index has native wheels.
    pub(crate) has_native_wheels: bool,
}

impl NativePackage {
    /// Its name in errors.
    pub(crate) fn titled(&self) -> String {
        format!("{} {} ({})", self.name, self.version, self.reason)
    }
}

/// Resolves the packages of a plan, or reads them from the lock; `recipes` are the packages with recipes.
///
/// # Errors
/// When uv fails, when the lock is outdated and must not change, and when packages have neither a usable
/// wheel nor a source archive: the error lists all of them and what requires each.
pub(crate) fn resolve(
    store: &Store,
    uv: Uv<'_>,
    plan: &Plan,
    policy: &LockPolicy<'_>,
    recipes: Recipes<'_>,
) -> Result<Resolution> {
    let tables = UvTables::of(plan)?;
    let locals = local::prepare(&tables, policy.spare, uv, store, recipes)?;
    let basis = Basis {
        recipes,
        locals: &locals,
        settings: &tables.settings,
    };
    let lock = lock::obtain(&uv, plan, policy, basis, store.progress())?;
    let (of_machine, of_index): (Vec<Pinned>, Vec<Pinned>) = lock
        .packages
        .iter()
        .cloned()
        .partition(|package| locals.iter().any(|local| local.name == package.name));
    let distributions = if of_index.is_empty() {
        Vec::new()
    } else {
        let artifact = store.artifact(&Distributions {
            uv,
            packages: &of_index,
            settings: &tables.settings,
        })?;
        Distributions::read(&artifact)?
    };
    let asked_in = plan
        .requirements
        .clone()
        .unwrap_or_else(|| plan.pyproject());
    let is_native =
        |name: &str| recipes.contain(name) || plan.native.iter().any(|other| other == name);
    let resolution = select(
        &lock,
        &of_index,
        &distributions,
        &asked_in,
        uv.release.series,
        &is_native,
    )?;
    refuse_unknown_natives(plan, &lock, recipes)?;
    Ok(Resolution {
        local: pinned_locals(&lock, &of_machine, locals)?,
        asked: tables.files,
        ..resolution
    })
}

/// The local packages in the lock, if their hashes match.
fn pinned_locals(lock: &Lock, pinned: &[Pinned], locals: Vec<Local>) -> Result<Vec<Local>> {
    let mut found = Vec::new();
    for local in locals {
        let Some(package) = pinned.iter().find(|package| package.name == local.name) else {
            // A marker excludes it from guests.
            continue;
        };
        if package.hashes != [local.sha256.clone()] {
            let file = lock.file.clone().unwrap_or_default();
            let problem = format!(
                "the hash of `{}` is not that of its files on this machine\n\
                 help: delete the file and build once more",
                local.name
            );
            return Err(Error::configuration(&file, problem));
        }
        found.push(local);
    }
    Ok(found)
}

/// Rejects names in `native` that no package of the guest has, and additions to what has a recipe.
fn refuse_unknown_natives(plan: &Plan, lock: &Lock, recipes: Recipes<'_>) -> Result<()> {
    let is_known = |name: &&String| lock.packages.iter().any(|package| package.name == **name);
    if let Some(name) = plan.overlays.keys().find(|name| recipes.contain(name)) {
        return Err(Error::configuration(
            &plan.pyproject(),
            format!(
                "`native.{name}`: wadup has a recipe for `{name}`, which takes no additions\nhelp: remove the table"
            ),
        ));
    }
    match plan.native.iter().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(name) => Err(Error::configuration(
            &plan.pyproject(),
            format!("`native`: the guest has no package `{name}`"),
        )),
    }
}

/// A pure-Python wheel wins, unless `native` lists the package; packages without one are built from source.
fn select(
    lock: &Lock,
    packages: &[Pinned],
    distributions: &[Distribution],
    asked_in: &Path,
    series: &Series,
    is_native: &dyn Fn(&str) -> bool,
) -> Result<Resolution> {
    let mut resolution = Resolution {
        lock: lock.file.clone(),
        pure: Vec::new(),
        native: Vec::new(),
        local: Vec::new(),
        asked: BTreeSet::new(),
    };
    let mut refused = Vec::new();
    for package in packages {
        let reason = lock.reason(&package.name);
        let distribution = distributions
            .iter()
            .find(|found| found.package == package.name);
        let wheel = distribution
            .and_then(|distribution| distribution.pure_wheel(series))
            .filter(|_| !is_native(&package.name));
        let sdist = distribution.and_then(|found| found.sdist.as_ref());
        if let Some(wheel) = wheel {
            resolution.pure.push(PurePackage {
                name: package.name.clone(),
                version: package.version.clone(),
                file: wheel.clone(),
            });
        } else if let Some(sdist) = sdist {
            resolution.native.push(NativePackage {
                name: package.name.clone(),
                version: package.version.clone(),
                sdist: sdist.clone(),
                reason,
                has_native_wheels: distribution
                    .is_some_and(|distribution| distribution.has_native_wheels(series)),
            });
        } else {
            refused.push(format!(
                "{} has neither a pure-Python wheel nor a source archive",
                titled(package, &reason)
            ));
        }
    }
    if refused.is_empty() {
        Ok(resolution)
    } else {
        Err(Error::configuration(asked_in, refused.join("\n")))
    }
}

fn titled(package: &Pinned, reason: &str) -> String {
    format!("{} {} ({reason})", package.name, package.version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pinned(name: &str, required_by: &str) -> Pinned {
        Pinned {
            name: name.into(),
            version: "1.0".into(),
            hashes: vec!["aa".into()],
            required_by: vec![required_by.into()],
        }
    }

    fn file(name: &str) -> DistributionFile {
        DistributionFile {
            name: name.into(),
            address: format!("https://index/{name}"),
            sha256: format!("hash of {name}"),
        }
    }

    /// Selects a package and its parent; `native` lists only `x-native`.
    fn select_one(package: &str, wheels: &[&str], sdist: Option<&str>) -> Result<Resolution> {
        let lock = Lock {
            file: Some("wadup.lock".into()),
            packages: vec![
                pinned(package, "parent"),
                pinned("parent", "pyproject.toml"),
            ],
        };
        let distributions = [
            Distribution {
                package: package.into(),
                wheels: wheels.iter().map(|name| file(name)).collect(),
                sdist: sdist.map(file),
            },
            Distribution {
                package: "parent".into(),
                wheels: vec![file("parent-1.0-py3-none-any.whl")],
                sdist: None,
            },
        ];
        select(
            &lock,
            &lock.packages,
            &distributions,
            Path::new("pyproject.toml"),
            Series::default(),
            &|name| name == "x-native",
        )
    }

    const WHEELS: [&str; 2] = ["x-1.0-cp313-cp313-win32.whl", "x-1.0-py3-none-any.whl"];

    #[test]
    fn a_pure_wheel_is_preferred_and_only_its_hash_is_allowed() {
        let resolution = select_one("x", &WHEELS, Some("x-1.0.tar.gz")).unwrap();

        assert_eq!(resolution.pure[0].file, file("x-1.0-py3-none-any.whl"));
        assert!(resolution.native.is_empty());
    }

    #[test]
    fn a_package_in_native_is_built_although_it_has_a_pure_wheel() {
        let resolution = select_one("x-native", &WHEELS, Some("x-1.0.tar.gz")).unwrap();

        assert_eq!(resolution.native[0].sdist.name, "x-1.0.tar.gz");
        assert_eq!(resolution.pure.len(), 1);
    }

    #[test]
    fn a_package_with_only_a_source_archive_is_built() {
        let built = &select_one("x", &[], Some("x-1.0.tar.gz")).unwrap().native[0];

        assert!(!built.has_native_wheels);
        assert_eq!(
            built.titled(),
            "x 1.0 (required by parent, required by pyproject.toml)"
        );
    }

    #[test]
    fn a_package_with_native_wheels_is_built_from_source() {
        let built = &select_one("x", &WHEELS[..1], Some("x-1.0.tar.gz"))
            .unwrap()
            .native[0];

        assert!(built.has_native_wheels);
    }

    #[test]
    fn one_error_lists_all_packages_without_a_usable_file() {
        let wheel = |package: &str| Distribution {
            package: package.into(),
            wheels: vec![file(&format!("{package}-1.0-cp313-cp313-win32.whl"))],
            sdist: None,
        };
        let lock = Lock {
            file: Some("wadup.lock".into()),
            packages: ["x", "y"].map(|name| pinned(name, "pyproject.toml")).into(),
        };

        let error = select(
            &lock,
            &lock.packages,
            &["x", "y"].map(wheel),
            Path::new("pyproject.toml"),
            Series::default(),
            &|_| false,
        )
        .unwrap_err()
        .to_string();

        assert_eq!(
            error,
            "pyproject.toml: x 1.0 (required by pyproject.toml) has neither a pure-Python wheel nor a source archive\n\
             y 1.0 (required by pyproject.toml) has neither a pure-Python wheel nor a source archive"
        );
    }
}
