//! pandas: all of its modules, compiled against the guest's NumPy.

use super::meson::{Meson, Package};
use super::recipes::{Method, PackageRecipe};
use crate::store::code;

const NAME: &str = "pandas";

/// The modules of the standard library that its C and Cython code imports.
const IMPORTS: [&str; 19] = [
    "_strptime",
    "_thread",
    "cmath",
    "collections",
    "csv",
    "datetime",
    "decimal",
    "enum",
    "locale",
    "math",
    "numbers",
    "operator",
    "re",
    "sys",
    "time",
    "typing",
    "warnings",
    "weakref",
    "zoneinfo",
];

pub(super) const RECIPE: PackageRecipe = PackageRecipe {
    name: NAME,
    versions: ">=2.3.3,<2.4",
    imports: &IMPORTS,
    method: Method::Meson(&Package {
        name: NAME,
        code: code!["pandas.rs"],
        duration: "about eight minutes",
        // That of its own wheels: what later ones make of its classes cannot always be pickled.
        cython: include_str!("pandas/cython.txt"),
        patches: &[],
        // Its templates are unrolled into megabytes at the level 3 of a release.
        options: &["-Doptimization=2"],
        meson: Meson::OfTools,
        before_all: None,
        against_numpy: true,
        accepted: &[],
        for_tests: |_| false,
        finish: |_, _, _| Ok(()),
        finish_inputs: &[],
    }),
};
