//! NumPy: all of its modules, with patches for calls that would otherwise abort a guest.

use std::fs;
use std::path::{Path, PathBuf};

use super::meson::{Accepted, BeforeAll, Meson, Package, Project};
use super::recipes::{Method, PackageRecipe};
use crate::error::{FileContext, Result};
use crate::patch::{Patch, patches};
use crate::store::{Artifact, RecipeDirs, code};
use crate::tree;

const NAME: &str = "numpy";

/// The modules of the standard library that its C and Cython code imports.
const IMPORTS: [&str; 18] = [
    "abc",
    "collections",
    "collections.abc",
    "copy",
    "datetime",
    "gc",
    "io",
    "itertools",
    "math",
    "operator",
    "os",
    "pickle",
    "re",
    "secrets",
    "sys",
    "threading",
    "time",
    "warnings",
];

const PATCHES: [Patch; 4] = patches!["numpy":
    "borrowed-descriptor",
    "dot-of-matrices",
    "sign-of-nan",
    "tiles-of-matrices",
];

/// Without a BLAS for wasm, NumPy uses its bundled LAPACK; there is no dispatch at run time.
const OPTIONS: [&str; 6] = [
    "-Dblas=none",
    "-Dlapack=none",
    "-Dallow-noblas=true",
    "-Dcpu-baseline=none",
    "-Dcpu-dispatch=none",
    "-Ddisable-threading=true",
];

/// What a package that is compiled against NumPy imports during its own build, instead of NumPy.
const FOR_BUILDS: &str = include_str!("numpy/for_builds.py");

const ACCEPTED: [Accepted; 5] = [
    Accepted {
        file: "multiarray/arraytypes.c.src",
        text: "'PyArray_FillWithScalarFunc *'",
        reason: "the functions return nothing where the type says int; NumPy fills arrays by casts, and calls none",
    },
    Accepted {
        file: "multiarray/array_assign_array.c",
        text: "'PyArray_MaskedStridedUnaryOp *'",
        reason: "a masked loop is kept under the type of an unmasked one, and cast back before each call",
    },
    Accepted {
        file: "multiarray/array_assign_scalar.c",
        text: "'PyArray_MaskedStridedUnaryOp *'",
        reason: "a masked loop is kept under the type of an unmasked one, and cast back before each call",
    },
    Accepted {
        file: "multiarray/lowlevel_strided_loops.c.src",
        text: "'PyArray_MaskedStridedUnaryOp *'",
        reason: "a masked loop is kept under the type of an unmasked one, and cast back before each call",
    },
    Accepted {
        file: "multiarray/dtype_transfer.c",
        text: "'PyArrayMethod_StridedLoop *'",
        reason: "a masked loop is kept under the type of an unmasked one, and cast back before each call",
    },
];

/// Beside what every extension has, its artifact holds `development/numpy`, what others are compiled against.
pub(super) const RECIPE: PackageRecipe = PackageRecipe {
    name: NAME,
    versions: ">=2.4,<2.5",
    imports: &IMPORTS,
    method: Method::Meson(&Package {
        name: NAME,
        code: code!["numpy.rs"],
        duration: "about three minutes",
        cython: include_str!("numpy/cython.txt"),
        patches: &PATCHES,
        options: &OPTIONS,
        // Its own meson has a module for processors' features, which the released ones have not.
        meson: Meson::OfSdist("vendored-meson/meson/meson.py"),
        before_all: Some(BeforeAll {
            header: (
                "floating_point_environment.h",
                include_str!("numpy/floating_point_environment.h"),
            ),
            source: (
                "floating_point_environment.c",
                include_str!("numpy/floating_point_environment.c"),
            ),
        }),
        against_numpy: false,
        accepted: &ACCEPTED,
        for_tests: is_for_tests,
        finish,
        finish_inputs: &[FOR_BUILDS],
    }),
};

/// Whether only NumPy's own tests import an extension module.
fn is_for_tests(module: &str) -> bool {
    let name = module.rsplit('.').next().unwrap_or_default();
    // _simd holds NumPy's vector functions, for the tests of each.
    name.ends_with("_tests") || name == "_simd"
}

fn finish(project: &Project<'_>, site: &Path, dirs: &RecipeDirs<'_>) -> Result<()> {
    let configuration = dirs.content.join("python/numpy/__config__.py");
    project.without_private_paths(&configuration, dirs.scratch)?;
    let folder = dirs.content.join("development/numpy");
    tree::copy(&site.join("numpy"), &folder, |file| {
        file.ends_with(".pxd") || file.starts_with("_core/include/") || file == "version.py"
    })?;
    let module = folder.join("__init__.py");
    fs::write(&module, FOR_BUILDS).on("write", &module)
}

/// Where an artifact of [`NumPy`] keeps what other packages are compiled against.
pub(super) fn for_builds(artifact: &Artifact) -> PathBuf {
    artifact.join("development")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_that_only_tests_import_are_recognized_by_name() {
        assert!(!is_for_tests("numpy._core._multiarray_umath"));
        assert!(!is_for_tests("numpy.random._generator"));
        assert!(is_for_tests("numpy._core._rational_tests"));
        assert!(is_for_tests("numpy._core._simd"));
    }
}
