//! What a recipe of wadup's own says about a package, in one value.

use super::meson;

/// All that is known of a package with a recipe.
pub(super) struct PackageRecipe {
    /// As PEP 503 normalizes it.
    pub(super) name: &'static str,
    /// The versions (PEP 440) that the recipe was made for; "" is any.
    pub(super) versions: &'static str,
    /// What its native code imports of the standard library.
    pub(super) imports: &'static [&'static str],
    pub(super) method: Method,
}

/// How a package is built.
pub(super) enum Method {
    Meson(&'static meson::Package),
    PydanticCore,
}
