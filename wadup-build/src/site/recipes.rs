//! The packages that wadup has recipes for, with their versions.

/// Normalized names (PEP 503), each with the versions (PEP 440) that its recipe supports; "" means any.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recipes<'a>(pub(crate) &'a [(&'a str, &'a str)]);

impl Recipes<'_> {
    pub(super) fn contain(self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| *known == name)
    }

    /// The versions as constraints for uv, so that it resolves to one that can be built.
    pub(super) fn constraints(self) -> String {
        self.0
            .iter()
            .map(|(name, versions)| format!("{name}{versions}\n"))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Recipes;

    const RECIPES: Recipes<'_> = Recipes(&[("numpy", ">=2.4,<2.5"), ("pydantic-core", "")]);

    #[test]
    fn each_recipe_constrains_the_version_of_its_package() {
        assert_eq!(RECIPES.constraints(), "numpy>=2.4,<2.5\npydantic-core\n");
    }

    #[test]
    fn a_package_without_a_recipe_is_not_contained() {
        assert!(RECIPES.contain("numpy"));
        assert!(!RECIPES.contain("scipy"));
    }
}
