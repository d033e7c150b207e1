//! The description of a package with a recipe, as one value.

use super::meson;

/// A package with a recipe.
pub(super) struct PackageRecipe {
    /// Its normalized name (PEP 503).
    pub(super) name: &'static str,
    /// The versions (PEP 440) that the recipe supports; "" means any.
    pub(super) versions: &'static str,
    /// The modules of the standard library that its native code imports.
    pub(super) imports: &'static [&'static str],
    pub(super) method: Method,
}

/// How a package is built.
pub(super) enum Method {
    Meson(&'static meson::Package),
    PydanticCore,
}
