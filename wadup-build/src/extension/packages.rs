//! The packages with recipes: the table, and how to build from it.

use super::meson::{self, MesonPackage};
use super::pydantic_core::{self, PydanticCore};
use super::recipes::{Method, PackageRecipe};
use super::{BuildContext, numpy, pandas};
use crate::error::{Error, Result};
use crate::site::{NativePackage, Recipes};
use crate::store::{Artifact, Store};

const ALL: [PackageRecipe; 3] = [numpy::RECIPE, pandas::RECIPE, pydantic_core::RECIPE];

/// All packages with recipes.
pub(crate) const RECIPES: Recipes<'static> = Recipes(&[
    (ALL[0].name, ALL[0].versions),
    (ALL[1].name, ALL[1].versions),
    (ALL[2].name, ALL[2].versions),
]);

/// The recipe of the package with this name.
pub(super) fn of(name: &str) -> Option<&'static PackageRecipe> {
    ALL.iter().find(|recipe| recipe.name == name)
}

impl PackageRecipe {
    /// Builds the package, or finds it in the store; `packages` are all native ones of the guest.
    pub(super) fn build(
        &self,
        package: &NativePackage,
        packages: &[NativePackage],
        context: &BuildContext<'_>,
        store: &Store,
    ) -> Result<Artifact> {
        let Method::Meson(described) = self.method else {
            return store.artifact(&PydanticCore { package, context });
        };
        let numpy = described
            .against_numpy
            .then(|| self::numpy(packages, context, store))
            .transpose()?;
        let tools = store.artifact(&meson::Tools {
            uv: context.uv,
            cython: described.cython,
            build_python: &context.base.build_python,
        })?;
        store.artifact(&MesonPackage {
            described,
            package,
            context,
            cxx: &context.base.toolchain.cxx()?,
            tools: &tools,
            numpy: numpy.as_ref(),
        })
    }
}

/// The guest's NumPy, for packages that are compiled against it.
pub(super) fn numpy(
    packages: &[NativePackage],
    context: &BuildContext<'_>,
    store: &Store,
) -> Result<Artifact> {
    let recipe = &numpy::RECIPE;
    packages
        .iter()
        .find(|package| package.name == recipe.name)
        .ok_or_else(|| Error::missing("the guest's NumPy, to compile against", "require numpy"))
        .and_then(|package| recipe.build(package, packages, context, store))
}
