//! Decides for each locked package how the guest gets it, or says why it cannot.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::distribution::{Distribution, DistributionFile, Distributions};
use super::local::{self, Local};
use super::lock::{self, Basis, Lock, LockPolicy};
use super::recipes::Recipes;
use super::requirements::Pinned;
use super::uv::Uv;
use crate::error::{Error, Result};
use crate::plan::{Plan, UvTables};
use crate::store::Store;

/// The packages of a guest.
#[derive(Debug, Clone)]
pub(crate) struct Resolution {
    /// The file that locks them; the build follows its changes. None without dependencies.
    pub(crate) lock: Option<PathBuf>,
    /// Those that uv installs.
    pub(crate) pure: Vec<PurePackage>,
    /// Those that wadup has a recipe for.
    pub(crate) native: Vec<NativePackage>,
    /// Those that lie on this machine, built.
    pub(crate) local: Vec<Local>,
    /// The files of others' that were read to find these, to be followed as well.
    pub(crate) asked: BTreeSet<PathBuf>,
}

/// A package without native code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PurePackage {
    pub(crate) name: String,
    pub(crate) version: String,
    /// The only file that may be installed.
    pub(crate) file: DistributionFile,
    pub(super) form: Form,
    /// "required by pydantic, required by pyproject.toml"
    pub(super) reason: String,
    /// The file that the reason leads to.
    pub(super) asked_in: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Wheel,
    /// The index has nothing but the source; whether it is pure shows once it is built.
    Sdist,
}

/// A package that one of wadup's own recipes builds from its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NativePackage {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) sdist: DistributionFile,
}

/// Resolves, or takes from the lock, the packages of a plan; `recipes` are the packages that are built.
///
/// # Errors
/// When uv fails, when the lock is outdated and must not change, and when packages have native code and no
/// recipe: the error names each of them and what required it.
pub(crate) fn resolve(
    store: &Store,
    uv: Uv<'_>,
    plan: &Plan,
    policy: &LockPolicy<'_>,
    recipes: Recipes<'_>,
) -> Result<Resolution> {
    let tables = UvTables::of(plan)?;
    let locals = local::prepare(&tables.packages, policy.spare, uv, store, recipes)?;
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
    let resolution = select(&lock, &of_index, &distributions, asked_in, recipes)?;
    Ok(Resolution {
        local: pinned_locals(&lock, &of_machine, locals)?,
        asked: tables.files,
        ..resolution
    })
}

/// The packages of this machine that the lock has, where it has them as they are.
fn pinned_locals(lock: &Lock, pinned: &[Pinned], locals: Vec<Local>) -> Result<Vec<Local>> {
    let mut found = Vec::new();
    for local in locals {
        let Some(package) = pinned.iter().find(|package| package.name == local.name) else {
            // A marker keeps it out of guests.
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

fn select(
    lock: &Lock,
    packages: &[Pinned],
    distributions: &[Distribution],
    asked_in: PathBuf,
    recipes: Recipes<'_>,
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
        let wheel = distribution.and_then(Distribution::pure_wheel);
        let sdist = distribution.and_then(|found| found.sdist.as_ref());
        let has_wheels = distribution.is_some_and(|found| !found.wheels.is_empty());
        let pure = |file: &DistributionFile, form| PurePackage {
            name: package.name.clone(),
            version: package.version.clone(),
            file: file.clone(),
            form,
            reason: reason.clone(),
            asked_in: asked_in.clone(),
        };
        if recipes.contain(&package.name) {
            let Some(sdist) = sdist.cloned() else {
                refused.push(format!(
                    "{} offers no source archive to build from",
                    titled(package, &reason)
                ));
                continue;
            };
            resolution.native.push(NativePackage {
                name: package.name.clone(),
                version: package.version.clone(),
                sdist,
            });
        } else if let Some(wheel) = wheel {
            resolution.pure.push(pure(wheel, Form::Wheel));
        } else if let Some(sdist) = sdist.filter(|_| !has_wheels) {
            resolution.pure.push(pure(sdist, Form::Sdist));
        } else {
            refused.push(format!(
                "{} has native code: it offers no pure-Python wheel, and wadup has no recipe for it",
                titled(package, &reason)
            ));
        }
    }
    if refused.is_empty() {
        Ok(resolution)
    } else {
        Err(Error::configuration(&asked_in, refused.join("\n")))
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
            "pyproject.toml".into(),
            Recipes(&[("pydantic-core", "")]),
        )
    }

    #[test]
    fn a_pure_wheel_is_preferred_and_only_its_hash_admitted() {
        let wheels = ["x-1.0-cp313-cp313-win32.whl", "x-1.0-py3-none-any.whl"];

        let chosen = &select_one("x", &wheels, Some("x-1.0.tar.gz")).unwrap().pure[0];

        assert_eq!(chosen.form, Form::Wheel);
        assert_eq!(chosen.file, file("x-1.0-py3-none-any.whl"));
    }

    #[test]
    fn a_package_with_nothing_but_its_source_is_to_be_built() {
        let chosen = &select_one("x", &[], Some("x-1.0.tar.gz")).unwrap().pure[0];

        assert_eq!(chosen.form, Form::Sdist);
    }

    #[test]
    fn a_package_with_a_recipe_is_split_off_with_its_source() {
        let resolution = select_one(
            "pydantic-core",
            &["pydantic_core-1.0-cp313-cp313-win32.whl"],
            Some("pydantic_core-1.0.tar.gz"),
        )
        .unwrap();

        assert_eq!(resolution.native[0].name, "pydantic-core");
        assert_eq!(resolution.native[0].sdist.name, "pydantic_core-1.0.tar.gz");
        assert_eq!(resolution.pure.len(), 1);
    }

    #[test]
    fn all_packages_that_are_refused_are_named_at_once() {
        let wheel = |package: &str| Distribution {
            package: package.into(),
            wheels: vec![file(&format!("{package}-1.0-cp313-cp313-win32.whl"))],
            sdist: None,
        };
        let lock = Lock {
            file: Some("wadup.lock".into()),
            packages: ["pydantic-core", "x", "y"]
                .map(|name| pinned(name, "pyproject.toml"))
                .into(),
        };

        let error = select(
            &lock,
            &lock.packages,
            &["pydantic-core", "x", "y"].map(wheel),
            "pyproject.toml".into(),
            Recipes(&[("pydantic-core", "")]),
        )
        .unwrap_err()
        .to_string();

        for package in ["pydantic-core 1.0", "x 1.0", "y 1.0"] {
            assert!(
                error.contains(&format!("{package} (required by")),
                "{error}"
            );
        }
    }

    #[test]
    fn native_code_without_a_recipe_is_an_error_that_says_where_it_came_from() {
        let error = select_one("x", &["x-1.0-cp313-cp313-win32.whl"], Some("x-1.0.tar.gz"))
            .unwrap_err()
            .to_string();

        assert_eq!(
            error,
            "pyproject.toml: x 1.0 (required by parent, required by pyproject.toml) has native code: it offers \
             no pure-Python wheel, and wadup has no recipe for it"
        );
    }
}
